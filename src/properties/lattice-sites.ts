import { allPairs } from "../neighbors/all-pairs.js";
import { invertCell, timesMatrix } from "../structure/cell.js";
import type { Structure } from "../structure/structure.js";

/** How far atoms are from their lattice sites. */
export interface SiteDisplacements {
  /** A^2, mean over atoms of |r - site|^2, without the common drift. */
  readonly meanSquare: number;
  /** A, largest |r - site|. */
  readonly largest: number;
  /** The atom of the largest. */
  readonly atom: number;
}

/**
 * Displacements of atoms (unwrapped) from the sites of a reference crystal in fractional coordinates, so that a changed
 * cell does not count; the common drift is removed.
 */
export function siteDisplacements(positions: Float64Array, cell: Float64Array, sites: Structure): SiteDisplacements {
  const count = sites.numbers.length;
  const ideal = timesMatrix(timesMatrix(sites.positions, invertCell(sites.cell)), cell);
  const drift = [0, 0, 0];
  positions.forEach((x, i) => {
    drift[i % 3]! += (x - ideal[i]!) / count;
  });
  let [sum, largest, atom] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const square = [0, 1, 2].reduce((s, d) => s + (positions[3 * i + d]! - ideal[3 * i + d]! - drift[d]!) ** 2, 0);
    sum += square;
    if (square > largest) [largest, atom] = [square, i];
  }
  return { meanSquare: sum / count, largest: Math.sqrt(largest), atom };
}

/** A, the shortest distance between atoms of a structure, periodic images included. */
export function nearestNeighborDistance(structure: Structure): number {
  const lengths = [0, 3, 6].map((row) => Math.hypot(...structure.cell.subarray(row, row + 3)));
  const densest = Math.min(...lengths) * 1.001;
  const { offsets, neighbors, shifts } = allPairs(structure, densest);
  let shortest = densest;
  const translations = timesMatrix(Float64Array.from(shifts), structure.cell);
  for (let i = 0; i < structure.numbers.length; i++)
    for (let k = offsets[i]!; k < offsets[i + 1]!; k++) {
      const length = Math.hypot(
        ...[0, 1, 2].map(
          (d) =>
            structure.positions[3 * neighbors[k]! + d]! - structure.positions[3 * i + d]! + translations[3 * k + d]!,
        ),
      );
      shortest = Math.min(shortest, length);
    }
  return shortest;
}

/**
 * Number of translations that map a crystal onto itself: the primitive cells in a supercell. Atoms of one element are
 * indistinguishable; sites are compared to `tolerance` A.
 */
export function latticeTranslations(structure: Structure, tolerance = 1e-3): number {
  const { cell, numbers, positions } = structure;
  const count = numbers.length;
  const fractional = timesMatrix(positions, invertCell(cell));
  const rare = rarestElement(numbers);
  const first = numbers.indexOf(rare);
  let translations = 0;
  for (let j = 0; j < count; j++) {
    if (numbers[j] !== rare) continue;
    const by = [0, 1, 2].map((d) => fractional[3 * j + d]! - fractional[3 * first + d]!);
    if (mapsOntoItself(fractional, numbers, cell, by, tolerance)) translations++;
  }
  return translations;
}

function rarestElement(numbers: Uint8Array): number {
  const counts = new Map<number, number>();
  for (const z of numbers) counts.set(z, (counts.get(z) ?? 0) + 1);
  return [...counts].reduce((least, entry) => (entry[1] < least[1] ? entry : least))[0];
}

function mapsOntoItself(
  fractional: Float64Array,
  numbers: Uint8Array,
  cell: Float64Array,
  by: readonly number[],
  tolerance: number,
): boolean {
  const count = numbers.length;
  const fraction = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    let met = false;
    for (let j = 0; j < count && !met; j++) {
      if (numbers[i] !== numbers[j]) continue;
      for (let d = 0; d < 3; d++) {
        const x = fractional[3 * i + d]! + by[d]! - fractional[3 * j + d]!;
        fraction[d] = x - Math.round(x);
      }
      let square = 0;
      for (let d = 0; d < 3; d++)
        square += (fraction[0]! * cell[d]! + fraction[1]! * cell[3 + d]! + fraction[2]! * cell[6 + d]!) ** 2;
      met = square < tolerance * tolerance;
    }
    if (!met) return false;
  }
  return true;
}
