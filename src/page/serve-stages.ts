import type { Order } from "../host/messages.js";
import { serveTasks } from "../host/serve-tasks.js";
import type { StageContext } from "../notebook/stage.js";
import type { PageModules } from "./page-notebook.js";
import { computeStage, type StageOrder } from "./stage-work.js";

/** The whole of a page's stage worker: computes stages that the page sends as text. */
export function serveStages(modules: PageModules): void {
  const tasks = {
    stage: (order: StageOrder, work: Pick<StageContext, "signal" | "onProgress">) => computeStage(order, modules, work),
  };
  const answer = serveTasks(tasks as never, (report) => self.postMessage(report));
  self.addEventListener("message", (event: MessageEvent<Order>) => void answer(event.data));
}
