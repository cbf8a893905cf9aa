import type { Quantity } from "./weights.js";
import { QUANTITIES } from "./weights.js";

/** Errors of predictions against labels. */
export interface ErrorStatistics {
  /** Number of compared values. */
  readonly count: number;
  /** Mean absolute error. */
  readonly mae: number;
  /** Root mean square error. */
  readonly rmse: number;
  /** Coefficient of determination, 1 - sum (t - p)^2 / sum (t - mean t)^2; NaN where all labels are equal. */
  readonly r2: number;
}

/** Errors per quantity: energy [eV/atom], forces [eV/A], stress [GPa]; absent where there are no labels. */
export type QuantityErrors = Partial<Readonly<Record<Quantity, ErrorStatistics>>>;

/** Errors over all structures and per group. */
export interface ErrorTable extends QuantityErrors {
  readonly groups: Readonly<Record<string, QuantityErrors>>;
}

/** Pairs of label and prediction of one group and quantity; sums are kept in two passes for r2 to be exact. */
class Comparison {
  private readonly labels: Float64Array[] = [];
  private readonly predictions: Float64Array[] = [];

  add(label: Float64Array, prediction: Float64Array): void {
    this.labels.push(label);
    this.predictions.push(prediction);
  }

  statistics(): ErrorStatistics {
    let count = 0;
    let absolute = 0;
    let square = 0;
    let sum = 0;
    for (const [k, label] of this.labels.entries())
      for (const [i, truth] of label.entries()) {
        const error = truth - this.predictions[k]![i]!;
        count++;
        absolute += Math.abs(error);
        square += error * error;
        sum += truth;
      }
    const mean = sum / count;
    let spread = 0;
    for (const label of this.labels) for (const truth of label) spread += (truth - mean) ** 2;
    return {
      count,
      mae: absolute / count,
      rmse: Math.sqrt(square / count),
      r2: spread > 0 ? 1 - square / spread : Number.NaN,
    };
  }
}

/** Collects labels and predictions, then tells the errors of all and of each group. */
export interface ErrorCollector {
  /** Any number of values of one quantity, in the units of the table (weighted or not: the caller decides). */
  add(group: string, quantity: Quantity, labels: ArrayLike<number>, predictions: ArrayLike<number>): void;
  table(): ErrorTable;
}

export function collectErrors(): ErrorCollector {
  const groups = new Map<string, Map<Quantity, Comparison>>();
  const all = new Map<Quantity, Comparison>();
  const entry = (map: Map<Quantity, Comparison>, quantity: Quantity): Comparison => {
    const comparison = map.get(quantity) ?? new Comparison();
    map.set(quantity, comparison);
    return comparison;
  };
  const errors = (map: Map<Quantity, Comparison>): QuantityErrors =>
    Object.fromEntries(
      QUANTITIES.filter((quantity) => map.has(quantity)).map((quantity) => [quantity, map.get(quantity)!.statistics()]),
    );
  return {
    add(group, quantity, labels, predictions) {
      if (labels.length === 0) return;
      const [label, prediction] = [Float64Array.from(labels), Float64Array.from(predictions)];
      const own = groups.get(group) ?? new Map<Quantity, Comparison>();
      groups.set(group, own);
      entry(own, quantity).add(label, prediction);
      entry(all, quantity).add(label, prediction);
    },
    table: () => ({
      ...errors(all),
      groups: Object.fromEntries([...groups].map(([name, map]) => [name, errors(map)])),
    }),
  };
}
