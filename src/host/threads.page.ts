import { type StartThread, type ThreadReport, watchThread } from "./thread-messages.js";

/** Why threads of the engine cannot be had in this page; undefined where they can. */
export function threadsProblem(): string | undefined {
  if (typeof SharedArrayBuffer !== "function" || !crossOriginIsolated)
    return "this page is not cross-origin isolated (headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp)";
  return typeof Worker === "function" ? undefined : "this browser starts no workers from workers";
}

/** True where the calling thread may sleep in Atomics.wait: in a worker, not in the main thread of a page. */
export const maySleep = (): boolean => typeof document === "undefined";

export const startThread: StartThread = (order, onDeath) => {
  const worker = new Worker(new URL("./thread-entry.page.js", import.meta.url), { type: "module" });
  const started = watchThread(
    // Nobody but this page can end its workers.
    { terminate: () => worker.terminate(), isAlive: () => true },
    (onReport, onEnd) => {
      worker.addEventListener("message", (event: MessageEvent<ThreadReport>) => onReport(event.data));
      worker.addEventListener("error", (event) => onEnd(event.message || "the worker could not be started"));
    },
    onDeath,
  );
  worker.postMessage(order);
  return started;
};
