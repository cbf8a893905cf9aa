import { cellVolume, toCartesian } from "../../src/structure/cell.js";
import * as lattice from "../../src/structure/lattices.js";
import { type Structure, toStructure } from "../../src/structure/structure.js";
import { supercell } from "../../src/structure/supercell.js";

/** Crystals of silicon by volume [A^3 per atom] and shape. */

/** Two atoms. */
export const diamond = (volume: number): Structure =>
  lattice.diamond("Si", (8 * volume) ** (1 / 3), { primitive: true });

/** Eight atoms, cubic. */
export const cubicDiamond = (volume: number): Structure => lattice.diamond("Si", (8 * volume) ** (1 / 3));

/** Two atoms of the tetragonal path from diamond (c/a = sqrt 2) to beta-tin (about 0.55) in the body-centered cell. */
export function tetragonal(volume: number, ratio: number): Structure {
  const a = ((4 * volume) / ratio) ** (1 / 3);
  return lattice.betaTin("Si", a, ratio * a, { primitive: true });
}

/**
 * Four atoms, body-centered orthorhombic: a, b, c with two rows of atoms shifted by `delta` along c. Beta-tin is
 * a = b, delta = 1/4; simple hexagonal is b = sqrt(3) c, delta = 1/2; Imma lies between.
 */
export function imma(volume: number, bOverA: number, cOverA: number, delta: number): Structure {
  const a = ((4 * volume) / (bOverA * cOverA)) ** (1 / 3);
  const cell = [a, 0, 0, 0, bOverA * a, 0, 0, 0, cOverA * a];
  const rows = [0, 0, 0, 0, 0.5, delta, 0.5, 0.5, 0.5, 0.5, 0, 0.5 + delta];
  return toStructure({ cell, numbers: [14, 14, 14, 14], positions: toCartesian(cell, rows) });
}

/** Imma at a fraction of the way from beta-tin to simple hexagonal. */
export function immaBetween(volume: number, way: number): Structure {
  const cOverA = 0.55 - 0.018 * way;
  return imma(volume, 1 - way + way * Math.sqrt(3) * cOverA, cOverA, 0.25 + 0.25 * way);
}

/** Four atoms. */
export const betaTin = (volume: number, ratio: number): Structure => imma(volume, 1, ratio, 0.25);

/** One atom. */
export function simpleHexagonal(volume: number, ratio: number): Structure {
  const a = (volume / (ratio * Math.sqrt(0.75))) ** (1 / 3);
  return lattice.simpleHexagonal("Si", a, ratio * a);
}

/** One atom. */
export const bodyCentered = (volume: number): Structure =>
  lattice.bcc("Si", (2 * volume) ** (1 / 3), { primitive: true });

/** One atom. */
export const faceCentered = (volume: number): Structure =>
  lattice.fcc("Si", (4 * volume) ** (1 / 3), { primitive: true });

/** A^3. */
export const volumePerAtom = ({ cell, numbers }: Structure): number => cellVolume(cell) / numbers.length;

/**
 * The supercell with rows `matrix` (nine integers), its vectors then shortened: each loses whole multiples of the
 * others while that makes it shorter, which keeps meshes of k-points round.
 */
export function roundSupercell(structure: Structure, matrix: readonly number[]): Structure {
  const large = supercell(structure, matrix);
  const rows = [0, 3, 6].map((start) => [...large.cell.subarray(start, start + 3)]);
  const dot = (u: number[], v: number[]): number => u.reduce((sum, x, k) => sum + x * v[k]!, 0);
  for (let changed = true; changed; ) {
    changed = false;
    for (const [i, j] of [
      [0, 1],
      [0, 2],
      [1, 0],
      [1, 2],
      [2, 0],
      [2, 1],
    ] as const) {
      const quotient = dot(rows[i]!, rows[j]!) / dot(rows[j]!, rows[j]!);
      // At exactly one half both choices are equally long, and would be taken in turn for ever.
      if (Math.abs(quotient) <= 0.5 + 1e-9) continue;
      rows[i] = rows[i]!.map((x, k) => x - Math.round(quotient) * rows[j]![k]!);
      changed = true;
    }
  }
  return { ...large, cell: Float64Array.from(rows.flat()) };
}
