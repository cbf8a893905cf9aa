import { ComputationError, InputError } from "../errors.js";
import { BOLTZMANN, PLANCK } from "../units.js";
import type { PhononMesh } from "./phonon-mesh.js";

export type PhononStatistics = "quantum" | "classical";

/** What harmonic vibrations at fixed cell add, per atom. */
export interface ThermalProperties {
  /** K. */
  readonly temperature: number;
  /** eV/atom, Helmholtz; without the static energy. */
  readonly freeEnergy: number;
  /** eV/atom, kinetic and potential; without the static energy. */
  readonly energy: number;
  /** eV/K/atom. */
  readonly entropy: number;
  /** eV/K/atom, at constant volume. */
  readonly heatCapacity: number;
}

/** THz: a mode below this is one of the three translations at Gamma. */
const AT_REST = 1e-3;

/** eV/atom, half h nu of every mode. */
export const zeroPointEnergy = (mesh: PhononMesh): number => sumOverModes(mesh, (energy) => energy / 2);

/**
 * Thermal properties of harmonic oscillators at a temperature [K], with x = h nu / kT, per mode:
 *   quantum    F = h nu / 2 + kT ln(1 - exp(-x)),  C = k (x/2 / sinh(x/2))^2,
 *   classical  F = kT ln x,                        C = k.
 * Translations at Gamma, which are no oscillators, count as nothing; an imaginary frequency is a ComputationError.
 */
export function thermalProperties(
  mesh: PhononMesh,
  temperature: number,
  statistics: PhononStatistics = "quantum",
): ThermalProperties {
  const classical = statistics === "classical";
  if (!(temperature >= 0 && temperature < Infinity) || (classical && temperature === 0))
    throw new InputError({
      what: "temperature",
      value: temperature,
      expected: classical ? "above 0 K" : "0 K or above",
    });
  const kT = BOLTZMANN * temperature;
  if (temperature === 0) {
    const energy = zeroPointEnergy(mesh);
    return { temperature, freeEnergy: energy, energy, entropy: 0, heatCapacity: 0 };
  }
  const freeEnergy = classical
    ? sumOverModes(mesh, (e) => kT * Math.log(e / kT))
    : sumOverModes(mesh, (e) => e / 2 + kT * Math.log(-Math.expm1(-e / kT)));
  const energy = sumOverModes(mesh, (e) => (classical ? kT : e / 2 + e / Math.expm1(e / kT)));
  const heatCapacity = sumOverModes(mesh, (e) =>
    classical ? BOLTZMANN : BOLTZMANN * (e / (2 * kT) / Math.sinh(Math.min(e / (2 * kT), 300))) ** 2,
  );
  return { temperature, freeEnergy, energy, entropy: (energy - freeEnergy) / temperature, heatCapacity };
}

/** Mean over the mesh of a function of h nu [eV], per atom. */
function sumOverModes({ frequencies, weights, atoms }: PhononMesh, of: (energy: number) => number): number {
  const branches = 3 * atoms;
  let sum = 0;
  for (let mode = 0; mode < frequencies.length; mode++) {
    const frequency = frequencies[mode]!;
    if (frequency < -AT_REST)
      throw new ComputationError({
        what: "thermal properties",
        value: `an imaginary frequency of ${(-frequency).toFixed(3)} THz`,
        expected: "a crystal that is stable against every small displacement",
        attempt: "another volume, or dynamics at temperature, which can stabilize the crystal",
      });
    if (frequency > AT_REST) sum += weights[Math.floor(mode / branches)]! * of((PLANCK * frequency) / 1000);
  }
  return sum / atoms;
}
