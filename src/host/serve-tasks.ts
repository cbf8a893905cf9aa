import { ComputationError } from "../errors.js";
import { type Order, type Report, type Task, toFailure } from "./messages.js";

/** Milliseconds between two reports of progress that are sent on. */
const REPORT_INTERVAL = 50;

/** Answers orders inside a worker: returns the function to call with each. */
export function serveTasks(
  tasks: Readonly<Record<string, Task>>,
  post: (report: Report) => void,
): (order: Order) => Promise<void> {
  const running = new Map<number, AbortController>();
  return async (order) => {
    if (order.kind === "abort") {
      running.get(order.id)?.abort();
      return;
    }
    const { id, name, input } = order;
    const controller = new AbortController();
    running.set(id, controller);
    let last = Number.NEGATIVE_INFINITY;
    try {
      const task = Object.hasOwn(tasks, name) ? tasks[name] : undefined;
      if (!task)
        throw new ComputationError({ what: "task", value: name, expected: `one of ${Object.keys(tasks).join(", ")}` });
      const value = await task(input as never, {
        signal: controller.signal,
        onProgress(progress) {
          const now = performance.now();
          if (now - last < REPORT_INTERVAL && progress.done < progress.total) return;
          last = now;
          post({ kind: "progress", id, progress });
        },
        onUpdate: (known) => post({ kind: "update", id, value: known }),
      });
      post({ kind: "done", id, value });
    } catch (error) {
      post({ kind: "failed", id, failure: toFailure(error) });
    } finally {
      running.delete(id);
    }
  };
}
