import { InputError } from "../errors.js";
import { exponential } from "../math/elementary.js";
import { type Estimate, mean, meanOfIndependent, studentWidening, variance } from "../math/statistics.js";

/** Work done on the system [eV] by one forward and one backward switching between equilibrated ends. */
export interface SwitchingWork {
  /** From the system to the reference. */
  readonly forward: number;
  /** From the reference to the system. */
  readonly backward: number;
}

export interface SwitchingResult {
  /** eV: F(reference) - F(system). */
  readonly difference: Estimate;
  /** eV: mean of (forward + backward) / 2, the irreversible work; it goes to zero with slower switching. */
  readonly dissipation: Estimate;
}

/** Bennett's difference with a jackknife's error, widened for few replicas: its own scatter is a little wider than that of halves. */
function bennettEstimate(works: readonly SwitchingWork[], kT: number): Estimate {
  const without = works.map((left) =>
    bennettDifference(
      works.filter((one) => one !== left),
      kT,
    ),
  );
  const squares = variance(without) * (works.length - 1) ** 2;
  return {
    value: bennettDifference(works, kT),
    error: Math.sqrt(squares / works.length) * studentWidening(works.length - 1),
  };
}

/** Dissipation [kT of the whole cell] up to which works there and back overlap enough for a few of them to tell. */
const OVERLAPPING = 3;

/**
 * Share of the dissipation by which half the difference of works may be off: how unlike dissipation is there and back. In
 * harmonic crystals (closed form, 3 ps) it is 1 to 4% with our bath and 7% with one of 0.1 ps; in liquids nothing was resolved.
 */
export const UNEVENNESS = 0.1;

/**
 * Free energy difference from non-equilibrium switching both ways. Where works overlap it is Bennett's, which is exact at
 * any dissipation. Where they do not, few works cannot tell, and it is (W_forward - W_backward) / 2, in which the dissipation
 * of linear response cancels (de Koning, J. Chem. Phys. 122 (2005) 104106; Freitas, Asta and de Koning, Comput. Mater. Sci.
 * 112 (2016) 333); what does not cancel is in the error. The rest of the error is that of the mean over independent
 * replicas, widened for their small number. `kT` eV.
 */
export function analyzeSwitching(works: readonly SwitchingWork[], kT: number): SwitchingResult {
  if (works.length < 2)
    throw new InputError({ what: "replicas", value: works.length, expected: "at least 2, for an error bar" });
  const half = meanOfIndependent(works.map(({ forward, backward }) => (forward - backward) / 2));
  const dissipation = meanOfIndependent(works.map(({ forward, backward }) => (forward + backward) / 2));
  const kept = keptByHalf(dissipation.value, kT);
  const difference =
    kept === 0 ? bennettEstimate(works, kT) : { value: half.value, error: Math.hypot(half.error, kept) };
  return { difference, dissipation };
}

/** eV, what half the difference of works may keep of a dissipation; nothing where Bennett's difference takes its place. */
const keptByHalf = (dissipation: number, kT: number): number =>
  dissipation < OVERLAPPING * kT ? 0 : UNEVENNESS * dissipation;

/**
 * Errors [eV] of the differences of several switchings of one phase, alike in length: the scatter of work over `scale` is
 * pooled. That is T at different temperatures, since in a crystal the scatter is kT times a number that hardly depends on T,
 * and the root of N in cells of different sizes. Ten or more degrees of freedom replace the two of three replicas, whose own
 * scatter is often far too small or too large. What half the difference may keep of the dissipation is added. `kT` eV.
 */
export function pooledErrors(
  sets: readonly { readonly scale: number; readonly kT: number; readonly works: readonly SwitchingWork[] }[],
): number[] {
  let freedom = 0;
  let squares = 0;
  for (const { scale, works } of sets) {
    const reduced = works.map(({ forward, backward }) => (forward - backward) / (2 * scale));
    if (reduced.length < 2) continue;
    freedom += reduced.length - 1;
    squares += variance(reduced) * (reduced.length - 1);
  }
  if (freedom === 0) throw new InputError({ what: "replicas", value: 1, expected: "at least 2, for an error bar" });
  const scatter = Math.sqrt(squares / freedom) * studentWidening(freedom);
  return sets.map(({ scale, kT, works }) => {
    const dissipation = mean(works.map(({ forward, backward }) => (forward + backward) / 2));
    return Math.hypot((scale * scatter) / Math.sqrt(works.length), keptByHalf(dissipation, kT));
  });
}

/**
 * Bennett's acceptance ratio with work values (Shirts, Bair, Hooker and Pande, Phys. Rev. Lett. 91 (2003) 140601): the
 * maximum-likelihood difference [eV] at any dissipation, exact by Crooks's theorem. `kT` eV.
 */
export function bennettDifference(works: readonly SwitchingWork[], kT: number): number {
  const start = mean(works.map(({ forward, backward }) => (forward - backward) / 2));
  const spread = Math.max(
    ...works.flatMap(({ forward, backward }) => [Math.abs(forward - start), Math.abs(backward + start)]),
  );
  const fermi = (x: number): number => 1 / (1 + exponential(x / kT));
  const imbalance = (difference: number): number =>
    works.reduce((sum, { forward, backward }) => sum + fermi(forward - difference) - fermi(backward + difference), 0);
  let low = start - spread - 10 * kT;
  let high = start + spread + 10 * kT;
  for (let step = 0; step < 70; step++) {
    const middle = (low + high) / 2;
    if (imbalance(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
