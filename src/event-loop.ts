let channel: MessageChannel | undefined;
const waiting: (() => void)[] = [];

/** Lets the event loop run once: cancellation, progress and pages stay alive between two pieces of long work. */
export function yieldToEvents(): Promise<void> {
  return new Promise((resolve) => {
    // setTimeout waits at least a millisecond, in pages four: setImmediate is Node's, a message to oneself the page's.
    if (typeof setImmediate === "function") setImmediate(resolve);
    else {
      waiting.push(resolve);
      channel ??= openChannel();
      channel.port2.postMessage(undefined);
    }
  });
}

/** Long work without promises, in pieces of some milliseconds. */
export type InPieces<Result> = Generator<undefined, Result>;

/** All pieces at once. */
export function atOnce<Result>(pieces: InPieces<Result>): Result {
  for (;;) {
    const { done, value } = pieces.next();
    if (done) return value;
  }
}

/** Milliseconds of work between two turns of the event loop. */
const TURN = 10;

/** Gives the event loop its turns between pieces; throws the reason of a signal that was aborted. */
export async function inTurns<Result>(pieces: InPieces<Result>, signal?: AbortSignal): Promise<Result> {
  let turn = performance.now();
  for (;;) {
    const { done, value } = pieces.next();
    if (done) return value;
    if (performance.now() - turn < TURN) continue;
    await yieldToEvents();
    signal?.throwIfAborted();
    turn = performance.now();
  }
}

function openChannel(): MessageChannel {
  const opened = new MessageChannel();
  opened.port1.onmessage = () => waiting.shift()?.();
  return opened;
}
