import { InputError } from "../errors.js";
import { type Estimate, mean, meanOfIndependent } from "../math/statistics.js";

/** Work [eV] of one run each way along a path, cumulative, at the same points. */
export interface PathWork {
  /** [L] from the first point to each. */
  readonly forward: Float64Array;
  /** [L] from the last point back to each. */
  readonly backward: Float64Array;
}

/**
 * [L] work per atom [eV] from the first point of a path to each: half of the forward minus the backward work, in which lags
 * cancel in first order; mean and error over independent replicas.
 */
export function workAlong(works: readonly PathWork[], atoms: number): Estimate[] {
  const [first] = works;
  if (first === undefined || works.length < 2)
    throw new InputError({ what: "replicas", value: works.length, expected: "at least 2, for an error bar" });
  return Array.from(first.forward, (_, i) => {
    const each = works.map(({ forward, backward }) => (forward[i]! - (backward[0]! - backward[i]!)) / (2 * atoms));
    return { value: mean(each), error: i === 0 ? 0 : meanOfIndependent(each).error };
  });
}
