import { runTask } from "#host";
import { TASK_DIGEST } from "../build-digest.generated.js";
import { type ByteStore, readPlainData } from "../byte-store.js";
import type { ReplicaBatch } from "../dynamics/replica-batch.js";
import { encodePlainData } from "../plain-data.js";
import type { LongWork } from "../progress.js";

/** Finished legs by key, so that work that was killed takes up where it stopped. */
export interface LegStore {
  /** Runs a leg; a worker does by default. */
  readonly run?: typeof runTask;
  /** Where it runs, where that matters to results. */
  readonly engineOf?: (name: string) => string | undefined;
  /** undefined where there is none. */
  read(key: string): Promise<unknown>;
  write(key: string, value: unknown): Promise<void>;
}

/** Long work that is made of legs. */
export interface LegWork extends LongWork {
  /** Legs found here are not run again. */
  readonly legs?: LegStore | undefined;
}

/** Work of a task that is a leg. */
export interface LegTaskWork extends LongWork {
  /** Its runs go on in engine webgpu, along with those of other legs. */
  readonly batch?: ReplicaBatch | undefined;
}

/** Runs a leg, a task of src/worker.ts, in another thread, unless the store has its result. */
export async function runLeg<Result>(name: string, input: unknown, { legs, ...work }: LegWork = {}): Promise<Result> {
  if (!legs) return runTask<Result>(name, input, work);
  const run = legs.run ?? runTask;
  const engine = legs.engineOf?.(name);
  const key = await legKey(name, engine === undefined ? input : { input, engine });
  const found = await legs.read(key);
  work.signal?.throwIfAborted();
  if (found !== undefined) {
    work.onProgress?.({ task: name, done: 1, total: 1 });
    return found as Result;
  }
  const result = await run<Result>(name, input, work);
  await legs.write(key, result);
  return result;
}

/**
 * SHA-256 (hexadecimal) of all that decides on a leg's result: the task, the content of its input and the sources that
 * workers run.
 */
export async function legKey(name: string, input: unknown): Promise<string> {
  const recipe = encodePlainData({ name, input, build: TASK_DIGEST }, { what: `leg ${name}`, sortKeys: true });
  const digest = await crypto.subtle.digest("SHA-256", recipe as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Legs as plain data in a store of bytes; an entry that cannot be read counts as absent. */
export function legStore(bytes: ByteStore): LegStore {
  return {
    async read(key) {
      const entry = (await readPlainData(bytes, key)) as
        | { readonly leg?: unknown; readonly value?: unknown }
        | undefined;
      return entry?.leg === key ? entry.value : undefined;
    },
    write: (key, value) => bytes.put(key, encodePlainData({ leg: key, value }, { what: "result of a leg" })),
  };
}
