import type { ByteStore } from "../byte-store.js";
import { ComputationError, InputError } from "../errors.js";
import { type LegStore, legStore } from "../free-energy/legs.js";
import { encodePlainData } from "../plain-data.js";
import type { LongWork, Progress } from "../progress.js";
import { type Provenance, readEntry, writeEntry } from "./stage-cache.js";

/** What a stage's function is given besides its inputs. */
export interface StageContext extends Required<LongWork> {
  readonly seed: number;
  readonly engine: string;
  /** Finished legs of this and of earlier runs, where there is a cache: work that was cut short takes up where it stopped. */
  readonly legs?: LegStore | undefined;
}

/** Expensive work of a cell: looked up by content, computed once, cancelled when stale. */
export type Stage = <Inputs extends Readonly<Record<string, unknown>>, Result>(
  name: string,
  inputs: Inputs,
  compute: (inputs: Inputs, context: StageContext) => Result | Promise<Result>,
  options?: StageOptions<Awaited<Result>>,
) => Promise<Awaited<Result>>;

export interface StageOptions<Known = unknown> {
  /** Overrides the seed of the run. */
  readonly seed?: number;
  /** Where there is somebody to ask: computes only when the reader says so, unless the cache has it. */
  readonly onDemand?: boolean;
  /**
   * What the cell shows meanwhile of a result that still grows: called with each `onUpdate` of the function, in the thread of
   * the cells. It stands in the cell until the stage ends, and belongs neither to the key nor to the report.
   */
  readonly show?: (known: Known) => unknown;
}

/** A stage that waits for the reader. */
export interface StageDemand {
  readonly stage: string;
  /** Starts the computation. */
  readonly run: () => void;
}

/** The function of a stage. */
export type Compute = (inputs: never, context: StageContext) => unknown;

/** One served stage, as run.json lists it. */
export interface StageReport {
  readonly provenance: Provenance;
  readonly cached: boolean;
  /** Spent now [ms]: computing, or reading the cache. */
  readonly milliseconds: number;
  /** Spent when it was computed [ms]. */
  readonly computedIn: number;
}

/** What a host offers to stages. */
export interface StageHost {
  readonly store?: ByteStore;
  /** SHA-256 in hexadecimal. */
  readonly hash: (bytes: Uint8Array) => string | Promise<string>;
  readonly seed: number;
  readonly engine: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly onProgress?: (progress: Progress) => void;
  /** Is told of a stage that waits for the reader; without it no stage waits. */
  readonly onDemand?: (demand: StageDemand) => void;
  /** Calls the function of a stage, perhaps in another thread; by default here. */
  readonly execute?: (
    compute: Compute,
    inputs: Readonly<Record<string, unknown>>,
    context: StageContext,
  ) => Promise<unknown>;
  /** Is told what to show for a stage in place of what it showed before; undefined for nothing any more. */
  readonly onShow?: (stage: string, value: unknown) => void;
  readonly now?: () => number;
}

/**
 * The `stage` of one execution of a cell. `signal` aborts when the cell becomes stale; `report` hears of each stage
 * served.
 */
export function createStage(host: StageHost, signal: AbortSignal, report: (stage: StageReport) => void): Stage {
  const now = host.now ?? (() => performance.now());
  return async (name, inputs, compute, options = {}) => {
    checkCall(name, inputs, compute);
    const seed = options.seed ?? host.seed;
    const start = now();
    const provenance = await describe(host, name, inputs, String(compute), seed);
    const hit = host.store && (await readEntry(host.store, provenance.key));
    if (hit) {
      report({ provenance, cached: true, milliseconds: now() - start, computedIn: hit.milliseconds });
      return hit.value as never;
    }
    signal.throwIfAborted();
    if (options.onDemand && host.onDemand) await demanded(host.onDemand, name, signal);
    const computing = now();
    const onProgress = (progress: Progress): void => {
      signal.throwIfAborted();
      host.onProgress?.(partOf(name, progress));
    };
    host.onProgress?.({ task: name, done: 0, total: 1 });
    const onUpdate = (known: unknown): void => {
      if (options.show && !signal.aborted) host.onShow?.(name, shown(name, options.show, known));
    };
    const legs = host.store && legStore(host.store);
    const context: StageContext = { signal, onProgress, onUpdate, seed, engine: host.engine, legs };
    let value: unknown;
    try {
      const work = host.execute ? host.execute(compute as Compute, inputs, context) : compute(inputs, context);
      value = await untilAborted(Promise.resolve(work), signal);
    } finally {
      host.onShow?.(name, undefined);
    }
    signal.throwIfAborted();
    const milliseconds = now() - computing;
    if (host.store) await writeEntry(host.store, { provenance, milliseconds, value });
    host.onProgress?.({ task: name, done: 1, total: 1 });
    report({ provenance, cached: false, milliseconds, computedIn: milliseconds });
    return value as never;
  };
}

/** What a cell shows of a growing result; a drawing that fails must not end the computation. */
function shown(stage: string, show: (known: never) => unknown, known: unknown): unknown {
  try {
    return show(known as never) ?? "";
  } catch (error) {
    return `stage ${stage}: show: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Waits until the reader asks for the stage, or nobody needs it any more. */
function demanded(ask: (demand: StageDemand) => void, stage: string, signal: AbortSignal): Promise<void> {
  return untilAborted(new Promise<void>((run) => ask({ stage, run })), signal);
}

/** A part of a stage under the stage's name: the end of a part is not the end of the stage. */
function partOf(stage: string, { task, done, total, note }: Progress): Progress {
  const parts = [task === stage ? undefined : task, note].filter((text) => text !== undefined);
  return {
    task: stage,
    done: Math.min(done, total * (1 - 1e-6)),
    total,
    ...(parts.length ? { note: parts.join(", ") } : {}),
  };
}

function checkCall(name: unknown, inputs: unknown, compute: unknown): void {
  if (typeof name !== "string" || name === "")
    throw new InputError({ what: "stage", value: name, expected: "a name: stage(name, { inputs }, compute)" });
  if (typeof inputs !== "object" || inputs === null || Array.isArray(inputs))
    throw new InputError({ what: `stage ${name}: inputs`, value: inputs, expected: "a record: { dataset, cutoff }" });
  if (typeof compute !== "function")
    throw new InputError({
      what: `stage ${name}: compute`,
      value: typeof compute,
      expected: "a function of the inputs",
    });
}

/** The key is the content of everything that could change the result; the name is not part of the content. */
async function describe(
  host: StageHost,
  stage: string,
  inputs: Readonly<Record<string, unknown>>,
  compute: string,
  seed: number,
): Promise<Provenance> {
  const keys: Record<string, string> = {};
  for (const name of Object.keys(inputs).sort()) {
    const bytes = encodePlainData(inputs[name], { what: `stage ${stage}: input ${name}`, sortKeys: true });
    keys[name] = await host.hash(bytes);
  }
  const recipe = { inputs: keys, compute, seed, engine: host.engine, versions: host.versions };
  const key = await host.hash(encodePlainData(recipe, { what: `stage ${stage}`, sortKeys: true }));
  return { stage, key, inputs: keys, seed, engine: host.engine, versions: host.versions };
}

/** Gives up on work that ignores its signal: its result would be stale anyway. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const give = (): void => reject(signal.reason ?? new ComputationError({ what: "cancelled" }));
    signal.addEventListener("abort", give, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", give));
  });
}
