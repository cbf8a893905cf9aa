import { parentPort } from "node:worker_threads";
import type { Order } from "./host/messages.js";
import { serveTasks } from "./host/serve-tasks.js";
import { tasks } from "./worker.js";

const answer = serveTasks(tasks, (report) => parentPort?.postMessage(report));
parentPort?.on("message", (order: Order) => void answer(order));
