import fs from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
};

/** The plainest host there is: files of a folder under a path of its own, with no headers that a site could wish for. */
export async function serveFolder(
  folder: string,
  under = "/",
  headers: Readonly<Record<string, string>> = {},
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const name = decodeURIComponent(pathname.startsWith(under) ? pathname.slice(under.length) : "\0");
    const file = path.join(folder, name === "" ? "index.html" : name);
    const found = !name.includes("\0") && file.startsWith(folder) && fs.existsSync(file) && fs.statSync(file).isFile();
    if (!found) response.writeHead(404).end();
    else {
      response.writeHead(200, {
        "Content-Type": TYPES[path.extname(file)] ?? "application/octet-stream",
        ...headers,
      });
      fs.createReadStream(file).pipe(response);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}${under}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
