import type { Potential } from "../potentials/potential.js";
import { atCell } from "../structure/at-cell.js";
import { cellVolume } from "../structure/cell.js";
import type { Structure } from "../structure/structure.js";
import { BOLTZMANN, GPA_PER_EV_A3 } from "../units.js";

/** Relative change of lengths either way of the difference. */
const STEP = 1e-3;

/**
 * Bulk modulus [GPa] of atoms that follow the cell without rearranging, -V dP/dV of NkT/V and the virial: what a barostat
 * needs to know of a substance to relax it in a given time. Liquids rearrange and have about half of it.
 */
export async function affineBulkModulus(
  potential: Potential,
  structure: Structure,
  temperature: number,
): Promise<number> {
  const thermal = structure.numbers.length * BOLTZMANN * temperature;
  const session = await potential.open(structure);
  try {
    const pressureAt = async (stretch: number): Promise<number> => {
      const cell = structure.cell.map((x) => x * stretch);
      const { virial } = await session.evaluate({ cell, positions: atCell(structure, cell).positions });
      return (thermal + (virial[0]! + virial[4]! + virial[8]!) / 3) / cellVolume(cell);
    };
    const change = (await pressureAt(1 - STEP)) - (await pressureAt(1 + STEP));
    // An ideal gas has its pressure; what has less is about to fall apart, and the barostat shall not hasten it.
    return Math.max(change / (6 * STEP), thermal / cellVolume(structure.cell)) * GPA_PER_EV_A3;
  } finally {
    session.dispose();
  }
}
