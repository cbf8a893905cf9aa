import "./frames.js";
import { forgivingStore } from "../byte-store.js";
import { InputError } from "../errors.js";
import { type CellState, NotebookGraph } from "../notebook/graph.js";
import { Inputs } from "../notebook/input-control.js";
import { html, md, tex } from "../notebook/markup.js";
import { collectResults } from "../notebook/results.js";
import { type CellView, cellView } from "./cell-view.js";
import { indexedStore, STORE_NAME } from "./indexed-store.js";
import { followEdits } from "./live-edit.js";
import { DATA_ELEMENT, type PageCell, type PageModules, type PageNotebook } from "./page-notebook.js";
import { stageExecutor } from "./stage-pool.js";
import { statusBar } from "./status-bar.js";

/** What the build puts into a page. */
export interface PageParts {
  readonly modules: PageModules;
  readonly startStageWorker: () => Worker;
  readonly startLiveWorker: () => Worker;
}

/** What a page shows to scripts, as `phasecell` on its window. */
export interface OpenPage {
  readonly graph: NotebookGraph;
  /** Inputs and values, as results.json holds them. */
  results(): ReturnType<typeof collectResults>;
  /** Resolves when nothing runs and everything is drawn. */
  settled(): Promise<void>;
}

/** Opens the notebook that lies in the document: cells run, and again when what they read changes. */
export async function startPage({ modules, startStageWorker, startLiveWorker }: PageParts): Promise<void> {
  await (window as { readonly isolation?: Promise<void> }).isolation;
  let notebook = JSON.parse(document.getElementById(DATA_ELEMENT)!.textContent!) as PageNotebook;
  const main = document.querySelector("main")!;
  const parameters = new URLSearchParams(location.search);
  const store = indexedStore(STORE_NAME);
  const views = new Map<number, CellView>();
  const drawings = new Set<Promise<void>>();
  const seed = Math.abs(Number.parseInt(parameters.get("seed") ?? "0", 10)) || 0;

  const importModule = (specifier: string): Promise<unknown> => {
    const load = modules[notebook.modules[specifier] ?? specifier];
    if (!load)
      throw new InputError({ what: "import", value: specifier, expected: "a module that this page was built with" });
    return load();
  };
  const graph = new NotebookGraph({
    builtins: { Inputs, md, tex, html, htl: { html }, FileAttachment: attachment },
    importModule,
    settings: new Map(parameters),
    waitForDemand: true,
    stageHost: {
      hash: sha256,
      seed,
      engine: "wasm",
      versions: { phasecell: notebook.version, build: notebook.build },
      store: forgivingStore(store, (problem) => bar.notKept(problem)),
      execute: stageExecutor(startStageWorker, () => notebook),
    },
    onChange: (state) => show(state),
  });
  const show = (state: CellState): void => {
    bar.update(graph);
    const view = views.get(state.compiled.cell.id);
    if (!view) return;
    const drawing = view.update(state).finally(() => drawings.delete(drawing));
    drawings.add(drawing);
  };
  const define = (cell: PageCell): void => {
    graph.define(cell);
    bar.update(graph);
  };
  const bar = statusBar(store, main.dataset.home ?? "./", () =>
    graph.abort(new InputError({ what: "stopped by the reader" })),
  );
  document.body.prepend(bar.element);
  const mount = (cell: PageCell): HTMLElement => {
    views.get(cell.cell.id)?.dispose();
    const view = cellView(cell, { graph: () => graph, rerun: define, startLiveWorker });
    views.set(cell.cell.id, view);
    return view.element;
  };
  main.replaceChildren(...notebook.cells.map(mount));
  for (const cell of notebook.cells) define(cell);

  followEdits(notebook, (next) => {
    const before = new Map(notebook.cells.map((cell) => [cell.cell.id, cell]));
    const kept = new Set(next.cells.map((cell) => cell.cell.id));
    const changed = next.cells.filter((cell) => {
      const old = before.get(cell.cell.id);
      return !old || old.body !== cell.body || old.code !== cell.code;
    });
    notebook = next;
    document.title = next.title;
    for (const id of before.keys()) {
      if (kept.has(id)) continue;
      graph.remove(id);
      views.get(id)?.dispose();
      views.delete(id);
    }
    for (const cell of changed) mount(cell);
    main.replaceChildren(...next.cells.map((cell) => views.get(cell.cell.id)!.element));
    for (const cell of changed) define(cell);
  });

  const page: OpenPage = {
    graph,
    results: () => collectResults(graph),
    async settled() {
      await graph.settled();
      while (drawings.size) await Promise.all(drawings);
    },
  };
  Object.assign(window, { phasecell: page });
}

/** SHA-256 in hexadecimal; browsers offer it to https and to this machine only. */
async function sha256(bytes: Uint8Array): Promise<string> {
  if (!globalThis.isSecureContext)
    throw new InputError({ what: "address", value: location.origin, expected: "https, or a server on this machine" });
  const digest = await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Data files lie on the site where they lie in the project. */
function attachment(name: string) {
  const load = async (): Promise<Response> => {
    const response = await fetch(new URL(name, document.baseURI));
    if (!response.ok)
      throw new InputError({
        what: "FileAttachment",
        value: name,
        expected: `a file of this site, found ${response.status}`,
      });
    return response;
  };
  return {
    name: name.replace(/^.*\//, ""),
    text: async () => (await load()).text(),
    json: async () => (await load()).json() as Promise<unknown>,
    arrayBuffer: async () => (await load()).arrayBuffer(),
  };
}
