import { createBispectrum } from "../descriptors/bispectrum.js";
import type { LongWork, Progress } from "../progress.js";
import type { LabeledStructure } from "../structure/labeled-structure.js";
import { type CrossValidation, openCrossValidation } from "./cross-validation.js";
import { assignFolds, byGroup } from "./dataset.js";
import { createDesignMatrix, designBytes } from "./design-matrix.js";
import type { ErrorTable } from "./metrics.js";
import { bispectrumOf, type SnapModel } from "./model.js";
import type { Trial, TuneSpec } from "./recipe.js";
import { nearestDistances } from "./reference.js";
import { DEFAULT_WEIGHTS, type QuantityWeights } from "./weights.js";

/** What tuning may change; a list of one value is a value that stays. */
export interface TuningGrid {
  /** A. */
  readonly cutoff: readonly number[];
  /** Values around the best cutoff are tried too. */
  readonly refineCutoff: boolean;
  /** Part of the 3-sphere that neighbors fill; see BispectrumSpec. The first is where the search starts. */
  readonly rfac0: readonly number[];
  readonly refineRfac0: boolean;
  readonly energyWeight: readonly number[];
  readonly stressWeight: readonly number[];
  readonly ridge: readonly number[];
  readonly folds: number;
  /** Atoms of the data that take part. */
  readonly atoms: number;
}

/** Cutoffs in units of the typical nearest distance: from between the first and second shell to the third. */
const CUTOFFS = [1.45, 1.6, 1.75, 1.9, 2.05, 2.2, 2.35];
const RFAC0 = [0.9, 0.99363, 0.8, 0.7, 0.6];
const DEFAULT_CUTOFF = 1.9;
const DEFAULT_RFAC0 = 0.99363;
const DEFAULT_RIDGE = 1e-8;
/** Steps of the last, local search: the cutoff relative to itself, and rfac0. */
const STEP = { cutoff: 0.04, rfac0: 0.05 };
const MOST_STEPS = 4;
const ENERGY_WEIGHTS = [150, 200, 300, 400, 600];
const STRESS_WEIGHTS = [0.03, 0.1, 0.3];
const RIDGES = [1e-10, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4];
const ATOMS = 12000;
/** Bytes of a design matrix that a search may hold. */
const MEMORY = 1.5e9;

/** What a recipe fixes. */
export interface FixedSettings {
  readonly cutoff?: number | undefined;
  readonly rfac0?: number | undefined;
  readonly ridge?: number | undefined;
  /** Weights are given: only factors asked for by the search apply to them. */
  readonly weights: boolean;
}

/** Fills what a recipe leaves to the search; with `tune` false, every list has one value. */
export function toTuningGrid(
  tune: boolean | TuneSpec,
  structures: readonly LabeledStructure[],
  fixed: FixedSettings,
): TuningGrid {
  const spec = typeof tune === "object" ? tune : {};
  const { cutoff, rfac0, energyWeight, stressWeight, ridge, folds = 5, atoms = ATOMS } = spec;
  const ratios = tune === false ? [DEFAULT_CUTOFF] : CUTOFFS;
  const choose = (asked: readonly number[] | undefined, searched: readonly number[], single: number) =>
    asked ?? (fixed.weights ? [1] : tune === false ? [single] : searched);
  return {
    cutoff: cutoff ?? (fixed.cutoff === undefined ? defaultCutoffs(structures, ratios) : [fixed.cutoff]),
    refineCutoff: cutoff === undefined && fixed.cutoff === undefined && tune !== false,
    rfac0: rfac0 ?? (fixed.rfac0 === undefined ? (tune === false ? [DEFAULT_RFAC0] : RFAC0) : [fixed.rfac0]),
    refineRfac0: rfac0 === undefined && fixed.rfac0 === undefined && tune !== false,
    energyWeight: choose(energyWeight, ENERGY_WEIGHTS, DEFAULT_WEIGHTS.energy),
    stressWeight: structures.some(({ stress }) => stress)
      ? choose(stressWeight, STRESS_WEIGHTS, DEFAULT_WEIGHTS.stress)
      : [0],
    ridge: ridge ?? (fixed.ridge === undefined ? (tune === false ? [DEFAULT_RIDGE] : RIDGES) : [fixed.ridge]),
    folds,
    atoms,
  };
}

function defaultCutoffs(structures: readonly LabeledStructure[], ratios: readonly number[]): number[] {
  const { typical } = nearestDistances(structures);
  return ratios.map((ratio) => Number((ratio * typical).toFixed(2)));
}

/**
 * The figure that tuning minimizes: the sum of the logarithms of the mean absolute errors, so that no unit or scale
 * matters. Energies count one and a half times (a few meV/atom decide between phases), stresses a tenth.
 */
export function tuningScore({ energy, forces, stress }: ErrorTable): number {
  const part = (mae: number | undefined, share: number): number =>
    mae === undefined ? 0 : share * Math.log(Math.max(mae, 1e-12));
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
 * best cutoffs, then steps from the best pair to better neighbors. Weights and ridges are searched at each pair, from
 * where the last search ended. The same seed and data give the same choice.
 */
export async function tuneSnap(
  model: SnapModel,
  structures: readonly LabeledStructure[],
  relative: (part: readonly LabeledStructure[]) => readonly QuantityWeights[],
  grid: TuningGrid,
  { seed, withoutConstants, signal, onProgress }: LongWork & TuneOptions,
): Promise<{ readonly best: Trial; readonly trials: readonly Trial[] }> {
  const part = thinDataset(structures, Math.min(grid.atoms, MEMORY / bytesPerAtom(model, structures)));
  const fold = assignFolds(part, Math.max(2, Math.min(grid.folds, part.length)), seed);
  const weights = relative(part);
  const stop = signal ? { signal } : {};
  const trials: Trial[] = [];
  const looked = new Map<string, Trial>();
  const steps = grid.refineCutoff || grid.refineRfac0 ? 4 * MOST_STEPS : 0;
  const total = grid.cutoff.length + 2 * (grid.rfac0.length - 1) + steps;
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
    const matrix = await createDesignMatrix(descriptor, part, { ...stop, withoutConstants, onProgress: onPass });
    const validation = await openCrossValidation(matrix, fold, weights, stop);
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
  const ranked = first.sort((a, b) => a.score - b.score).slice(0, 2);
  for (const { cutoff } of ranked) for (const rfac0 of grid.rfac0.slice(1)) await look(cutoff, rfac0);
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
  return { best: best!, trials };
}

function bytesPerAtom(model: SnapModel, structures: readonly LabeledStructure[]): number {
  const atoms = structures.reduce((sum, { structure }) => sum + structure.numbers.length, 0);
  return designBytes(createBispectrum(bispectrumOf(model, 1)), structures) / atoms;
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
