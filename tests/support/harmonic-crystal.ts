import { massesOf } from "../../src/dynamics/velocities.js";
import { cholesky } from "../../src/math/linear-algebra.js";
import type { Potential } from "../../src/potentials/potential.js";
import { cellVolume } from "../../src/structure/cell.js";
import type { Structure } from "../../src/structure/structure.js";
import { BOLTZMANN, REDUCED_PLANCK, TIME_UNIT_FS } from "../../src/units.js";

/**
 * Classical free energy [eV] of a crystal at fixed cell in the harmonic approximation, from the force constants at its
 * sites: F = U + kT sum over 3N-3 modes ln(hbar w / kT) + kT ln(M Lambda^3 / V), where the last term is the center of mass
 * (mass of the whole crystal) in the volume V / M that its M lattice translations leave distinct. The product of the w^2
 * is the determinant of the mass-weighted force constants with the three translations shifted to 1.
 */
export async function harmonicFreeEnergy(
  potential: Potential,
  sites: Structure,
  translations: number,
  temperature: number,
): Promise<number> {
  const count = sites.numbers.length;
  const size = 3 * count;
  const masses = massesOf(sites);
  const total = masses.reduce((sum, m) => sum + m, 0);
  const session = await potential.open(sites);
  const { energy } = await session.evaluate();
  const dynamical = new Float64Array(size * size);
  const h = 1e-3;
  for (let j = 0; j < size; j++) {
    const moved = (by: number): Float64Array => sites.positions.map((x, k) => (k === j ? x + by : x));
    const up = (await session.evaluate({ positions: moved(h) })).forces;
    const down = (await session.evaluate({ positions: moved(-h) })).forces;
    for (let i = 0; i < size; i++) {
      const weight = Math.sqrt(masses[Math.floor(i / 3)]! * masses[Math.floor(j / 3)]!);
      const constant = (down[i]! - up[i]!) / (2 * h) / weight;
      dynamical[i * size + j]! += constant / 2;
      dynamical[j * size + i]! += constant / 2;
    }
  }
  session.dispose();
  for (let i = 0; i < size; i++)
    for (let j = i % 3; j < size; j += 3)
      dynamical[i * size + j]! += Math.sqrt(masses[Math.floor(i / 3)]! * masses[Math.floor(j / 3)]!) / total;
  cholesky(dynamical, size);
  const kT = BOLTZMANN * temperature;
  const hbar = REDUCED_PLANCK / TIME_UNIT_FS;
  let modes = (size - 3) * Math.log(hbar / kT);
  for (let i = 0; i < size; i++) modes += Math.log(dynamical[i * size + i]!);
  const thermalWavelength = hbar * Math.sqrt((2 * Math.PI) / (total * kT));
  return energy + kT * (modes + Math.log((translations * thermalWavelength ** 3) / cellVolume(sites.cell)));
}
