import { openTriangularFactor } from "../engine/linear-algebra.js";
import type { LongWork } from "../progress.js";
import { createBreather } from "./breather.js";
import { type DesignMatrix, labelsOf, predictRows, weightedRows } from "./design-matrix.js";
import { collectErrors, type ErrorTable } from "./metrics.js";
import { openRidgePath, type RidgePath } from "./solvers.js";
import { QUANTITIES, type QuantityWeights } from "./weights.js";

/** The weighted least squares of a design matrix, or of some of its structures, by streaming QR: all ridges at once. */
export async function fitRows(
  { width, structures, constants }: DesignMatrix,
  weights: readonly QuantityWeights[],
  { only, signal }: LongWork & { readonly only?: readonly number[] } = {},
): Promise<RidgePath> {
  const breathe = createBreather(signal);
  const factor = openTriangularFactor(width);
  try {
    for (const index of only ?? structures.keys()) {
      await breathe();
      for (const rows of weightedRows(structures[index]!, weights[index]!)) factor.append(rows);
    }
    return openRidgePath({ r: factor.r(), width, free: constants });
  } finally {
    factor.dispose();
  }
}

/** Errors of coefficients on the rows of a design matrix, or of some of its structures. */
export function errorsOnRows(
  { width, structures }: DesignMatrix,
  coefficients: Float64Array,
  only: Iterable<number> = structures.keys(),
): ErrorTable {
  const errors = collectErrors();
  for (const index of only) {
    const { group, rows } = structures[index]!;
    for (const quantity of QUANTITIES) {
      const given = rows[quantity];
      if (given) errors.add(group, quantity, labelsOf(given, width), predictRows(given, coefficients));
    }
  }
  return errors.table();
}
