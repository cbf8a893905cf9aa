import type { Order } from "./host/messages.js";
import { serveTasks } from "./host/serve-tasks.js";
import { tasks } from "./worker.js";

const answer = serveTasks(tasks, (report) => self.postMessage(report));
self.addEventListener("message", (event: MessageEvent<Order>) => void answer(event.data));
