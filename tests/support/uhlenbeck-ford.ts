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

/**
 * Mayer's function of p = 1 is -exp(-r^2), so that each of its diagrams is a Gaussian integral: (pi^(n-1) / trees)^(3/2), with the
 * number of spanning trees. B_n / b^(n-1) of n = 2 to 7 are 2^(n-1) (1-n)/n! times the sum of (-1)^edges trees^(-3/2) over all
 * labeled two-connected graphs of n points (done once); those of n = 8 to 13, worth 1e-4 at x = 0.7: R. Paula Leite et al.,
 * J. Chem. Phys. 145 (2016) 194101.
 */
const VIRIAL_OF_ONE = [
  1, 0.25660011963983, -0.12545995705504, 0.01332565517321, 0.03846093583087, -0.03308344290307, 0.00418241876968,
  0.0151976071955, -0.01384965413458, 0.00133475791711, 0.00760432724881, -0.00672644140879,
];

/** Excess free energy over kT per atom and Z of p = 1 at reduced densities x up to 0.7, where the series ends at 1e-5. */
export const exactOfOne = (x: number) => ({
  excess: VIRIAL_OF_ONE.reduce((sum, b, k) => sum + (b * x ** (k + 1)) / (k + 1), 0),
  factor: VIRIAL_OF_ONE.reduce((sum, b, k) => sum + b * x ** (k + 1), 1),
});
