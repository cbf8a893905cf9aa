import { massesOf } from "../dynamics/velocities.js";
import { InputError } from "../errors.js";
import { logarithm } from "../math/elementary.js";
import { cellVolume } from "../structure/cell.js";
import type { Structure } from "../structure/structure.js";
import { BOLTZMANN, REDUCED_PLANCK, TIME_UNIT_FS } from "../units.js";

/** Thermal de Broglie wavelength [A], h / sqrt(2 pi m kT), of a mass [amu]. */
export const thermalWavelength = (mass: number, temperature: number): number =>
  (REDUCED_PLANCK / TIME_UNIT_FS) * Math.sqrt((2 * Math.PI) / (mass * BOLTZMANN * temperature));

/**
 * Helmholtz free energy [eV/atom] of an ideal gas of the structure's atoms in its cell, in the thermodynamic limit,
 *
 *   F/N = kT sum_s c_s [ln(c_s rho Lambda_s^3) - 1],
 *
 * with atoms of one mass and element as a species s. ln N! is N ln N - N: the exact one of N atoms adds kT ln(2 pi N) / 2N
 * per atom, which every fluid has but for the factor kT rho kappa_T in the logarithm, so it is no part of a liquid's
 * free energy in the limit.
 */
export function idealGasFreeEnergy(structure: Structure, temperature: number): number {
  if (!(temperature > 0)) throw new InputError({ what: "temperature", value: temperature, expected: "above 0 K" });
  const count = structure.numbers.length;
  const density = count / cellVolume(structure.cell);
  const species = new Map<string, { mass: number; atoms: number }>();
  massesOf(structure).forEach((mass, i) => {
    const name = `${structure.numbers[i]} ${mass}`;
    species.set(name, { mass, atoms: (species.get(name)?.atoms ?? 0) + 1 });
  });
  let sum = 0;
  for (const { mass, atoms } of species.values()) {
    const share = atoms / count;
    sum += share * (logarithm(share * density) + 3 * logarithm(thermalWavelength(mass, temperature)) - 1);
  }
  return BOLTZMANN * temperature * sum;
}
