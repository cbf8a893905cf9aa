import type { Order } from "./host/messages.js";
import { serveTasks } from "./host/serve-tasks.js";
import { limitThreads } from "./host/thread-share.js";
import { tasks } from "./worker.js";

// As many workers as processors: none of them may take more than one.
limitThreads(1);
const answer = serveTasks(tasks, (report) => self.postMessage(report));
self.addEventListener("message", (event: MessageEvent<Order>) => void answer(event.data));
