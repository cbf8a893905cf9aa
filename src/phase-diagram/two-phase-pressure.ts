import { type Estimate, mean, studentWidening } from "../math/statistics.js";
import { GPA_PER_EV_A3 } from "../units.js";
import type { TwoPhaseRun } from "./two-phase-leg.js";

/** What was seen of a crystal and its melt, as far as pressures matter. */
export type TwoPhaseRecord = Pick<TwoPhaseRun, "pressure" | "fractions" | "energies" | "volumes">;

/**
 * Slope dT/dP = T dV/dH [K/GPa] of the melting line (Clapeyron) at a temperature [K] from runs of a crystal beside its melt: both
 * volume and enthalpy go with the crystal's share x, so dV/dH = cov(V, x) / cov(H, x) within runs, which neither the
 * fluctuations of V and H nor the noise of x shift. The error is a jackknife's over runs, widened for
 * their small number.
 */
export function clapeyronSlope(runs: readonly TwoPhaseRecord[], temperature: number): Estimate {
  const parts = runs.map(covariances);
  const slopeOf = (kept: typeof parts): number => {
    const sum = (key: "volume" | "enthalpy"): number => kept.reduce((total, part) => total + part[key], 0);
    return (temperature * sum("volume")) / sum("enthalpy") / GPA_PER_EV_A3;
  };
  const without = parts.map((_, left) => slopeOf(parts.filter((__, k) => k !== left)));
  const center = mean(without);
  const squares = without.reduce((sum, slope) => sum + (slope - center) ** 2, 0);
  return {
    value: slopeOf(parts),
    error: Math.sqrt(((runs.length - 1) / runs.length) * squares) * studentWidening(runs.length - 1),
  };
}

/** Sums of products with the crystal's share about their means. The first look is no mean over time. */
function covariances({ pressure, fractions, energies, volumes }: TwoPhaseRecord) {
  const shares = fractions.subarray(1);
  const center = mean(shares);
  let [volume, enthalpy] = [0, 0];
  shares.forEach((share, k) => {
    const v = volumes[k + 1]!;
    volume += (share - center) * v;
    enthalpy += (share - center) * (energies[k + 1]! + (pressure / GPA_PER_EV_A3) * v);
  });
  return { volume, enthalpy };
}
