import path from "node:path";
import { BUILD_DIGEST } from "../build-digest.generated.js";
import { forgivingStore } from "../byte-store.js";
import { ComputationError, didYouMean, InputError } from "../errors.js";
import type { LongWork } from "../progress.js";
import { type CompiledCell, cellLabel, type Notebook } from "./cell.js";
import { checkTypes, compileNotebook } from "./compile-notebook.node.js";
import { sha256 } from "./digest.node.js";
import { diskStore } from "./disk-store.node.js";
import { type CellState, NotebookGraph } from "./graph.js";
import type { NotebookDocument } from "./html-notebook.js";
import { nodeHost } from "./node-host.node.js";
import { projectFolder, realFolder } from "./project-folder.node.js";

export interface RunNotebookOptions extends LongWork {
  /** `--set`: values of inputs, as text. */
  readonly settings?: ReadonlyMap<string, string>;
  readonly seed?: number;
  readonly engine?: string;
  /** Folder of cached stages; none are kept when absent. */
  readonly cacheFolder?: string;
  /** Type-checks the cells before they run; default true. */
  readonly typeCheck?: boolean;
  /** Folders besides the notebook's project that attachments and local imports may come from. */
  readonly readable?: readonly string[];
  /** Cells may import modules of Node. */
  readonly nodeModules?: boolean;
  /** Is told in one line what goes wrong without ending the run. */
  readonly warn?: (line: string) => void;
  /** The version of this package. */
  readonly version: string;
  /** What `import ... from "phasecell"` gives to cells. */
  readonly library: () => Promise<unknown>;
}

/** A notebook that has run to its end without an error. */
export interface NotebookRun {
  readonly notebook: Notebook;
  readonly document: NotebookDocument;
  readonly graph: NotebookGraph;
  /** In the order of the file. */
  readonly cells: readonly CellState[];
  readonly seed: number;
  readonly engine: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly milliseconds: number;
}

/** Runs a notebook without a browser; the first failing cell ends it with a complaint that names the cell. */
export async function runNotebook(file: string, options: RunNotebookOptions): Promise<NotebookRun> {
  const start = performance.now();
  const store =
    options.cacheFolder === undefined
      ? undefined
      : forgivingStore(diskStore(options.cacheFolder), ({ message }) =>
          options.warn?.(`cache ${options.cacheFolder}: ${message}; results are not kept`),
        );
  const { notebook, document, cells: compiled } = await compileNotebook(file);
  const folder = path.dirname(path.resolve(file));
  const { builtins, importModule } = nodeHost(folder, options.library, {
    readable: [projectFolder(folder), ...(options.readable ?? []).map(realFolder)],
    nodeModules: options.nodeModules ?? false,
  });
  checkSettings(compiled, options.settings);
  if (options.typeCheck !== false) await checkTypes(compiled, file, store);
  const { seed = 0, engine = "wasm", signal, onProgress } = options;
  const versions = { phasecell: options.version, build: BUILD_DIGEST };
  const graph = new NotebookGraph({
    builtins,
    importModule,
    stageHost: {
      hash: sha256,
      seed,
      engine,
      versions,
      ...(store ? { store } : {}),
      ...(onProgress ? { onProgress } : {}),
    },
    ...(options.settings ? { settings: options.settings } : {}),
  });
  const cells = compiled.map((cell) => graph.define(cell));
  await settledOrAborted(graph, signal);
  const failed = rootFailure(cells);
  if (failed) throw complaintOf(failed);
  return { notebook, document, graph, cells, seed, engine, versions, milliseconds: performance.now() - start };
}

function checkSettings(cells: readonly CompiledCell[], settings: ReadonlyMap<string, string> | undefined): void {
  const inputs = cells.flatMap(({ views }) => views);
  for (const name of settings?.keys() ?? []) {
    if (inputs.includes(name)) continue;
    const meant = didYouMean(name, inputs);
    throw new InputError({
      what: "--set",
      value: name,
      expected: inputs.length
        ? `an input of the notebook: ${inputs.join(", ")}`
        : "no settings: the notebook has no inputs",
      ...(meant ? { attempt: meant } : {}),
    });
  }
}

async function settledOrAborted(graph: NotebookGraph, signal: AbortSignal | undefined): Promise<void> {
  const stop = (): void => graph.abort(signal?.reason);
  signal?.addEventListener("abort", stop, { once: true });
  try {
    await graph.settled();
  } finally {
    signal?.removeEventListener("abort", stop);
  }
  signal?.throwIfAborted();
}

/** The cell that failed of its own accord: the runtime gives dependents a RuntimeError that names their input. */
function rootFailure(cells: readonly CellState[]): CellState | undefined {
  const failed = cells.filter(({ state }) => state === "rejected");
  return failed.find(({ error }) => (error as Error | undefined)?.constructor?.name !== "RuntimeError") ?? failed[0];
}

function complaintOf({ compiled, error }: CellState): Error {
  const place = cellLabel(compiled.cell);
  const Kind = error instanceof InputError ? InputError : ComputationError;
  const complaint =
    error instanceof InputError || error instanceof ComputationError
      ? { ...error.complaint, what: `${place}: ${error.complaint.what}` }
      : { what: `${place}: ${error instanceof Error ? error.message : String(error)}` };
  return new Kind(complaint, { cause: error });
}
