import type { LabeledStructure } from "../structure/labeled-structure.js";
import type { TuneSpec } from "./recipe.js";
import { nearestDistances } from "./reference.js";
import { DEFAULT_WEIGHTS } from "./weights.js";

/** What tuning may change; a list of one value is a value that stays. */
export interface TuningGrid {
  /** A. */
  readonly cutoff: readonly number[];
  /** Values around the best cutoff are tried too. */
  readonly refineCutoff: boolean;
  /** Part of the 3-sphere that neighbors fill; see BispectrumSpec. The first is where the search starts. */
  readonly rfac0: readonly number[];
  readonly refineRfac0: boolean;
  /** All rfac0 are tried at all cutoffs, not at the two best cutoffs only. */
  readonly everyPair: boolean;
  readonly energyWeight: readonly number[];
  readonly stressWeight: readonly number[];
  readonly ridge: readonly number[];
  readonly folds: number;
  /** Atoms of the data that take part. */
  readonly atoms: number;
}

/** What is searched where a recipe does not say. */
interface SearchRange {
  /** Cutoffs in units of the typical nearest distance. */
  readonly ratios: readonly number[];
  readonly rfac0: readonly number[];
  readonly energyWeight: readonly number[];
  readonly ridge: readonly number[];
}

/** Up to a hundred coefficients a pass takes seconds. Cutoffs from between the first and second shell to the third. */
const NARROW: SearchRange = {
  ratios: [1.45, 1.6, 1.75, 1.9, 2.05, 2.2, 2.35],
  rfac0: [0.9, 0.99363, 0.8, 0.7, 0.6],
  energyWeight: [150, 200, 300, 400, 600],
  ridge: [1e-10, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4],
};

/**
 * Hundreds of coefficients, as of quadratic models: forces are then so well described that energies can count more at
 * little cost.
 */
const WIDE: SearchRange = {
  ratios: [1.5, 1.65, 1.8, 2, 2.2],
  rfac0: [0.99363, 0.7],
  energyWeight: [500, 700, 1000, 1400, 2000],
  ridge: [1e-8, 1e-7, 1e-6, 1e-5],
};
const WIDE_COLUMNS = 200;

/** What is taken without a search. */
const SINGLE: SearchRange = {
  ratios: [1.9],
  rfac0: [0.99363],
  energyWeight: [DEFAULT_WEIGHTS.energy],
  ridge: [1e-8],
};
const STRESS_WEIGHTS = [0.03, 0.1, 0.3];
const ATOMS = 12000;
/** Multiplications that the products of one matrix may take, 3 rows per atom: about ten seconds. */
const WORK = 3e10;

/** What a recipe fixes. */
export interface FixedSettings {
  readonly cutoff?: number | undefined;
  readonly rfac0?: number | undefined;
  readonly ridge?: number | undefined;
  /** Unknowns of the fit. */
  readonly columns: number;
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
  const { cutoff, rfac0, energyWeight, stressWeight, ridge, folds = 5 } = spec;
  const wide = fixed.columns > WIDE_COLUMNS;
  const range = tune === false ? SINGLE : wide ? WIDE : NARROW;
  const either = (asked: readonly number[] | undefined, given: number | undefined, searched: readonly number[]) =>
    asked ?? (given === undefined ? searched : [given]);
  const given = fixed.weights ? 1 : undefined;
  const stressWeights = tune === false ? [DEFAULT_WEIGHTS.stress] : STRESS_WEIGHTS;
  return {
    cutoff: cutoff ?? (fixed.cutoff === undefined ? defaultCutoffs(structures, range.ratios) : [fixed.cutoff]),
    refineCutoff: cutoff === undefined && fixed.cutoff === undefined && tune !== false,
    rfac0: either(rfac0, fixed.rfac0, range.rfac0),
    refineRfac0: rfac0 === undefined && fixed.rfac0 === undefined && tune !== false && !wide,
    everyPair: wide,
    energyWeight: either(energyWeight, given, range.energyWeight),
    stressWeight: structures.some(({ stress }) => stress) ? either(stressWeight, given, stressWeights) : [0],
    ridge: either(ridge, fixed.ridge, range.ridge),
    folds,
    atoms: spec.atoms ?? Math.min(ATOMS, WORK / (3 * (fixed.columns + 1) ** 2)),
  };
}

function defaultCutoffs(structures: readonly LabeledStructure[], ratios: readonly number[]): number[] {
  const { typical } = nearestDistances(structures);
  return ratios.map((ratio) => Number((ratio * typical).toFixed(2)));
}
