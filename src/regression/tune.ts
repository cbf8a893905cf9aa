import { createBispectrum } from "../descriptors/bispectrum.js";
import { logarithm } from "../math/elementary.js";
import type { LongWork, Progress } from "../progress.js";
import type { LabeledStructure } from "../structure/labeled-structure.js";
import { type CrossValidation, openCrossValidation } from "./cross-validation.js";
import { assignFolds, byGroup } from "./dataset.js";
import { createDesignMatrix, designBytes } from "./design-matrix.js";
import type { ErrorTable } from "./metrics.js";
import { bispectrumOf, type SnapModel } from "./model.js";
import type { Trial } from "./recipe.js";
import type { TuningGrid } from "./tuning-grid.js";
import type { QuantityWeights } from "./weights.js";

/** Steps of the last, local search: the cutoff relative to itself, and rfac0. */
const STEP = { cutoff: 0.04, rfac0: 0.05 };
const MOST_STEPS = 4;
/** Bytes of a design matrix that a search may hold. */
const MEMORY = 1.5e9;

/**
 * The figure that tuning minimizes: the sum of the logarithms of the mean absolute errors, so that no unit or scale
 * matters. Energies count one and a half times (a few meV/atom decide between phases), stresses a tenth.
 */
export function tuningScore({ energy, forces, stress }: ErrorTable): number {
  const part = (mae: number | undefined, share: number): number =>
    mae === undefined ? 0 : share * logarithm(Math.max(mae, 1e-12));
  return part(energy?.mae, 1.5) + part(forces?.mae, 1) + part(stress?.mae, 0.1);
}

/** A part of the data with about `atoms` atoms: evenly spaced structures of every group. */
export function thinDataset(structures: readonly LabeledStructure[], atoms: number): LabeledStructure[] {
  const total = structures.reduce((sum, { structure }) => sum + structure.numbers.length, 0);
  if (total <= atoms) return [...structures];
  const share = atoms / total;
  return [...byGroup(structures).values()].flatMap((members) => {
    const kept = Math.max(1, Math.round(share * members.length));
    return Array.from({ length: kept }, (_, k) => members[Math.floor(((k + 0.5) * members.length) / kept)]!);
  });
}

export interface TuneOptions {
  readonly seed: number;
  /** See `designRows`. */
  readonly withoutConstants: boolean;
}

/**
 * Chooses cutoff, rfac0, weights of energies and stresses, and ridge by k-fold cross-validation on the given structures
 * only. Every pair of cutoff and rfac0 costs one pass over the structures: first all cutoffs, then all rfac0 at the two
 * best cutoffs (or at all), then steps from the best pair to better neighbors. Weights and ridges are searched at each pair, from
 * where the last search ended, and once more at the best pair with all structures if a part of them served so far. The same seed and data give the same choice.
 */
export async function tuneSnap(
  model: SnapModel,
  structures: readonly LabeledStructure[],
  relative: (part: readonly LabeledStructure[]) => readonly QuantityWeights[],
  grid: TuningGrid,
  { seed, withoutConstants, signal, onProgress }: LongWork & TuneOptions,
): Promise<{ readonly best: Trial; readonly trials: readonly Trial[] }> {
  const room = MEMORY / bytesPerAtom(model, structures);
  let part = thinDataset(structures, Math.min(grid.atoms, room));
  const stop = signal ? { signal } : {};
  const trials: Trial[] = [];
  const looked = new Map<string, Trial>();
  const steps = grid.refineCutoff || grid.refineRfac0 ? 4 * MOST_STEPS : 0;
  const total = grid.cutoff.length + (grid.everyPair ? grid.cutoff.length : 2) * (grid.rfac0.length - 1) + steps;
  let start = { energy: Math.floor(grid.energyWeight.length / 2), stress: Math.floor(grid.stressWeight.length / 2) };
  let best: Trial | undefined;

  const look = async (cutoff: number, rfac0: number): Promise<Trial> => {
    const key = `${cutoff.toFixed(2)} A, rfac0 ${rfac0}`;
    const before = looked.get(key);
    if (before) return before;
    const task = `tuning: cutoff ${key}`;
    const done = looked.size;
    const onPass = (p: Progress) => onProgress?.({ task, done: done + (0.7 * p.done) / p.total, total });
    const descriptor = createBispectrum({ ...bispectrumOf(model, cutoff), rfac0 });
    const fold = assignFolds(part, Math.max(2, Math.min(grid.folds, part.length)), seed);
    const matrix = await createDesignMatrix(descriptor, part, { ...stop, withoutConstants, onProgress: onPass });
    const validation = await openCrossValidation(matrix, fold, relative(part), stop);
    const found = await searchWeights(validation, { cutoff, rfac0 }, grid, start, stop);
    start = found.at;
    trials.push(...found.trials);
    looked.set(key, found.best);
    if (best === undefined || found.best.score < best.score) best = found.best;
    onProgress?.({ task, done: done + 1, total, note: `score ${found.best.score.toFixed(3)}` });
    return found.best;
  };

  const first: Trial[] = [];
  for (const cutoff of grid.cutoff) first.push(await look(cutoff, grid.rfac0[0]!));
  const promising = grid.everyPair ? first : first.sort((a, b) => a.score - b.score).slice(0, 2);
  for (const { cutoff } of promising) for (const rfac0 of grid.rfac0.slice(1)) await look(cutoff, rfac0);
  for (let step = 0; step < (steps > 0 ? MOST_STEPS : 0); step++) {
    const { cutoff, rfac0, score } = best!;
    for (const sign of grid.refineCutoff ? [1, -1] : [])
      await look(Number((cutoff * (1 + sign * STEP.cutoff)).toFixed(2)), rfac0);
    for (const sign of grid.refineRfac0 ? [1, -1] : []) {
      const next = Number((rfac0 + sign * STEP.rfac0).toFixed(5));
      if (next <= 1) await look(best!.cutoff, next);
    }
    if (best!.score === score) break;
  }
  const { cutoff, rfac0 } = best!;
  const whole = thinDataset(structures, room);
  if (whole.length > part.length) {
    part = whole;
    looked.clear();
    best = await look(cutoff, rfac0);
  }
  return { best: best!, trials };
}

function bytesPerAtom(model: SnapModel, structures: readonly LabeledStructure[]): number {
  const atoms = structures.reduce((sum, { structure }) => sum + structure.numbers.length, 0);
  return designBytes(createBispectrum(bispectrumOf(model, 10)), structures) / atoms;
}

interface WeightIndices {
  readonly energy: number;
  readonly stress: number;
}

/** Walks the grid of energy and stress weights from `start` to ever better neighbors; all ridges at every point. */
async function searchWeights(
  validation: CrossValidation,
  descriptor: { readonly cutoff: number; readonly rfac0: number },
  { energyWeight, stressWeight, ridge }: TuningGrid,
  start: WeightIndices,
  work: LongWork,
): Promise<{ readonly best: Trial; readonly trials: readonly Trial[]; readonly at: WeightIndices }> {
  const known = new Map<string, Trial>();
  const look = async ({ energy, stress }: WeightIndices): Promise<Trial | undefined> => {
    const weights = { energy: energyWeight[energy], forces: 1, stress: stressWeight[stress] };
    if (weights.energy === undefined || weights.stress === undefined) return undefined;
    const key = `${energy} ${stress}`;
    const before = known.get(key);
    if (before) return before;
    const fits = await validation.validate(weights as QuantityWeights, ridge, work);
    const trials = fits.map((fit) => ({
      ...descriptor,
      energyWeight: weights.energy!,
      stressWeight: weights.stress!,
      ridge: fit.ridge,
      score: tuningScore(fit.errors),
      errors: fit.errors,
    }));
    const least = trials.reduce((a, b) => (b.score < a.score ? b : a));
    known.set(key, least);
    return least;
  };
  let at = start;
  let best = (await look(at))!;
  for (let improved = true; improved; ) {
    improved = false;
    for (const [e, s] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ] as const) {
      const next = { energy: at.energy + e, stress: at.stress + s };
      const trial = await look(next);
      if (trial === undefined || trial.score >= best.score) continue;
      best = trial;
      at = next;
      improved = true;
    }
  }
  return { best, trials: [...known.values()], at };
}
