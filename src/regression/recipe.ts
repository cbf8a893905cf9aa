import * as v from "valibot";
import { seed, wholeFrom } from "../recipe-entries.js";
import type { ErrorTable } from "./metrics.js";
import { modelSchema } from "./model.js";
import { weightsSchema } from "./weights.js";

const numbers = v.exactOptional(
  v.pipe(v.array(v.pipe(v.number(), v.finite(), v.minValue(0, "a number from 0"))), v.minLength(1)),
);

/** Values to choose from by cross-validation; what is absent is searched around sensible defaults. */
export const tuneSchema = v.strictObject({
  /** A. */
  cutoff: numbers,
  /** Part of the 3-sphere that neighbors fill. */
  rfac0: numbers,
  /** Weights of energy [1/eV per atom] and stress [1/GPa] rows; that of forces stays. */
  energyWeight: numbers,
  stressWeight: numbers,
  ridge: numbers,
  /** 5. */
  folds: v.exactOptional(wholeFrom(2)),
  /** At most about so many atoms of the data take part in the search (all in the fit); 12000. */
  atoms: v.exactOptional(wholeFrom(1)),
});

export type TuneSpec = v.InferInput<typeof tuneSchema>;

const law = v.looseObject({ kind: v.string() });

/** A fit without its data: what `fitPotential` takes. */
export const fitEntries = {
  /** "snap" or the model in detail. */
  model: v.exactOptional(modelSchema, "snap"),
  /**
   * A potential that is subtracted from the labels before the fit and stays in the sum: an expression such as
   * "zbl(4.0,4.8)", laws, or "none". By default a ZBL core below the distances of the data.
   */
  reference: v.exactOptional(v.union([v.string(), v.array(law)])),
  /** Energies of isolated atoms [eV] by symbol: subtracted, and the constants of the fit are then these. */
  isolatedAtoms: v.exactOptional(v.record(v.string(), v.pipe(v.number(), v.finite()))),
  /** Weights of rows; see weights.ts. Given weights are not tuned. */
  weights: v.exactOptional(weightsSchema),
  /** Strength of the ridge, relative to the columns; see solvers.ts. */
  ridge: v.exactOptional(v.pipe(v.number(), v.finite(), v.minValue(0, "a number from 0"))),
  /** Find what is not given (cutoff, weights, ridge) by cross-validation on the data; true by default. */
  tune: v.exactOptional(v.union([v.boolean(), tuneSchema])),
  seed: v.exactOptional(seed),
};

const fitSchema = v.strictObject(fitEntries);
export type FitSpec = v.InferInput<typeof fitSchema>;
export { fitSchema };

/** A recipe of `phasecell fit`: the data files beside the fit. Paths are relative to the recipe. */
export const fitRecipeSchema = v.strictObject({
  /** One file of labeled structures or several, in any format that `phasecell convert` reads. */
  data: v.union([v.string(), v.pipe(v.array(v.string()), v.minLength(1))]),
  /** Only structures whose `split` is this, where files hold training and test data. */
  split: v.exactOptional(v.string()),
  /** Only these groups. */
  groups: v.exactOptional(v.pipe(v.array(v.string()), v.minLength(1))),
  ...fitEntries,
});

export type FitRecipe = v.InferInput<typeof fitRecipeSchema>;

/** One setting tried by tuning, with its cross-validation errors. */
export interface TrialSettings {
  /** A. */
  readonly cutoff: number;
  readonly rfac0: number;
  readonly energyWeight: number;
  readonly stressWeight: number;
  readonly ridge: number;
}

export interface Trial extends TrialSettings {
  /** Lower is better; see tune.ts. */
  readonly score: number;
  readonly errors: ErrorTable;
}
