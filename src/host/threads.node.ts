import { Worker } from "node:worker_threads";
import { type StartThread, type ThreadReport, watchThread } from "./thread-messages.js";

/** Why threads of the engine cannot be had here; undefined where they can. */
export function threadsProblem(): string | undefined {
  return typeof SharedArrayBuffer === "function" ? undefined : "this Node has no SharedArrayBuffer";
}

/** True where the calling thread may sleep in Atomics.wait. */
export const maySleep = (): boolean => true;

/** Threads run built JavaScript, also when this module itself runs from its TypeScript source (in tests). */
const entry = new URL("../../dist/host/thread-entry.node.js", import.meta.url);

export const startThread: StartThread = async (order, onDeath) => {
  const worker = new Worker(entry, { execArgv: [], workerData: order });
  let ended = false;
  // What Node tells of a worker without events: -1 once it has stopped, if it was asked before.
  const idleTime = (): number => worker.performance.eventLoopUtilization().idle;
  const thread = await watchThread(
    {
      terminate() {
        worker.removeAllListeners();
        void worker.terminate();
      },
      isAlive: () => !ended && idleTime() >= 0,
    },
    (onReport, onEnd) => {
      worker.on("message", (report: ThreadReport) => onReport(report));
      worker.on("error", (error) => onEnd(error.message));
      worker.on("exit", (code) => {
        ended = true;
        onEnd(`ended with exit code ${code}`);
      });
    },
    onDeath,
  );
  idleTime();
  worker.unref();
  return thread;
};
