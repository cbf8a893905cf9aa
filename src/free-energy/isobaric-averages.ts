import type { Thermodynamics } from "../dynamics/thermodynamics.js";
import { mean, meanOfSeries, variance } from "../math/statistics.js";
import { BOLTZMANN, GPA_PER_EV_A3 } from "../units.js";
import type { PhaseAverages } from "./gibbs-energy.js";

/** Averages over rows of a run of `count` atoms at temperature [K] and pressure [GPa]. */
export function isobaricAverages(
  rows: readonly Thermodynamics[],
  count: number,
  { temperature, pressure }: { readonly temperature: number; readonly pressure: number },
): Omit<PhaseAverages, "meanCell"> {
  const volumes = Float64Array.from(rows, (row) => row.volume / count);
  const enthalpies = rows.map(
    (row) => (row.potentialEnergy + (pressure / GPA_PER_EV_A3) * row.volume) / count + 1.5 * BOLTZMANN * temperature,
  );
  return {
    volume: meanOfSeries(volumes),
    enthalpy: meanOfSeries(enthalpies),
    // B = kT <V> / <dV^2>
    bulkModulus: ((BOLTZMANN * temperature * mean(volumes)) / (count * variance(volumes))) * GPA_PER_EV_A3,
  };
}
