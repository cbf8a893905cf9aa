import { ComputationError, InputError } from "../errors.js";
import type { Potential } from "../potentials/potential.js";
import type { LongWork } from "../progress.js";
import { type FiniteStrainFit, finiteStrainAt, fitFiniteStrain } from "../properties/finite-strain.js";
import { type ForceConstantSettings, forceConstants } from "../properties/force-constants.js";
import { type MeshSettings, type PhononMesh, phononMesh } from "../properties/phonon-mesh.js";
import { type PhononStatistics, thermalProperties } from "../properties/phonon-thermal.js";
import { type VolumeScanSettings, volumeScan } from "../properties/volume-scan.js";
import type { Structure } from "../structure/structure.js";
import { findSymmetry } from "../structure/symmetry.js";
import { GPA_PER_EV_A3 } from "../units.js";

/** `ratios` are 0.94 to 1.1 in nine steps by default: the curves want a range as narrow as the grid allows. */
export interface QuasiHarmonicSettings extends ForceConstantSettings, MeshSettings, VolumeScanSettings {
  /** K. */
  readonly temperatures: readonly number[];
  /** GPa; 0 by default. */
  readonly pressures?: readonly number[];
  /** "quantum" by default; "classical" is what dynamics samples. */
  readonly statistics?: PhononStatistics;
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
  readonly statistics: PhononStatistics;
  /** The crystal at rest, to which vibrations are added: eV/atom, A^3/atom, GPa at its minimum. */
  readonly static: { readonly energy: number; readonly volume: number; readonly bulkModulus: number };
  /** [L] A^3/atom and eV/atom of the volumes that were scanned. */
  readonly volumes: Float64Array;
  readonly energies: Float64Array;
  readonly points: readonly QuasiHarmonicPoint[];
  /** Points whose volume is not among the scanned ones. */
  readonly missing: readonly { readonly temperature: number; readonly pressure: number; readonly reason: string }[];
  /** eV/atom, the largest root mean square deviation of a free energy from its curve. */
  readonly residual: number;
}

/** From about 10 GPa to where metals melt. */
const DEFAULT_RATIOS = Array.from({ length: 9 }, (_, k) => 0.94 + 0.02 * k);

/**
 * Gibbs energy on a grid of temperatures and pressures in the quasi-harmonic approximation: phonons at several volumes,
 * each with atoms and, where `shape` lets it, shape relaxed at rest; at each temperature a Birch-Murnaghan equation of state
 * of fourth order through F(V) = E(V) + F_vib(V, T), and G = min over V of F + P V. From the same curves through S(V) and
 * C_V(V): alpha = (dS/dV) / B, C_P = C_V + alpha^2 B V T. (Wallace, Thermodynamics of Crystals, 1972.)
 */
export async function quasiHarmonic(
  potential: Potential,
  structure: Structure,
  settings: QuasiHarmonicSettings & LongWork,
): Promise<QuasiHarmonicGrid> {
  const { temperatures, pressures = [0], statistics = "quantum", signal } = settings;
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
  const points: QuasiHarmonicPoint[] = [];
  const missing: { temperature: number; pressure: number; reason: string }[] = [];
  let residual = 0;
  for (const temperature of temperatures) {
    const thermal = meshes.map((_, k) => thermalAt(k, temperature));
    const through = (of: (k: number) => number): FiniteStrainFit =>
      fitFiniteStrain(
        volumes,
        volumes.map((_, k) => of(k)),
      );
    const free = through((k) => energies[k]! + thermal[k]!.freeEnergy);
    const entropy = through((k) => thermal[k]!.entropy);
    const heat = through((k) => thermal[k]!.heatCapacity);
    residual = Math.max(residual, free.residual);
    for (const pressure of pressures) {
      const volume = volumeAt(free, volumes, pressure);
      if (volume === undefined) {
        const [low, high] = [Math.min(...volumes), Math.max(...volumes)].map((v) => v.toFixed(3));
        missing.push({ temperature, pressure, reason: `no stable volume between ${low} and ${high} A^3/atom` });
        continue;
      }
      const { value, curvature } = finiteStrainAt(free, volume);
      const { value: s, slope: tension } = finiteStrainAt(entropy, volume);
      const constantVolume = finiteStrainAt(heat, volume).value;
      // In eV/A^3: B = V d2F/dV2; alpha B = dS/dV.
      const expansion = tension / (volume * curvature);
      points.push({
        temperature,
        pressure,
        gibbs: value + (pressure / GPA_PER_EV_A3) * volume,
        volume,
        entropy: s,
        thermalExpansion: expansion,
        bulkModulus: volume * curvature * GPA_PER_EV_A3,
        heatCapacity: constantVolume + expansion * tension * volume * temperature,
        gruneisen: constantVolume > 0 ? (tension * volume) / constantVolume : 0,
      });
    }
  }
  return { statistics, static: atRest(volumes, energies), volumes, energies, points, missing, residual };
}

/** The volume [A^3/atom] among the scanned ones at which a stable crystal has a pressure [GPa]. */
function volumeAt(free: FiniteStrainFit, volumes: Float64Array, pressure: number): number | undefined {
  const wanted = -pressure / GPA_PER_EV_A3;
  const order = volumes.slice().sort();
  for (let k = 1; k < order.length; k++) {
    let [low, high] = [order[k - 1]!, order[k]!];
    // Where the pressure falls through the wanted one.
    if (finiteStrainAt(free, low).slope > wanted || finiteStrainAt(free, high).slope < wanted) continue;
    for (let step = 0; step < 100; step++) {
      const middle = (low + high) / 2;
      if (finiteStrainAt(free, middle).slope > wanted) high = middle;
      else low = middle;
    }
    return (low + high) / 2;
  }
  return undefined;
}

function atRest(volumes: Float64Array, energies: Float64Array): QuasiHarmonicGrid["static"] {
  const fit = fitFiniteStrain(volumes, energies);
  const volume = volumeAt(fit, volumes, 0);
  if (volume === undefined)
    throw new InputError({
      what: "ratios of volumes",
      value: `${Math.min(...volumes).toFixed(3)} to ${Math.max(...volumes).toFixed(3)} A^3/atom`,
      expected: "a range around the crystal at rest",
    });
  const { value, curvature } = finiteStrainAt(fit, volume);
  return { energy: value, volume, bulkModulus: volume * curvature * GPA_PER_EV_A3 };
}
