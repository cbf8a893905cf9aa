import type { Order, Report } from "./messages.js";
import { createTaskPool } from "./task-pool.js";

export { openGpu } from "./gpu.page.js";
export { allowRelaxedSimd } from "./relaxed-simd.page.js";
export { symmetryModule } from "./symmetry-module.page.js";
export { maySleep, startThread, threadsProblem } from "./threads.page.js";

/** Threads that this machine can run at once. */
export const concurrency = (): number => navigator.hardwareConcurrency || 1;

const pool = createTaskPool(concurrency(), startWorker);

/** Runs a task of src/worker.ts in a Web Worker; input and result are plain data. */
export const runTask = pool.run;

/** Starts up to so many workers while the caller is still making their tasks: each takes some 50 ms. */
export const prepareWorkers = pool.prepare;

function startWorker(
  onReport: (report: Report) => void,
  onDeath: (error: unknown) => void,
): ReturnType<Parameters<typeof createTaskPool>[1]> {
  const worker = new Worker(new URL("../worker-entry.page.js", import.meta.url), { type: "module" });
  worker.addEventListener("message", (event: MessageEvent<Report>) => onReport(event.data));
  worker.addEventListener("error", (event) => {
    worker.terminate();
    onDeath(new Error(event.message));
  });
  return {
    post: (order: Order) => worker.postMessage(order),
    terminate: () => worker.terminate(),
    keepAlive: () => {},
  };
}
