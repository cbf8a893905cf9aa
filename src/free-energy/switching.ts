import { InputError } from "../errors.js";
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

/**
 * Free energy difference from non-equilibrium switching both ways, (W_forward - W_backward) / 2, in which the dissipation of
 * linear response cancels (de Koning, J. Chem. Phys. 122 (2005) 104106; Freitas, Asta and de Koning, Comput. Mater. Sci.
 * 112 (2016) 333). The error is that of the mean over independent replicas, widened for their small number.
 */
export function analyzeSwitching(works: readonly SwitchingWork[]): SwitchingResult {
  if (works.length < 2)
    throw new InputError({ what: "replicas", value: works.length, expected: "at least 2, for an error bar" });
  return {
    difference: meanOfIndependent(works.map(({ forward, backward }) => (forward - backward) / 2)),
    dissipation: meanOfIndependent(works.map(({ forward, backward }) => (forward + backward) / 2)),
  };
}

/**
 * Errors [eV] of the differences of several switchings of one phase at different temperatures, alike in length: the
 * scatter of work over T is pooled, since in a crystal it is kT times a number that hardly depends on T. Ten or more
 * degrees of freedom replace the two of three replicas, whose own scatter is often far too small or too large.
 */
export function pooledErrors(
  sets: readonly { readonly temperature: number; readonly works: readonly SwitchingWork[] }[],
): number[] {
  let freedom = 0;
  let squares = 0;
  for (const { temperature, works } of sets) {
    const reduced = works.map(({ forward, backward }) => (forward - backward) / (2 * temperature));
    if (reduced.length < 2) continue;
    freedom += reduced.length - 1;
    squares += variance(reduced) * (reduced.length - 1);
  }
  if (freedom === 0) throw new InputError({ what: "replicas", value: 1, expected: "at least 2, for an error bar" });
  const scatter = Math.sqrt(squares / freedom) * studentWidening(freedom);
  return sets.map(({ temperature, works }) => (temperature * scatter) / Math.sqrt(works.length));
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
  const fermi = (x: number): number => 1 / (1 + Math.exp(x / kT));
  const imbalance = (difference: number): number =>
    works.reduce((sum, { forward, backward }) => sum + fermi(forward - difference) - fermi(backward + difference), 0);
  let low = start - spread - 10 * kT;
  let high = start + spread + 10 * kT;
  for (let step = 0; step < 200; step++) {
    const middle = (low + high) / 2;
    if (imbalance(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
