import { parentPort, workerData } from "node:worker_threads";
import { serveThread, type ThreadOrder } from "./thread-messages.js";

serveThread(workerData as ThreadOrder, (report) => parentPort?.postMessage(report));
