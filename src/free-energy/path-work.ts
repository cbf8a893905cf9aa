import { InputError } from "../errors.js";
import { type Estimate, mean, meanOfIndependent } from "../math/statistics.js";
import { ofInfiniteSize } from "./finite-size.js";
import { UNEVENNESS } from "./switching.js";

/** Work [eV] of one run each way along a path, cumulative, at the same points. */
export interface PathWork {
  /** [L] from the first point to each. */
  readonly forward: Float64Array;
  /** [L] from the last point back to each. */
  readonly backward: Float64Array;
}

/** [L] work per atom [eV] from the first point of a path to each, from runs in cells of one size or of several, then of infinite size. */
export function workAlong(
  trips: readonly { readonly atoms: number; readonly works: readonly PathWork[] }[],
): Estimate[] {
  const sizes = trips.map(({ atoms, works }) => ({ atoms, points: workOfSize(works, atoms) }));
  return sizes[0]!.points.map((_, i) =>
    ofInfiniteSize(sizes.map(({ atoms, points }) => ({ atoms, gibbs: points[i]! }))),
  );
}

/**
 * [L] work per atom [eV] from the first point of a path to each: half of the forward minus the backward work, in which
 * dissipation cancels in first order; mean and error over independent replicas. What of the dissipation up to a point may be left is
 * in its error, as in `analyzeSwitching`.
 */
function workOfSize(works: readonly PathWork[], atoms: number): Estimate[] {
  const [first] = works;
  if (first === undefined || works.length < 2)
    throw new InputError({ what: "replicas", value: works.length, expected: "at least 2, for an error bar" });
  return Array.from(first.forward, (_, i) => {
    const pairs = works.map(({ forward, backward }) => [forward[i]!, backward[0]! - backward[i]!] as const);
    const each = pairs.map(([there, back]) => (there - back) / (2 * atoms));
    const dissipation = mean(pairs.map(([there, back]) => (there + back) / (2 * atoms)));
    const scatter = i === 0 ? 0 : meanOfIndependent(each).error;
    return { value: mean(each), error: Math.hypot(scatter, UNEVENNESS * Math.max(0, dissipation)) };
  });
}
