import { createBispectrum } from "../descriptors/bispectrum.js";
import type { LongWork } from "../progress.js";
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
  /** A. Values around the best one are tried too when `refine`. */
  readonly cutoff: readonly number[];
  readonly refine: boolean;
  readonly energyWeight: readonly number[];
  readonly stressWeight: readonly number[];
  readonly ridge: readonly number[];
  readonly folds: number;
  /** Atoms of the data that take part. */
  readonly atoms: number;
}

/** Cutoffs in units of the typical nearest distance: from between the first and second shell to the third. */
const CUTOFFS = [1.45, 1.6, 1.75, 1.9, 2.05, 2.2, 2.35];
const DEFAULT_CUTOFF = 1.9;
const DEFAULT_RIDGE = 1e-8;
const REFINEMENT = 0.05;
const ENERGY_WEIGHTS = [30, 60, 120, 250, 500, 1000, 2000];
const STRESS_WEIGHTS = [0.01, 0.03, 0.1, 0.3];
const RIDGES = [1e-10, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4];
const ATOMS = 15000;
/** Bytes of a design matrix that a search may hold. */
const MEMORY = 1.5e9;

/** What a recipe fixes. */
export interface FixedSettings {
  readonly cutoff?: number | undefined;
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
  const { cutoff, energyWeight, stressWeight, ridge, folds = 5, atoms = ATOMS } = typeof tune === "object" ? tune : {};
  const ratios = tune === false ? [DEFAULT_CUTOFF] : CUTOFFS;
  const choose = (asked: readonly number[] | undefined, searched: readonly number[], single: number) =>
    asked ?? (fixed.weights ? [1] : tune === false ? [single] : searched);
  return {
    cutoff: cutoff ?? (fixed.cutoff === undefined ? defaultCutoffs(structures, ratios) : [fixed.cutoff]),
    refine: cutoff === undefined && fixed.cutoff === undefined && tune !== false,
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
 * The figure that tuning minimizes: the sum of the logarithms of the mean absolute errors, in which forces count one
 * and a half times (they drive dynamics) and stresses a quarter; no unit or scale of any of them matters.
 */
export function tuningScore({ energy, forces, stress }: ErrorTable): number {
  const part = (mae: number | undefined, share: number): number =>
    mae === undefined ? 0 : share * Math.log(Math.max(mae, 1e-12));
  return part(energy?.mae, 1) + part(forces?.mae, 1.5) + part(stress?.mae, 0.25);
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
 * Chooses cutoff, weights of energies and stresses, and ridge by k-fold cross-validation on the given structures only.
 * Every cutoff costs one pass over the structures; weights and ridges are searched from there by steps to better
 * neighbors. The same seed and data give the same choice.
 */
export async function tuneSnap(
  model: SnapModel,
  structures: readonly LabeledStructure[],
  relative: (part: readonly LabeledStructure[]) => readonly QuantityWeights[],
  grid: TuningGrid,
  { seed, withoutConstants, signal, onProgress }: LongWork & TuneOptions,
): Promise<{ readonly best: Trial; readonly trials: readonly Trial[] }> {
  const perAtom =
    designBytes(createBispectrum(bispectrumOf(model, grid.cutoff[0]!)), structures) /
    structures.reduce((sum, { structure }) => sum + structure.numbers.length, 0);
  const part = thinDataset(structures, Math.min(grid.atoms, MEMORY / perAtom));
  const fold = assignFolds(part, Math.min(grid.folds, part.length), seed);
  const weights = relative(part);
  const trials: Trial[] = [];
  const total = grid.cutoff.length + (grid.refine ? 2 : 0);
  let done = 0;
  let start = { energy: Math.floor(grid.energyWeight.length / 2), stress: Math.floor(grid.stressWeight.length / 2) };

  const tryCutoff = async (cutoff: number): Promise<Trial> => {
    const task = `tuning: cutoff ${cutoff} A`;
    const matrix = await createDesignMatrix(createBispectrum(bispectrumOf(model, cutoff)), part, {
      withoutConstants,
      ...(signal ? { signal } : {}),
      ...(onProgress
        ? {
            onProgress: (p) => onProgress({ task, done: done + (0.7 * p.done) / p.total, total }),
          }
        : {}),
    });
    const validation = await openCrossValidation(matrix, fold, weights, signal ? { signal } : {});
    const found = await searchWeights(validation, cutoff, grid, start, signal ? { signal } : {});
    trials.push(...found.trials);
    start = found.at;
    done++;
    onProgress?.({ task, done, total, note: `score ${found.best.score.toFixed(3)}` });
    return found.best;
  };

  let best: Trial | undefined;
  const consider = async (cutoff: number): Promise<void> => {
    const trial = await tryCutoff(cutoff);
    if (best === undefined || trial.score < best.score) best = trial;
  };
  for (const cutoff of grid.cutoff) await consider(cutoff);
  if (grid.refine) {
    const center = best!.cutoff;
    const step = REFINEMENT * center;
    for (const cutoff of [center - step, center + step]) await consider(Number(cutoff.toFixed(2)));
  }
  return { best: best!, trials };
}

interface WeightIndices {
  readonly energy: number;
  readonly stress: number;
}

/** Walks the grid of energy and stress weights from `start` to ever better neighbors; all ridges at every point. */
async function searchWeights(
  validation: CrossValidation,
  cutoff: number,
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
      cutoff,
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
