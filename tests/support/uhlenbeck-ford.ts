import { thermalWavelength } from "../../src/free-energy/ideal-gas.js";
import {
  reducedDensity,
  uhlenbeckFordCompressibilityFactor,
  uhlenbeckFordExcess,
} from "../../src/free-energy/uhlenbeck-ford-model.js";
import type { PotentialSpec } from "../../src/potentials/potential.js";
import { fcc } from "../../src/structure/lattices.js";
import { BOLTZMANN, GPA_PER_EV_A3 } from "../../src/units.js";

/** The Uhlenbeck-Ford model as a substance: atoms of copper's mass with an energy scale that is p kT at 1000 K. */
export const sigma = 1.6;

/** The potential whose scaling p is `scaling` at a temperature [K]. */
export const substance = (scaling: number, temperature: number): PotentialSpec => ({
  format: "phasecell-potential",
  version: 1,
  terms: [{ kind: "uhlenbeck-ford", strength: scaling * BOLTZMANN * temperature, sigma, cutoff: 4.5 * sigma }],
});

/** A liquid that has to be melted, at roughly the density of the reduced density x. */
export const meltable = (x: number) =>
  ({
    name: "fluid",
    state: "liquid",
    structure: fcc("Cu", Math.cbrt(4 / (x / reducedDensity(sigma, 1)))),
    repeats: [3, 3, 3],
  }) as const;

/** GPa at the reduced density x. */
export const pressureAt = (scaling: number, x: number, temperature: number): number =>
  ((uhlenbeckFordCompressibilityFactor(scaling, x) * x) / reducedDensity(sigma, 1)) *
  BOLTZMANN *
  temperature *
  GPA_PER_EV_A3;

/** G [eV/atom] by the published equation of state. */
export function exactGibbs(scaling: number, temperature: number, pressure: number): number {
  let [low, high] = [1e-3, 3.9];
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (pressureAt(scaling, middle, temperature) < pressure) low = middle;
    else high = middle;
  }
  const density = low / reducedDensity(sigma, 1);
  const kT = BOLTZMANN * temperature;
  const ideal = Math.log(density * thermalWavelength(63.546, temperature) ** 3) - 1;
  return kT * (ideal + uhlenbeckFordExcess(scaling, low)) + pressure / GPA_PER_EV_A3 / density;
}
