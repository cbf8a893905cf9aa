import { ComputationError, InputError } from "../errors.js";
import type { LongWork } from "../progress.js";
import type { LabeledStructure } from "../structure/labeled-structure.js";
import type { Structure } from "../structure/structure.js";
import { isLasting, type LabelCache, type Labeler, type LabelOutcome, labelKey } from "./label.js";

export interface LabelingOptions extends LongWork {
  readonly cache?: LabelCache;
  /** Structures at a time; one by default. Memory and cores are the caller's to know. */
  readonly parallel?: number;
  /** Called as each outcome is known, from the cache or fresh, in order of completion. */
  readonly onOutcome?: (index: number, outcome: LabelOutcome, cached: boolean) => void;
}

/**
 * Labels structures with a pool of parallel runs, in the order given. What the cache holds is not run again; a fresh
 * outcome is stored before the next run of its lane starts, so a killed job resumes where it was.
 */
export async function labelStructures(
  structures: readonly Structure[],
  labeler: Labeler,
  { cache, parallel = 1, signal, onProgress, onOutcome }: LabelingOptions = {},
): Promise<LabelOutcome[]> {
  if (!Number.isInteger(parallel) || parallel < 1)
    throw new InputError({ what: "parallel", value: parallel, expected: "a whole number of at least 1" });
  const outcomes = new Array<LabelOutcome>(structures.length);
  const started = performance.now();
  let [next, done, fresh] = [0, 0, 0];

  const report = (): void => {
    const left = fresh === 0 ? undefined : ((performance.now() - started) / 1000 / fresh) * (structures.length - done);
    onProgress?.({
      task: `labels, ${labeler.name}`,
      done,
      total: structures.length,
      note: `${fresh} computed, ${done - fresh} from cache${left === undefined ? "" : `, ${minutes(left)} left`}`,
    });
  };

  const labelOne = async (index: number): Promise<void> => {
    const structure = structures[index]!;
    const key = cache && (await labelKey(labeler.fingerprint(structure)));
    const held = key && (await cache.get(key));
    const outcome = held || (await labeler.label(structure, all));
    if (!held) fresh++;
    if (!held && key && isLasting(outcome)) await cache.set(key, outcome);
    outcomes[index] = outcome;
    done++;
    onOutcome?.(index, outcome, Boolean(held));
    report();
  };

  // One lane that fails for good, or is aborted, stops the others; none is left running behind the caller's back.
  const stop = new AbortController();
  const all = stop.signal;
  const forward = (): void => stop.abort(signal?.reason);
  if (signal?.aborted) forward();
  signal?.addEventListener("abort", forward, { once: true });
  const lane = async (): Promise<void> => {
    try {
      while (next < structures.length) {
        all.throwIfAborted();
        await labelOne(next++);
      }
    } catch (error) {
      stop.abort(error);
      throw error;
    }
  };
  await Promise.allSettled(Array.from({ length: Math.min(parallel, structures.length) }, lane));
  signal?.removeEventListener("abort", forward);
  all.throwIfAborted();
  return outcomes;
}

const minutes = (seconds: number): string =>
  seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;

/** Joins a structure with its label; a failed outcome becomes a ComputationError that says which and why. */
export function toLabeled(
  structure: Structure,
  outcome: LabelOutcome,
  group: string,
  source: string,
): LabeledStructure {
  if (outcome.status === "failed")
    throw new ComputationError({
      what: `label of ${source}`,
      value: `${outcome.reason}: ${outcome.message}`,
      expected: "a converged run",
      attempt: "more k-points, wider smearing or a gentler structure",
    });
  return { structure, ...outcome.label, group, provenance: { source, code: outcome.code } };
}
