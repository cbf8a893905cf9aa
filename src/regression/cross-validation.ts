import { choleskyFactor, openRowProducts } from "../engine/linear-algebra.js";
import { solveCholesky } from "../math/linear-algebra.js";
import type { LongWork } from "../progress.js";
import { createBreather } from "./breather.js";
import { type DesignMatrix, labelsOf, predictRows } from "./design-matrix.js";
import { collectErrors, type ErrorTable } from "./metrics.js";
import { QUANTITIES, type Quantity, type QuantityWeights } from "./weights.js";

/** One setting of the numbers that cost no new descriptors, with its errors on the structures held out. */
export interface ValidatedFit {
  readonly weights: QuantityWeights;
  readonly ridge: number;
  readonly errors: ErrorTable;
}

/** K-fold cross-validation of one design matrix, cheap to repeat for many weights and ridges. */
export interface CrossValidation {
  /**
   * Errors over all structures, each predicted by the fit of the folds that it is not in, for every ridge (see
   * solvers.ts for its meaning). `weights` multiply the relative weights of the structures.
   */
  validate(weights: QuantityWeights, ridges: readonly number[], work?: LongWork): Promise<ValidatedFit[]>;
}

/** Smallest ridge of a validation, where normal equations still hold five digits; the final fit has no such limit. */
const LEAST_RIDGE = 1e-10;

/**
 * Reduces each fold and quantity to its products A^T A once, so that a fit with other weights costs a sum of small
 * matrices and a Cholesky factorization. Normal equations are good enough here, because errors of held-out structures
 * are wanted to a few digits; the final fit is by QR. `fold` is a fold number per structure (see `assignFolds`),
 * `relative` a weight per structure and quantity, by which groups differ.
 */
export async function openCrossValidation(
  matrix: DesignMatrix,
  fold: Int32Array,
  relative: readonly QuantityWeights[],
  { signal }: LongWork = {},
): Promise<CrossValidation> {
  const { width, structures, constants } = matrix;
  const unknowns = width - 1;
  const folds = 1 + fold.reduce((most, f) => Math.max(most, f), 0);
  const breathe = createBreather(signal);
  const parts: Partial<Record<Quantity, Float64Array>>[] = [];
  for (let f = 0; f < folds; f++) {
    const own: Partial<Record<Quantity, Float64Array>> = {};
    for (const quantity of QUANTITIES) {
      const sum = openRowProducts(width);
      let any = false;
      for (const { index, rows } of structures) {
        const weight = relative[index]![quantity];
        const given = rows[quantity];
        if (fold[index] !== f || given === undefined || weight === 0) continue;
        await breathe();
        sum.append(weight === 1 ? given : given.map((x) => x * weight));
        any = true;
      }
      if (any) own[quantity] = sum.products();
      sum.dispose();
    }
    parts.push(own);
  }

  const addFold = (sum: Float64Array, f: number, weights: QuantityWeights, sign: number): void => {
    for (const quantity of QUANTITIES) {
      const own = parts[f]![quantity];
      const factor = sign * weights[quantity] ** 2;
      if (own && factor !== 0) for (let k = 0; k < sum.length; k++) sum[k]! += factor * own[k]!;
    }
  };

  return {
    async validate(weights, ridges, { signal: stop = signal } = {}) {
      const rest = createBreather(stop);
      const collectors = ridges.map(() => collectErrors());
      const all = new Float64Array(width * width);
      for (let f = 0; f < folds; f++) addFold(all, f, weights, 1);
      for (let f = 0; f < folds; f++) {
        const kept = all.slice();
        addFold(kept, f, weights, -1);
        for (const [k, ridge] of ridges.entries()) {
          await rest();
          const coefficients = solveNormal(kept, unknowns, constants, Math.max(ridge, LEAST_RIDGE));
          for (const { index, group, rows } of structures)
            for (const quantity of fold[index] === f ? QUANTITIES : []) {
              const given = rows[quantity];
              if (given) collectors[k]!.add(group, quantity, labelsOf(given, width), predictRows(given, coefficients));
            }
        }
      }
      return ridges.map((ridge, k) => ({ weights, ridge, errors: collectors[k]!.table() }));
    },
  };
}

/** Unknowns x of min |A x - b|^2 + ridge sum |a_j|^2 x_j^2 from the products of [A b]; constants are not shrunk. */
function solveNormal(
  products: Float64Array,
  unknowns: number,
  constants: readonly number[],
  ridge: number,
): Float64Array {
  const width = unknowns + 1;
  const scale = Float64Array.from({ length: unknowns }, (_, j) => {
    const square = products[j * width + j]!;
    return square > 0 ? 1 / Math.sqrt(square) : 0;
  });
  const scaled = new Float64Array(unknowns * unknowns);
  for (let i = 0; i < unknowns; i++)
    for (let j = 0; j <= i; j++) scaled[i * unknowns + j] = products[i * width + j]! * scale[i]! * scale[j]!;
  for (let j = 0; j < unknowns; j++) {
    // What is left of a column's square after the constants are projected out; constants of several elements overlap
    // in part only, so that the largest single share is taken.
    let left = 1;
    for (const constant of constants) {
      const share = products[j * width + constant]! * scale[j]! * scale[constant]!;
      left = Math.min(left, 1 - share * share);
    }
    const isConstant = constants.includes(j);
    scaled[j * unknowns + j]! += isConstant ? LEAST_RIDGE * 1e-4 : ridge * Math.max(left, 1e-8) + 1e-14;
    if (scale[j] === 0) scaled[j * unknowns + j] = 1;
  }
  const right = Float64Array.from({ length: unknowns }, (_, j) => products[j * width + unknowns]! * scale[j]!);
  const x = solveCholesky(choleskyFactor(scaled, unknowns), unknowns, right);
  return x.map((value, j) => value * scale[j]!);
}
