import { AsyncLocalStorage } from "node:async_hooks";
import { inspect } from "node:util";
import { parentPort, workerData } from "node:worker_threads";
import { BUILD_DIGEST } from "../../build-digest.generated.js";
import { forgivingStore } from "../../byte-store.js";
import { sha256 } from "../digest.node.js";
import { diskStore } from "../disk-store.node.js";
import { type CellRun, type CellState, NotebookGraph, PrintedText } from "../graph.js";
import { provenanceOf } from "../lineage.js";
import { nodeHost } from "../node-host.node.js";
import type {
  CellFailure,
  CellReport,
  ExecutorEvent,
  ExecutorRequest,
  ExecutorSetup,
  OutputPart,
} from "./executor-protocol.js";
import { md, tex } from "./markdown.js";
import { renderPart } from "./render-part.js";

/** The thread in which cells run: it may be busy or stuck while the kernel's own thread answers. */

/** Between two reports about one cell [ms]: front ends redraw no faster. */
const REPORT_EVERY = 100;
/** Characters that one run may print; after a flood the middle is left out. */
const MOST_PRINTED = 100_000;

const { flag, folder, cacheFolder, settings, version, library } = workerData as ExecutorSetup;
const send = (event: ExecutorEvent): void => parentPort!.postMessage(event);

const present = new AsyncLocalStorage<CellRun>();
const { builtins, importModule } = nodeHost(folder, () => import(library));
const graph = new NotebookGraph({
  builtins: { ...builtins, md, tex },
  importModule,
  stageHost: {
    hash: sha256,
    seed: 0,
    engine: "wasm",
    versions: { phasecell: version, build: BUILD_DIGEST },
    store: forgivingStore(diskStore(cacheFolder), ({ message }) =>
      process.stderr.write(`phasecell: cache ${cacheFolder}: ${message}; results are not kept\n`),
    ),
  },
  settings: new Map(settings),
  waitForDemand: true,
  around: (run, call) => present.run(run, call),
  check: () => {
    if (Atomics.load(flag, 0) !== 0) throw interruption();
  },
  onChange: (state) => reporterOf(state).changed(),
});

class Interruption extends Error {
  override readonly name = "Interrupted";
}
const interruption = (): Error => new Interruption("interrupted");

/** Sends what a cell shows, at most ten times a second and at rest. */
class Reporter {
  #last = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;
  #dirty = false;
  readonly #parts = new WeakMap<object, ReturnType<typeof renderPart>>();

  constructor(readonly state: CellState) {}

  changed(): void {
    this.#dirty = true;
    // A cell that computes without a pause keeps no timer: what it prints goes out at once, if it is only text.
    if (performance.now() - this.#last > REPORT_EVERY && this.#sendText()) return;
    this.#timer ??= setTimeout(() => void this.flush(), REPORT_EVERY);
  }

  /** Resolves when everything shown so far has been sent. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#dirty) {
      this.#dirty = false;
      this.#sending = Promise.all(this.state.items.map((item) => this.#render(item))).then((parts) =>
        this.#send(parts),
      );
      await this.#sending;
    }
    await this.#sending;
  }

  #sendText(): boolean {
    const parts = this.state.items.map((item) => this.#render(item));
    const textOnly = parts.length > 0 && parts.every((part) => part && "kind" in part && part.kind !== "control");
    if (!textOnly || this.state.state !== "running") return false;
    this.#dirty = false;
    this.#send(parts as OutputPart[]);
    return true;
  }

  #send(parts: readonly (OutputPart | undefined)[]): void {
    this.#last = performance.now();
    if (graph.cells.get(this.state.compiled.cell.id) !== this.state) return;
    const { compiled, state, error, progress, demands } = this.state;
    const report: CellReport = {
      id: compiled.cell.id,
      run: runNumber(this.state.items),
      state,
      parts: parts.filter((part) => part !== undefined),
      progress: [...progress.values()],
      waiting: demands.map(({ stage }) => stage),
      ...(state === "rejected" ? { failure: failureOf(error) } : {}),
    };
    send({ kind: "cell", report });
  }

  /** Figures are drawn once; a picture that cannot be made is an error in its place. */
  #render(item: unknown): ReturnType<typeof renderPart> {
    const known = typeof item === "object" && item !== null && !(item instanceof PrintedText) && this.#parts.get(item);
    if (known) return known;
    const { id } = this.state.compiled.cell;
    let part: ReturnType<typeof renderPart>;
    try {
      part = renderPart(item, { state: this.state, provenance: provenanceOf(graph, id), inspect: inspectValue });
    } catch (error) {
      part = failedPart(error);
    }
    if (part instanceof Promise) part = part.catch(failedPart);
    const final = this.state.state === "fulfilled" || [...this.state.growing.values()].includes(item);
    if (typeof item === "object" && item !== null && final) this.#parts.set(item, part);
    return part;
  }
}

const runs = new WeakMap<unknown[], number>();
let latestRun = 0;
/** A run is known by the list of what it shows. */
function runNumber(items: unknown[]): number {
  const number = runs.get(items) ?? ++latestRun;
  runs.set(items, number);
  return number;
}

const inspectValue = (value: unknown): string =>
  inspect(value, { maxArrayLength: 20, maxStringLength: 2000, depth: 4 });

const failedPart = (error: unknown): OutputPart => ({
  kind: "printed",
  stream: "stderr",
  text: `${error instanceof Error ? error.message : String(error)}\n`,
});

const reporters = new WeakMap<CellState, Reporter>();
function reporterOf(state: CellState): Reporter {
  const reporter = reporters.get(state) ?? new Reporter(state);
  reporters.set(state, reporter);
  return reporter;
}

function failureOf(error: unknown): CellFailure {
  if (!(error instanceof Error)) return { name: "Error", message: inspectValue(error) };
  const own = (error as { failure?: CellFailure }).failure;
  if (own) return own;
  const input = (error as { input?: unknown }).input;
  return {
    name: error.name,
    message: error.message,
    ...(error.stack && !(error instanceof Interruption) ? { stack: error.stack } : {}),
    ...(typeof input === "string" && error.constructor.name === "RuntimeError" ? { input } : {}),
  };
}

/** A cell that must not run throws its failure, so that what needs it fails with it. */
const THROW = (failure: CellFailure): string =>
  `(() => { throw Object.assign(new Error(), { failure: ${JSON.stringify(failure)} }); })`;

function handle(request: ExecutorRequest): void {
  switch (request.kind) {
    case "apply":
      for (const change of request.changes) {
        if (change.kind === "remove") graph.remove(change.id);
        else if (!change.failure) graph.define(change.compiled);
        else graph.define({ ...change.compiled, inputs: [], autodisplay: false, body: THROW(change.failure) });
      }
      break;
    case "settle":
      void settle(request.token, request.demanded);
      break;
    case "input":
      setInput(request.name, request.value);
      break;
    case "interrupt":
      graph.abort(interruption());
      Atomics.store(flag, 0, 0);
      send({ kind: "interrupted" });
  }
}

async function settle(token: number, demanded: number | undefined): Promise<void> {
  do {
    for (const demand of graph.cells.get(demanded ?? Number.NaN)?.demands ?? []) demand.run();
    await graph.settled();
  } while (graph.cells.get(demanded ?? Number.NaN)?.demands.length);
  await Promise.all([...graph.cells.values()].map((state) => reporterOf(state).flush()));
  send({ kind: "settled", token });
}

function setInput(name: string, value: unknown): void {
  const known = graph.controls.get(name);
  // The cell that shows the input may have gone while the reader moved it.
  if (!known) return;
  const { values } = known.control;
  const chosen = values && (Array.isArray(value) ? value.map((k: number) => values[k]) : values[value as number]);
  const given = values ? chosen : value;
  // Front ends send values back that nobody moved.
  if (!Object.is(given, known.value)) graph.setInput(name, given);
}

for (const stream of ["stdout", "stderr"] as const)
  process[stream].write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
    const text = typeof chunk === "string" ? chunk : new TextDecoder().decode(chunk);
    const run = present.getStore();
    if (run) print(run, stream, text);
    else send({ kind: "printed", stream, text });
    const done = rest.find((one) => typeof one === "function") as (() => void) | undefined;
    done?.();
    return true;
  }) as typeof process.stdout.write;

/** Text of a run that was replaced or interrupted is nobody's. */
function print({ cell, items, signal }: CellRun, stream: "stdout" | "stderr", text: string): void {
  if (cell.items !== items || signal.aborted) return;
  const last = items.at(-1);
  if (last instanceof PrintedText && last.stream === stream) last.text = shortened(last.text + text);
  else items.push(new PrintedText(stream, shortened(text)));
  reporterOf(cell).changed();
}

function shortened(text: string): string {
  if (text.length <= MOST_PRINTED) return text;
  const half = MOST_PRINTED / 2;
  return `${text.slice(0, half - 40)}\n... (much more was printed) ...\n${text.slice(-half + 40)}`;
}

// A promise that a cell left alone must not end the kernel.
process.on("unhandledRejection", (error) => process.stderr.write(`${inspectValue(error)}\n`));
process.on("uncaughtException", (error) => process.stderr.write(`${inspectValue(error)}\n`));
parentPort!.on("message", handle);
send({ kind: "ready" });
// What nearly every notebook imports and draws with is loaded while the kernel's own thread still loads its compiler.
for (const name of ["phasecell", "vega", "vega-lite"]) importModule(name).catch(() => undefined);
