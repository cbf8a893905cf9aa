import { InputError } from "../errors.js";
import { cellVolume } from "../structure/cell.js";
import type { LabeledStructure } from "../structure/labeled-structure.js";

/** How far labels of one arrangement may differ. */
export interface CopyTolerance {
  /** eV/atom; 1e-4 by default. */
  readonly energy?: number;
  /** eV/A, root mean square over components; 3e-3 by default. */
  readonly forces?: number;
  /** A^3/atom; 1e-3 by default. */
  readonly volume?: number;
}

/**
 * For each structure the index of the first that is the same arrangement, its own where it is the first. Copies are told
 * by what neither rotation nor the numbering of atoms changes: composition, volume, energy and root mean square force. A
 * calculation repeated in another orientation is found so, which matters where trajectories are held out. Structures
 * without energy and forces are never copies.
 */
export function findCopies(
  structures: readonly LabeledStructure[],
  { energy = 1e-4, forces = 3e-3, volume = 1e-3 }: CopyTolerance = {},
): Int32Array {
  for (const [name, value] of Object.entries({ energy, forces, volume }))
    if (!(value >= 0)) throw new InputError({ what: `tolerance of ${name}`, value, expected: "a number from 0" });
  const prints = structures.map(fingerprint);
  const first = Int32Array.from(structures, (_, index) => index);
  const byComposition = new Map<string, number[]>();
  for (const [index, print] of prints.entries()) {
    if (!print) continue;
    const earlier = byComposition.get(print.composition) ?? [];
    byComposition.set(print.composition, earlier);
    const same = earlier.find((other) => {
      const { volume: v, energy: e, forces: f } = prints[other]!;
      return (
        Math.abs(v - print.volume) <= volume &&
        Math.abs(e - print.energy) <= energy &&
        Math.abs(f - print.forces) <= forces
      );
    });
    if (same === undefined) earlier.push(index);
    else first[index] = same;
  }
  return first;
}

function fingerprint({ structure, energy, forces }: LabeledStructure) {
  if (energy === undefined || forces === undefined) return undefined;
  const atoms = structure.numbers.length;
  return {
    composition: Array.from(structure.numbers)
      .sort((a, b) => a - b)
      .join(" "),
    volume: cellVolume(structure.cell) / atoms,
    energy: energy / atoms,
    forces: Math.sqrt(forces.reduce((sum, f) => sum + f * f, 0) / forces.length),
  };
}
