import { parentPort } from "node:worker_threads";
import type { Order } from "./host/messages.js";
import { serveTasks } from "./host/serve-tasks.js";
import { limitThreads } from "./host/thread-share.js";
import { tasks } from "./worker.js";

// As many workers as processors: none of them may take more than one.
limitThreads(1);
const answer = serveTasks(tasks, (report) => parentPort?.postMessage(report));
parentPort?.on("message", (order: Order) => void answer(order));
