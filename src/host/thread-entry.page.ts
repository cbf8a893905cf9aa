import { serveThread, type ThreadOrder } from "./thread-messages.js";

self.addEventListener("message", (event: MessageEvent<ThreadOrder>) =>
  serveThread(event.data, (report) => self.postMessage(report)),
);
