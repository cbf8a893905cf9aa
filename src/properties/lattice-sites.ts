import { cellList } from "../neighbors/cell-list.js";
import { cellHeights, cellVolume, invertCell, timesMatrix } from "../structure/cell.js";
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
  const { cell, numbers } = structure;
  // An atom has an image one lattice vector away. Lists grow until they hold a pair: few are as sparse as their cell.
  const sparsest = Math.min(...[0, 3, 6].map((row) => Math.hypot(...cell.subarray(row, row + 3)))) * 1.001;
  for (let cutoff = 1.2 * Math.cbrt(cellVolume(cell) / numbers.length); ; cutoff *= 1.5) {
    const shortest = shortestWithin(structure, Math.min(cutoff, sparsest));
    if (shortest < Number.POSITIVE_INFINITY || cutoff >= sparsest) return Math.min(shortest, sparsest);
  }
}

/** A, infinite where no two atoms are nearer than the cutoff. */
function shortestWithin(structure: Structure, cutoff: number): number {
  const { offsets, neighbors, shifts } = cellList(structure, cutoff);
  const translations = timesMatrix(shifts, structure.cell);
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < structure.numbers.length; i++)
    for (let k = offsets[i]!; k < offsets[i + 1]!; k++) {
      let square = 0;
      for (let d = 0; d < 3; d++)
        square +=
          (structure.positions[3 * neighbors[k]! + d]! - structure.positions[3 * i + d]! + translations[3 * k + d]!) **
          2;
      least = Math.min(least, square);
    }
  return Math.sqrt(least);
}

/**
 * Number of translations that map a crystal onto itself: the primitive cells in a supercell. Atoms of one element are
 * indistinguishable; sites are compared to `tolerance` A.
 */
export function latticeTranslations(structure: Structure, tolerance = 1e-3): number {
  const { cell, numbers, positions } = structure;
  const fractional = timesMatrix(positions, invertCell(cell));
  const find = siteFinder(structure, fractional, tolerance);
  const rare = rarestElement(numbers);
  const first = numbers.indexOf(rare);
  let translations = 0;
  for (let j = 0; j < numbers.length; j++) {
    if (numbers[j] !== rare) continue;
    const by = [0, 1, 2].map((d) => fractional[3 * j + d]! - fractional[3 * first + d]!);
    if (numbers.every((z, i) => find(z, by, i))) translations++;
  }
  return translations;
}

function rarestElement(numbers: Uint8Array): number {
  const counts = new Map<number, number>();
  for (const z of numbers) counts.set(z, (counts.get(z) ?? 0) + 1);
  return [...counts].reduce((least, entry) => (entry[1] < least[1] ? entry : least))[0];
}

/** Whether an atom of element z stands, to `tolerance` A, where atom i moved `by` a fraction of the cell would stand. */
type FindSite = (z: number, by: readonly number[], i: number) => boolean;

/** Atoms in bins of the cell, about one in each, so that finding one does not take a look at all. */
function siteFinder({ cell, numbers }: Structure, fractional: Float64Array, tolerance: number): FindSite {
  const count = numbers.length;
  const each = Math.max(1, Math.floor(Math.cbrt(count)));
  const margins = cellHeights(cell).map((height) => tolerance / height);
  const along = (x: number): number => Math.floor((x - Math.floor(x)) * each) % each;
  const bins = Array.from({ length: each ** 3 }, (): number[] => []);
  for (let j = 0; j < count; j++) {
    const [a, b, c] = [0, 1, 2].map((d) => along(fractional[3 * j + d]!)) as [number, number, number];
    bins[(a * each + b) * each + c]!.push(j);
  }
  const isThere = (j: number, place: readonly number[]): boolean => {
    const [x, y, z] = place.map((f, d) => f - fractional[3 * j + d]! - Math.round(f - fractional[3 * j + d]!));
    let square = 0;
    for (let d = 0; d < 3; d++) square += (x! * cell[d]! + y! * cell[3 + d]! + z! * cell[6 + d]!) ** 2;
    return square < tolerance * tolerance;
  };
  return (z, by, i) => {
    const place = by.map((f, d) => fractional[3 * i + d]! + f);
    const [first, second, third] = place.map((f, d) => new Set([along(f - margins[d]!), along(f + margins[d]!)]));
    for (const a of first!)
      for (const b of second!)
        for (const c of third!)
          if (bins[(a * each + b) * each + c]!.some((j) => numbers[j] === z && isThere(j, place))) return true;
    return false;
  };
}
