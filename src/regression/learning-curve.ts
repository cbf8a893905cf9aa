import { InputError } from "../errors.js";
import { type Estimate, meanOfIndependent } from "../math/statistics.js";
import type { LongWork } from "../progress.js";
import { randomStream } from "../random.js";
import type { DesignMatrix } from "./design-matrix.js";
import { errorsOnRows, fitRows } from "./linear-fit.js";
import type { ErrorTable } from "./metrics.js";
import type { Quantity, QuantityWeights } from "./weights.js";

export interface LearningCurveSettings {
  /** Numbers of training structures. */
  readonly sizes: readonly number[];
  /** Independent draws of each size. */
  readonly repeats: number;
  /** Of each structure of the training matrix. */
  readonly weights: readonly QuantityWeights[];
  readonly ridge: number;
  readonly seed: number;
}

/** Mean absolute errors after training on so many structures, with their spread over draws. */
export interface LearningCurvePoint {
  readonly size: number;
  /** eV/atom, eV/A, GPa, by quantity. */
  readonly training: Partial<Readonly<Record<Quantity, Estimate>>>;
  readonly test: Partial<Readonly<Record<Quantity, Estimate>>>;
}

/** Fits random parts of the training matrix and tests each on the test matrix, which never changes. */
export async function learningCurve(
  train: DesignMatrix,
  test: DesignMatrix,
  { sizes, repeats, weights, ridge, seed }: LearningCurveSettings,
  { signal, onProgress }: LongWork = {},
): Promise<LearningCurvePoint[]> {
  const all = train.structures.length;
  const wrong = sizes.find((size) => !Number.isInteger(size) || size < 1 || size > all);
  if (wrong !== undefined)
    throw new InputError({ what: "training size", value: wrong, expected: `a whole number from 1 to ${all}` });
  const random = randomStream(seed, "crossValidation");
  const points: LearningCurvePoint[] = [];
  for (const [k, size] of sizes.entries()) {
    const tables: { training: ErrorTable; test: ErrorTable }[] = [];
    for (let repeat = 0; repeat < repeats; repeat++) {
      const only = [...random.permutation(all).subarray(0, size)];
      const path = await fitRows(train, weights, { only, ...(signal ? { signal } : {}) });
      const { coefficients } = path.solve(ridge);
      tables.push({ training: errorsOnRows(train, coefficients, only), test: errorsOnRows(test, coefficients) });
      onProgress?.({ task: "learning curve", done: k * repeats + repeat + 1, total: sizes.length * repeats });
    }
    points.push({
      size,
      training: spread(tables.map(({ training }) => training)),
      test: spread(tables.map((table) => table.test)),
    });
  }
  return points;
}

function spread(tables: readonly ErrorTable[]): LearningCurvePoint["test"] {
  const quantities = (["energy", "forces", "stress"] as const).filter((quantity) => tables.every((t) => t[quantity]));
  return Object.fromEntries(
    quantities.map((quantity) => [quantity, meanOfIndependent(tables.map((table) => table[quantity]!.mae))]),
  );
}
