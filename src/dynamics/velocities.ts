import { InputError } from "../errors.js";
import { randomStream } from "../random.js";
import { massOf } from "../structure/elements.js";
import type { Structure } from "../structure/structure.js";
import { BOLTZMANN, TIME_UNIT_FS } from "../units.js";

/** [N] amu: a column `masses` of the structure, else standard atomic weights. */
export function massesOf({ numbers, arrays }: Pick<Structure, "numbers" | "arrays">): Float64Array {
  const column = arrays?.masses;
  const masses = column?.kind === "real" ? column.values.slice() : Float64Array.from(numbers, massOf);
  const wrong = masses.findIndex((mass) => !(mass > 0));
  if (wrong >= 0)
    throw new InputError({ what: `mass of atom ${wrong}`, value: masses[wrong], expected: "above 0 amu" });
  return masses;
}

/** sum m v^2 / 2 [eV] of velocities [3N] A/fs. */
export function kineticEnergy(masses: Float64Array, velocities: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < masses.length; i++)
    for (let d = 3 * i; d < 3 * i + 3; d++) sum += masses[i]! * velocities[d]! ** 2;
  return 0.5 * sum * TIME_UNIT_FS ** 2;
}

/** Takes the velocity of the center of mass off, in place. */
export function restCenter(masses: Float64Array, velocities: Float64Array): void {
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  for (let d = 0; d < 3; d++) {
    let momentum = 0;
    for (let i = 0; i < masses.length; i++) momentum += masses[i]! * velocities[3 * i + d]!;
    for (let i = 0; i < masses.length; i++) velocities[3 * i + d]! -= momentum / total;
  }
}

/**
 * Maxwell-Boltzmann velocities [3N] A/fs with the center of mass at rest, scaled so that the temperature [K] over
 * 3N - 3 degrees of freedom is exactly what was asked for.
 */
export function thermalVelocities(structure: Structure, temperature: number, seed: number): Float64Array {
  if (!(temperature >= 0))
    throw new InputError({ what: "initial temperature", value: temperature, expected: "0 K or more" });
  const masses = massesOf(structure);
  const stream = randomStream(seed, "velocities");
  const velocities = new Float64Array(3 * masses.length);
  for (let i = 0; i < masses.length; i++)
    for (let d = 3 * i; d < 3 * i + 3; d++) velocities[d] = stream.normal() / Math.sqrt(masses[i]!);
  if (masses.length === 1 || temperature === 0) return velocities.fill(0);
  restCenter(masses, velocities);
  const wanted = 0.5 * (3 * masses.length - 3) * BOLTZMANN * temperature;
  const scale = Math.sqrt(wanted / kineticEnergy(masses, velocities));
  return velocities.map((v) => v * scale);
}
