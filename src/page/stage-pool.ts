import type { Order, Report } from "../host/messages.js";
import { createTaskPool } from "../host/task-pool.js";
import type { StageHost } from "../notebook/stage.js";
import type { PageNotebook } from "./page-notebook.js";
import type { StageOrder } from "./stage-work.js";

/** Computes stages in workers, so that the page stays alive; `notebook` gives the cells in force. */
export function stageExecutor(
  start: () => Worker,
  notebook: () => Pick<PageNotebook, "cells" | "imports" | "modules">,
): NonNullable<StageHost["execute"]> {
  const { run } = createTaskPool(Math.max(2, navigator.hardwareConcurrency || 1), (onReport, onDeath) => {
    const worker = start();
    worker.addEventListener("message", (event: MessageEvent<Report>) => onReport(event.data));
    worker.addEventListener("error", (event) => {
      worker.terminate();
      onDeath(new Error(event.message || "the worker could not be started"));
    });
    return {
      post: (order: Order) => worker.postMessage(order),
      terminate: () => worker.terminate(),
      keepAlive: () => {},
    };
  });
  return async (compute, inputs, context) => {
    const { signal, onProgress, onUpdate, seed, engine } = context;
    const text = String(compute);
    const { cells, imports, modules } = notebook();
    // A function that no cell wrote (an export of a library, a bound one) cannot be sent as text.
    if (!cells.some(({ body }) => body.includes(text))) return compute(inputs as never, context);
    const order: StageOrder = { text, inputs, imports, modules, seed, engine };
    return run("stage", order, { signal, onProgress, onUpdate });
  };
}
