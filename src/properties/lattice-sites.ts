import { halfCellList } from "../neighbors/cell-list.js";
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
  const { offsets, neighbors, shifts } = halfCellList(structure, cutoff);
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
  /** Where each atom goes when the first goes to site j: undefined where one of them finds no site. */
  const translated = (j: number): Int32Array | undefined => {
    const [a, b, c] = [0, 1, 2].map((d) => fractional[3 * j + d]! - fractional[3 * first + d]!) as [
      number,
      number,
      number,
    ];
    const targets = new Int32Array(numbers.length);
    const complete = numbers.every((z, i) => {
      targets[i] = find(z, fractional[3 * i]! + a, fractional[3 * i + 1]! + b, fractional[3 * i + 2]! + c);
      return targets[i]! >= 0;
    });
    return complete ? targets : undefined;
  };
  // Translations form a group: from where it takes the first atom, a new one takes it on until it comes back.
  const reached = new Set([first]);
  numbers.forEach((z, j) => {
    if (z !== rare || reached.has(j)) return;
    const targets = translated(j);
    if (!targets) return;
    let sites = [...reached].map((i) => targets[i]!);
    while (!reached.has(sites[0]!)) {
      for (const site of sites) reached.add(site);
      sites = sites.map((i) => targets[i]!);
    }
  });
  return reached.size;
}

function rarestElement(numbers: Uint8Array): number {
  const counts = new Map<number, number>();
  for (const z of numbers) counts.set(z, (counts.get(z) ?? 0) + 1);
  return [...counts].reduce((least, entry) => (entry[1] < least[1] ? entry : least))[0];
}

/** The atom of element z that stands, to `tolerance` A, at fractional coordinates; -1 where none does. */
type FindSite = (z: number, a: number, b: number, c: number) => number;

/** Atoms in bins of the cell, about one in each; nothing is allocated when asked. */
function siteFinder({ cell, numbers }: Structure, fractional: Float64Array, tolerance: number): FindSite {
  const each = Math.max(1, Math.floor(Math.cbrt(numbers.length)));
  const [m0, m1, m2] = cellHeights(cell).map((height) => tolerance / height) as [number, number, number];
  const along = (x: number): number => Math.floor((x - Math.floor(x)) * each) % each;
  const bins = Array.from({ length: each ** 3 }, (): number[] => []);
  numbers.forEach((_, j) => {
    const bin =
      (along(fractional[3 * j]!) * each + along(fractional[3 * j + 1]!)) * each + along(fractional[3 * j + 2]!);
    bins[bin]!.push(j);
  });
  const isThere = (j: number, a: number, b: number, c: number): boolean => {
    const x = a - fractional[3 * j]!,
      y = b - fractional[3 * j + 1]!,
      z = c - fractional[3 * j + 2]!;
    const u = x - Math.round(x),
      v = y - Math.round(y),
      w = z - Math.round(z);
    const dx = u * cell[0]! + v * cell[3]! + w * cell[6]!;
    const dy = u * cell[1]! + v * cell[4]! + w * cell[7]!;
    const dz = u * cell[2]! + v * cell[5]! + w * cell[8]!;
    return dx * dx + dy * dy + dz * dz < tolerance * tolerance;
  };
  const inBin = (bin: readonly number[], z: number, a: number, b: number, c: number): number => {
    for (const j of bin) if (numbers[j] === z && isThere(j, a, b, c)) return j;
    return -1;
  };
  return (z, a, b, c) => {
    // A place within the tolerance of a face of its bin is looked for on either side.
    for (let i = 0; i < 8; i++) {
      const p = along(a + (i & 1 ? m0 : -m0)),
        q = along(b + (i & 2 ? m1 : -m1)),
        r = along(c + (i & 4 ? m2 : -m2));
      const j = inBin(bins[(p * each + q) * each + r]!, z, a, b, c);
      if (j >= 0) return j;
    }
    return -1;
  };
}
