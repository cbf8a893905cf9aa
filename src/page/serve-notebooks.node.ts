import { watch } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { ComputationError, InputError } from "../errors.js";
import type { CompiledCell } from "../notebook/cell.js";
import { typeComplaint } from "../notebook/compile-notebook.node.js";
import type { CellDiagnostic } from "../notebook/type-check.node.js";
import { buildPageApp, type PageApp } from "./build-app.node.js";
import { type CompiledPage, compilePage } from "./compile-page.node.js";
import { indexDocument } from "./index-page.node.js";
import type { EditNews } from "./live-edit.js";
import { compilePages, modulesOf, type SiteOptions } from "./site.node.js";
import { homeOf, notebookDocument } from "./site-page.js";

export interface PreviewOptions extends SiteOptions {
  /** 0 takes a free one. */
  readonly port: number;
}

export interface PreviewServer {
  readonly url: string;
  close(): Promise<void>;
}

/** A notebook as it is served now. */
interface Served {
  page: CompiledPage;
  readonly path: string;
  edits: number;
  /** Kept between edits: only what changed is checked anew. */
  checker?: (cells: readonly CompiledCell[]) => CellDiagnostic[];
}

/** Milliseconds without another edit before types are checked. */
const CHECK_DELAY = 200;

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
  ".woff": "font/woff",
};

/** Shared memory, and with it threads, is given to pages with these headers only. */
const HEADERS = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cache-Control": "no-store",
  "X-Content-Type-Options": "nosniff",
};

/** Serves notebooks to this machine only; when a file changes, its open pages run the cells that changed. */
export async function serveNotebooks(files: readonly string[], options: PreviewOptions): Promise<PreviewServer> {
  const compiled = await compilePages(files, options);
  const pages = new Map(compiled.map((page, i) => [page.notebook.file, { page, path: files[i]!, edits: 0 } as Served]));
  const cacheFolder = path.join(options.cacheFolder, "app");
  const bundle = (): Promise<PageApp> =>
    buildPageApp({ modules: modulesOf([...pages.values()].map(({ page }) => page)), cacheFolder });
  let app = await bundle();
  const listeners = new Map<string, Set<ServerResponse>>();
  const tell = (file: string, news: EditNews): void => {
    for (const response of listeners.get(file) ?? []) response.write(`data: ${JSON.stringify(news)}\n\n`);
  };

  const changed = async (file: string): Promise<void> => {
    const known = pages.get(file)!;
    known.edits++;
    const edit = known.edits;
    try {
      const page = await compilePage(known.path, { ...options, typeCheck: false });
      const isNew = [...page.modules.keys()].some((key) => !known.page.modules.has(key));
      known.page = page;
      if (isNew) {
        app = await bundle();
        tell(file, { kind: "reload" });
        return;
      }
      tell(file, { kind: "notebook", notebook: page.notebook });
      // Cells run meanwhile: the compiler takes its time, and its complaint is shown beside them.
      await new Promise((resolve) => setTimeout(resolve, CHECK_DELAY));
      if (edit !== known.edits) return;
      known.checker ??= await openChecker(known.path);
      const complaint = typeComplaint(known.checker(page.notebook.cells));
      if (complaint) throw complaint;
    } catch (error) {
      if (!(error instanceof InputError || error instanceof ComputationError)) throw error;
      tell(file, { kind: "complaint", text: error.message });
    }
  };
  const watchers = [...pages].map(([file, { path: place }]) => watchFile(place, () => void changed(file)));

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    const name = decodeURIComponent(pathname.slice(1)) || "index.html";
    const send = (body: string | Uint8Array, type: string): void => {
      response.writeHead(200, { ...HEADERS, "Content-Type": type }).end(body);
    };
    if (name === "edits") {
      listen(listeners, searchParams.get("file") ?? "", request, response);
      return;
    }
    if (name === "index.html") {
      const notebooks = [...pages.values()].map(({ page }) => page.notebook);
      send(await indexDocument(notebooks, { ...app, root: options.root }), TYPES[".html"]!);
      return;
    }
    const known = pages.get(name);
    if (known) {
      const home = homeOf(name);
      send(notebookDocument(known.page.notebook, { ...app, home, edits: `${home}edits` }), TYPES[".html"]!);
      return;
    }
    const place = placeOf(
      name,
      app,
      [...pages.values()].map(({ page }) => page),
      options.root,
    );
    if (place) send(await readFile(place), TYPES[path.extname(place)] ?? "application/octet-stream");
    else response.writeHead(404, HEADERS).end(`no ${name} here`);
  };

  const server = createServer((request, response) => {
    if (!isLocalHost(request.headers.host))
      response.writeHead(403, HEADERS).end("this server is for this machine only");
    else
      answer(request, response).catch((error: unknown) => {
        if (!response.headersSent) response.writeHead(500, HEADERS);
        response.end(error instanceof Error ? error.message : String(error));
      });
  });
  const port = await listenOn(server, options.port);
  return {
    url: `http://localhost:${port}/`,
    async close() {
      for (const stop of watchers) stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function openChecker(file: string): Promise<NonNullable<Served["checker"]>> {
  const { CellTypeChecker } = await import("../notebook/type-check.node.js");
  const checker = new CellTypeChecker(path.dirname(path.resolve(file)));
  let known: number[] = [];
  return (cells) => {
    const ids = cells.map(({ cell }) => cell.id);
    for (const id of known) if (!ids.includes(id)) checker.remove(id);
    known = ids;
    for (const cell of cells) checker.set(cell);
    return checker.diagnostics();
  };
}

/** A file that a page may ask for: of the program, or one that a notebook attaches. */
function placeOf(name: string, app: PageApp, pages: readonly CompiledPage[], root: string): string | undefined {
  if (name.startsWith("app/")) {
    const file = name.slice("app/".length);
    return file.includes("..") || file.includes("\\") ? undefined : path.join(app.folder, file);
  }
  return pages.some(({ attachments }) => attachments.includes(name)) ? path.join(root, name) : undefined;
}

/** A foreign page that makes its name point here must not read what is served. */
const isLocalHost = (host: string | undefined): boolean => /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host ?? "");

function listen(
  listeners: Map<string, Set<ServerResponse>>,
  file: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  response.writeHead(200, { ...HEADERS, "Content-Type": "text/event-stream" });
  response.write("retry: 1000\n\n");
  const all = listeners.get(file) ?? new Set();
  listeners.set(file, all.add(response));
  request.on("close", () => all.delete(response));
}

/** Calls back when a file was written; the folder is watched, because editors replace files. */
function watchFile(file: string, onChange: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(path.dirname(file), (_, name) => {
    if (name !== null && name !== path.basename(file)) return;
    clearTimeout(timer);
    timer = setTimeout(onChange, 60);
  });
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}

function listenOn(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "EADDRINUSE"
          ? new InputError({ what: "--port", value: port, expected: "a port that is free", attempt: "--port 0" })
          : error,
      ),
    );
    server.listen(port, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}
