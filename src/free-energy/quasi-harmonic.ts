import { ComputationError, InputError } from "../errors.js";
import type { Potential } from "../potentials/potential.js";
import type { LongWork } from "../progress.js";
import {
  type EquationOfState,
  type EquationOfStateForm,
  energyAtVolume,
  fitEquationOfState,
  pressureAtVolume,
  volumeAtPressure,
} from "../properties/equation-of-state.js";
import { type ForceConstantSettings, forceConstants } from "../properties/force-constants.js";
import { type MeshSettings, type PhononMesh, phononMesh } from "../properties/phonon-mesh.js";
import { type PhononStatistics, thermalProperties } from "../properties/phonon-thermal.js";
import { type VolumeScanSettings, volumeScan } from "../properties/volume-scan.js";
import type { Structure } from "../structure/structure.js";
import { findSymmetry } from "../structure/symmetry.js";
import { GPA_PER_EV_A3 } from "../units.js";

export interface QuasiHarmonicSettings extends ForceConstantSettings, MeshSettings, VolumeScanSettings {
  /** K. */
  readonly temperatures: readonly number[];
  /** GPa; 0 by default. */
  readonly pressures?: readonly number[];
  /** "quantum" by default; "classical" is what dynamics samples. */
  readonly statistics?: PhononStatistics;
  /** "birch-murnaghan" by default. */
  readonly form?: EquationOfStateForm;
}

/** A crystal at one temperature and pressure, per atom. */
export interface QuasiHarmonicPoint {
  /** K. */
  readonly temperature: number;
  /** GPa. */
  readonly pressure: number;
  /** eV/atom. */
  readonly gibbs: number;
  /** A^3/atom. */
  readonly volume: number;
  /** eV/K/atom. */
  readonly entropy: number;
  /** 1/K, of the volume. */
  readonly thermalExpansion: number;
  /** GPa, isothermal. */
  readonly bulkModulus: number;
  /** eV/K/atom, at constant pressure. */
  readonly heatCapacity: number;
  /** alpha B V / C_V, without unit. */
  readonly gruneisen: number;
}

export interface QuasiHarmonicGrid {
  /** The static crystal: what vibrations are added to. */
  readonly static: EquationOfState;
  /** [L] A^3/atom and eV/atom of the volumes that were scanned. */
  readonly volumes: Float64Array;
  readonly energies: Float64Array;
  readonly points: readonly QuasiHarmonicPoint[];
  /** Points whose volume lies outside the scanned ones. */
  readonly missing: readonly { readonly temperature: number; readonly pressure: number; readonly reason: string }[];
  /** eV/atom, the largest root mean square deviation of a free energy from its equation of state. */
  readonly residual: number;
}

const DEFAULT_RATIOS = Array.from({ length: 9 }, (_, k) => 0.92 + 0.025 * k);

/** K, half the step of derivatives by temperature. */
const STEP = 0.25;

/**
 * Gibbs energy on a grid of temperatures and pressures in the quasi-harmonic approximation: phonons at several volumes,
 * each with atoms and, where `shape` lets it, shape relaxed at rest; at each temperature an equation of state through
 * F(V) = E(V) + F_vib(V, T), and G = min over V of F + P V. Thermal expansion is the derivative of that volume, the heat
 * capacity C_P = C_V + alpha^2 B V T. (Wallace, Thermodynamics of Crystals, 1972.)
 */
export async function quasiHarmonic(
  potential: Potential,
  structure: Structure,
  settings: QuasiHarmonicSettings & LongWork,
): Promise<QuasiHarmonicGrid> {
  const { temperatures, pressures = [0], statistics = "quantum", form = "birch-murnaghan", signal } = settings;
  if (temperatures.length === 0 || pressures.length === 0)
    throw new InputError({
      what: "grid",
      value: { temperatures, pressures },
      expected: "a temperature and a pressure",
    });
  const scan = await volumeScan(potential, structure, { ...settings, ratios: settings.ratios ?? DEFAULT_RATIOS });
  const { volumes, energies } = scan;
  const meshes: PhononMesh[] = [];
  const quiet = signal ? { signal } : {};
  for (const [k, at] of scan.structures.entries()) {
    const { primitive } = await findSymmetry(at, 1e-3);
    const { onProgress: _, ...rest } = settings;
    const constants = await forceConstants(potential, primitive, { ...rest, ...quiet });
    meshes.push(await phononMesh(constants, { ...rest, ...quiet }));
    settings.onProgress?.({ task: "quasi-harmonic phonons", done: k + 1, total: scan.structures.length });
  }
  const thermalAt = (k: number, temperature: number) => {
    try {
      return thermalProperties(meshes[k]!, temperature, statistics);
    } catch (cause) {
      if (!(cause instanceof ComputationError)) throw cause;
      throw new ComputationError(
        {
          what: `quasi-harmonic crystal at ${volumes[k]!.toFixed(3)} A^3/atom`,
          value: cause.message,
          attempt: "ratios that leave this volume out",
        },
        { cause },
      );
    }
  };
  const stateAt = (temperature: number): EquationOfState =>
    fitEquationOfState(
      volumes,
      energies.map((energy, k) => energy + thermalAt(k, temperature).freeEnergy),
      { form },
    );
  const [low, high] = [Math.min(...volumes), Math.max(...volumes)];
  const points: QuasiHarmonicPoint[] = [];
  const missing: { temperature: number; pressure: number; reason: string }[] = [];
  let residual = 0;
  for (const temperature of temperatures) {
    const state = stateAt(temperature);
    const step = Math.min(STEP, temperature / 2);
    const [colder, warmer] = step > 0 ? [stateAt(temperature - step), stateAt(temperature + step)] : [state, state];
    residual = Math.max(residual, state.residual);
    const heat = interpolated(volumes, (k) => thermalAt(k, temperature).heatCapacity);
    for (const pressure of pressures) {
      const volume = stableVolume(state, pressure);
      if (!(volume >= low && volume <= high)) {
        const range = `${low.toFixed(3)} to ${high.toFixed(3)} A^3/atom`;
        missing.push({ temperature, pressure, reason: `volume ${volume.toFixed(3)} A^3/atom outside ${range}` });
        continue;
      }
      const [v0, v1] = [stableVolume(colder, pressure), stableVolume(warmer, pressure)];
      const pv = (pressure / GPA_PER_EV_A3) * volume;
      const slope = (of: (state: EquationOfState) => number): number =>
        step > 0 ? (of(warmer) - of(colder)) / (2 * step) : 0;
      const expansion = step > 0 ? (v1 - v0) / (2 * step * volume) : 0;
      const bulkModulus = bulkModulusAt(state, volume);
      const constantVolume = heat(volume);
      const coupling = (expansion * bulkModulus * volume) / GPA_PER_EV_A3;
      points.push({
        temperature,
        pressure,
        gibbs: energyAtVolume(state, volume) + pv,
        volume,
        entropy: slope((s) => -energyAtVolume(s, volume)),
        thermalExpansion: expansion,
        bulkModulus,
        heatCapacity: constantVolume + expansion * coupling * temperature,
        gruneisen: constantVolume > 0 ? coupling / constantVolume : 0,
      });
    }
  }
  return { static: fitEquationOfState(volumes, energies, { form }), volumes, energies, points, missing, residual };
}

/** A^3/atom; not a number where the crystal is past its spinodal. */
function stableVolume(state: EquationOfState, pressure: number): number {
  try {
    return volumeAtPressure(state, pressure);
  } catch (error) {
    if (error instanceof InputError) return Number.NaN;
    throw error;
  }
}

/** -V dP/dV [GPa]. */
function bulkModulusAt(state: EquationOfState, volume: number): number {
  const step = 1e-4 * volume;
  return (-volume * (pressureAtVolume(state, volume + step) - pressureAtVolume(state, volume - step))) / (2 * step);
}

/** Linear in between, which is enough for a heat capacity. */
function interpolated(volumes: Float64Array, of: (k: number) => number): (volume: number) => number {
  const knots = Array.from(volumes, (volume, k) => [volume, of(k)] as const).sort(([a], [b]) => a - b);
  return (volume) => {
    const upper = Math.min(
      Math.max(
        1,
        knots.findIndex(([v]) => v >= volume),
      ),
      knots.length - 1,
    );
    const [[v0, c0], [v1, c1]] = [knots[upper - 1]!, knots[upper]!];
    return c0 + ((volume - v0) / (v1 - v0)) * (c1 - c0);
  };
}
