import { legStore } from "../free-energy/legs.js";
import type { Order } from "../host/messages.js";
import { serveTasks } from "../host/serve-tasks.js";
import type { StageContext } from "../notebook/stage.js";
import { indexedStore, STORE_NAME } from "./indexed-store.js";
import type { PageModules } from "./page-notebook.js";
import { computeStage, type StageOrder } from "./stage-work.js";

/** The whole of a page's stage worker: computes stages that the page sends as text. */
export function serveStages(modules: PageModules): void {
  const legs = legStore(indexedStore(STORE_NAME));
  const tasks = {
    stage: (order: StageOrder, work: Pick<StageContext, "signal" | "onProgress" | "onUpdate">) =>
      computeStage(order, modules, { ...work, legs }),
  };
  const answer = serveTasks(tasks as never, (report) => self.postMessage(report));
  self.addEventListener("message", (event: MessageEvent<Order>) => void answer(event.data));
}
