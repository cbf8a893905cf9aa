import type { Thermodynamics } from "../dynamics/thermodynamics.js";
import { meanOfAll, meanOfSeries, varianceOfAll } from "../math/statistics.js";
import { BOLTZMANN, GPA_PER_EV_A3 } from "../units.js";
import type { PhaseAverages } from "./gibbs-energy.js";

/** What a run at constant temperature and pressure saw, row by row. */
export interface IsobaricSeries {
  /** A^3/atom. */
  readonly volumes: Float64Array;
  /** eV/atom: U + 3/2 kT + P V, of an infinite phase. */
  readonly enthalpies: Float64Array;
}

/** Rows of a run of `count` atoms at temperature [K] and pressure [GPa]; `missing` eV/atom is what they lack: `enthalpyFiniteSize`. */
export const isobaricSeries = (
  rows: readonly Thermodynamics[],
  count: number,
  { temperature, pressure }: { readonly temperature: number; readonly pressure: number },
  missing: number,
): IsobaricSeries => ({
  volumes: Float64Array.from(rows, (row) => row.volume / count),
  enthalpies: Float64Array.from(
    rows,
    (row) =>
      (row.potentialEnergy + (pressure / GPA_PER_EV_A3) * row.volume) / count + 1.5 * BOLTZMANN * temperature + missing,
  ),
});

/** Averages over independent runs of `count` atoms, alike in length, at temperature [K]. */
export function isobaricAverages(
  runs: readonly IsobaricSeries[],
  count: number,
  temperature: number,
): Omit<PhaseAverages, "meanCell"> {
  const volumes = runs.map((run) => run.volumes);
  return {
    volume: meanOfSeries(...volumes),
    enthalpy: meanOfSeries(...runs.map(({ enthalpies }) => enthalpies)),
    // B = kT <V> / <dV^2>
    bulkModulus: ((BOLTZMANN * temperature * meanOfAll(volumes)) / (count * varianceOfAll(volumes))) * GPA_PER_EV_A3,
  };
}
