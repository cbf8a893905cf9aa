import { InputError } from "../errors.js";
import { type Estimate, mean, meanOfIndependent } from "../math/statistics.js";
import { BOLTZMANN } from "../units.js";

/** Work [eV] of one run each way, cumulative, at the same factors of the potential. */
export interface ScalingWork {
  /** [L] factors of the potential, from 1 to the last. */
  readonly factors: Float64Array;
  /** [L] from factor 1 up to each factor. */
  readonly forward: Float64Array;
  /** [L] from the last factor back to each factor. */
  readonly backward: Float64Array;
}

/** G along an isobar. */
export interface IsobarPoint {
  /** K. */
  readonly temperature: number;
  /** eV/atom. */
  readonly gibbs: Estimate;
}

/**
 * Reversible scaling (de Koning, Antonelli and Yip, Phys. Rev. Lett. 83 (1999) 3973): at T0 with the potential a U and the pressure
 * a P, the configurations are those of T = T0 / a at P, so that one slow run of a gives G over a range of temperature,
 *
 *   G(T) = [G(T0) + W(a)] / a + 3/2 N k T ln a,   W = integral of (U + P V) da.
 *
 * W is the mean of the forward and minus the backward work; the error comes from the replicas and that of G(T0).
 */
export function scaleReversibly(
  start: { readonly temperature: number; readonly gibbs: Estimate },
  works: readonly ScalingWork[],
  atoms: number,
): IsobarPoint[] {
  const [first] = works;
  if (first === undefined || works.length < 2)
    throw new InputError({ what: "replicas", value: works.length, expected: "at least 2, for an error bar" });
  return Array.from(first.factors, (factor, i) => {
    const each = works.map(({ forward, backward }) => (forward[i]! - (backward[0]! - backward[i]!)) / (2 * atoms));
    const error = i === 0 ? 0 : meanOfIndependent(each).error;
    const temperature = start.temperature / factor;
    return {
      temperature,
      gibbs: {
        value: (start.gibbs.value + mean(each)) / factor + 1.5 * BOLTZMANN * temperature * Math.log(factor),
        error: Math.hypot(start.gibbs.error, error) / factor,
      },
    };
  });
}
