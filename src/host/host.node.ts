import os from "node:os";
import { Worker } from "node:worker_threads";
import type { Report } from "./messages.js";
import { createTaskPool } from "./task-pool.js";

export { openGpu } from "./gpu.node.js";
export { allowRelaxedSimd } from "./relaxed-simd.node.js";
export { symmetryModule } from "./symmetry-module.node.js";
export { maySleep, startThread, threadsProblem } from "./threads.node.js";

/** Threads that this machine can run at once. */
export const concurrency = (): number => os.availableParallelism();

const pool = createTaskPool(concurrency(), startWorker);

/**
 * Runs a task of src/worker.ts in another thread; input and result are plain data. Progress and errors come back as if
 * the task ran here.
 */
export const runTask = pool.run;

/** Starts up to so many workers while the caller is still making their tasks: each takes some 50 ms. */
export const prepareWorkers = pool.prepare;

/** Workers run built JavaScript, joined into few files, also when this module itself runs from its source (in tests). */
const entry = new URL("../../dist/programs/worker-entry.node.js", import.meta.url);

function startWorker(
  onReport: (report: Report) => void,
  onDeath: (error: unknown) => void,
): ReturnType<Parameters<typeof createTaskPool>[1]> {
  const worker = new Worker(entry, { execArgv: [] });
  worker.on("message", onReport);
  worker.on("error", onDeath);
  worker.on("exit", (code) => onDeath(new Error(`ended with exit code ${code}`)));
  return {
    post: (order) => worker.postMessage(order),
    terminate: () => {
      worker.removeAllListeners();
      void worker.terminate();
    },
    keepAlive: (busy) => (busy ? worker.ref() : worker.unref()),
  };
}
