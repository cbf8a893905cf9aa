import type { Progress } from "../progress.js";
import type { TextSink } from "./command.js";

export interface ProgressBarsOptions {
  /** True on a terminal: one line is redrawn; false: plain lines now and then, as in a log. */
  readonly live: boolean;
  /** Clock [ms]. */
  readonly now?: () => number;
}

export interface ProgressBars {
  readonly onProgress: (progress: Progress) => void;
  /** Ends a half-drawn line, before other text is written. */
  clear(): void;
}

interface Bar {
  /** When the task began [ms]. */
  readonly begin: number;
  /** Where its present part began: the rate is taken from there. */
  part: { readonly start: number; readonly first: number; readonly total: number; readonly restored: number };
  done: number;
  drawn: number;
}

const LIVE_INTERVAL = 100;
const LOG_INTERVAL = 10_000;

/** Progress bars with time left, one per task, on a terminal or in a log. */
export function progressBars(
  sink: TextSink,
  { live, now = () => performance.now() }: ProgressBarsOptions,
): ProgressBars {
  const bars = new Map<string, Bar>();
  let open = false;
  const clear = (): void => {
    if (open) sink.write("\r\x1b[K");
    open = false;
  };
  return {
    clear,
    onProgress(progress) {
      const time = now();
      const finished = progress.done >= progress.total;
      const known = bars.get(progress.task);
      const { done: first, total, restored = 0 } = progress;
      const part = { start: time, first, total, restored };
      const bar = known ?? { begin: time, part, done: progress.done, drawn: live ? Number.NEGATIVE_INFINITY : time };
      if (total !== bar.part.total || restored !== bar.part.restored || first < bar.done) bar.part = part;
      bar.done = progress.done;
      if (finished) bars.delete(progress.task);
      else bars.set(progress.task, bar);
      if (!finished && time - bar.drawn < (live ? LIVE_INTERVAL : LOG_INTERVAL)) return;
      bar.drawn = time;
      const line = finished
        ? formatProgress(progress, time - bar.begin)
        : formatProgress(progress, time - bar.part.start, bar.part.first);
      if (live) sink.write(`\r\x1b[K${line}`);
      else sink.write(`${line}\n`);
      open = live;
      if (live && finished) {
        sink.write("\n");
        open = false;
      }
    },
  };
}

/** `fit SNAP        [########------------]  40%  0:12 left  note`, or the time taken when it is done. */
export function formatProgress({ task, done, total, note }: Progress, elapsed: number, first = 0): string {
  const fraction = total > 0 ? Math.min(1, done / total) : 1;
  const filled = Math.round(20 * fraction);
  const bar = `[${"#".repeat(filled)}${"-".repeat(20 - filled)}]`;
  const rate = (done - first) / elapsed;
  const time =
    fraction >= 1
      ? `${formatDuration(elapsed)} taken`
      : rate > 0
        ? `${formatDuration((total - done) / rate)} left`
        : "";
  return `${task.padEnd(36)} ${bar} ${String(Math.floor(100 * fraction)).padStart(3)}%  ${time}${note ? `  ${note}` : ""}`.trimEnd();
}

/** `0:07`, `12:40`, `1:02:03` for milliseconds. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const two = (value: number): string => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
