import { massesOf } from "../../src/dynamics/velocities.js";
import type { Potential } from "../../src/potentials/potential.js";
import type { Structure } from "../../src/structure/structure.js";
import { TIME_UNIT_FS } from "../../src/units.js";

/** A, step of the difference of fourth order. */
const STEP = 0.01;

/**
 * Frequency [THz] at which two equal atoms of a cell swing against each other along x: from energies alone, the curvature
 * against the distance of the sublattices over the reduced mass.
 */
export async function frozenOpticalMode(potential: Potential, structure: Structure): Promise<number> {
  const session = await potential.open(structure);
  const energies: number[] = [];
  for (const n of [-2, -1, 0, 1, 2]) {
    const half = (n * STEP) / 2;
    const positions = structure.positions.map((x, k) => x + (k === 0 ? half : k === 3 ? -half : 0));
    energies.push((await session.evaluate({ positions })).energy);
  }
  session.dispose();
  const sum = [-1, 16, -30, 16, -1].reduce((total, weight, k) => total + weight * energies[k]!, 0);
  const curvature = sum / (12 * STEP ** 2);
  return (1000 / (2 * Math.PI * TIME_UNIT_FS)) * Math.sqrt((2 * curvature) / massesOf(structure)[0]!);
}
