import { InputError } from "../errors.js";
import { cellList } from "../neighbors/cell-list.js";
import { cellVolume, timesMatrix } from "../structure/cell.js";
import type { Structure } from "../structure/structure.js";

/** Who counts as a neighbor of whom, in compressed rows; `a` may be a neighbor of `b` without the reverse. */
export interface Bonds {
  /** [N+1]. */
  readonly offsets: Int32Array;
  /** [P] atoms. */
  readonly neighbors: Int32Array;
  /** [3P] unit vectors towards the neighbor. */
  readonly directions: Float64Array;
  /** [P] A. */
  readonly distances: Float64Array;
  /** [P] how much each counts. */
  readonly weights: Float64Array;
}

/**
 * How neighbors are chosen: all within a `cutoff` [A]; the `nearest` so many; or by solid angle, which needs no number:
 * the m nearest whose solid angles 2 pi (1 - r_i / R) fill the sphere, R the radius of the shell, that is the smallest m
 * with sum_{i <= m} r_i / (m - 2) <= r_{m+1} (J. A. van Meel, L. Filion, C. Valeriani, D. Frenkel, J. Chem. Phys. 136
 * (2012) 234107). It follows the density from place to place and gives 12 for fcc and hcp, 14 for bcc, 16 for diamond.
 */
export type NeighborChoice = { readonly cutoff: number } | { readonly nearest: number } | "solid-angle";

/** Neighbors by a choice; except with a cutoff they come in order of distance. */
export function findBonds(structure: Structure, choice: NeighborChoice): Bonds {
  if (choice !== "solid-angle" && "cutoff" in choice) return bondsWithin(structure, choice.cutoff);
  const count = choice === "solid-angle" ? solidAngleCount : nearestCount(choice.nearest);
  const guess = choice === "solid-angle" ? 20 : choice.nearest;
  // Twice the volume that holds so many on average; grown until each atom has enough.
  for (let cutoff = meanSpacing(structure) * Math.cbrt((6 * guess) / (4 * Math.PI)); ; cutoff *= 1.3) {
    const found = sortedBonds(bondsWithin(structure, cutoff));
    const counts = Int32Array.from({ length: structure.numbers.length }, (_, i) =>
      count(found.distances.subarray(found.offsets[i]!, found.offsets[i + 1]!)),
    );
    if (counts.every((n) => n > 0)) return firstOf(found, counts);
  }
}

/** A, (V/N)^(1/3). */
export function meanSpacing({ cell, numbers, pbc }: Structure): number {
  if (!pbc.every(Boolean))
    throw new InputError({ what: "pbc", value: pbc, expected: "three periodic directions, for a density" });
  return Math.cbrt(cellVolume(cell) / numbers.length);
}

/** All neighbors within `cutoff` A, each with weight 1. */
export function bondsWithin(structure: Structure, cutoff: number): Bonds {
  const { positions, cell } = structure;
  const { offsets, neighbors, shifts } = cellList(structure, cutoff);
  const directions = timesMatrix(shifts, cell);
  const distances = new Float64Array(neighbors.length);
  for (let i = 0; i + 1 < offsets.length; i++)
    for (let k = offsets[i]!; k < offsets[i + 1]!; k++) {
      const j = neighbors[k]!;
      let square = 0;
      for (let d = 0; d < 3; d++) {
        const x = directions[3 * k + d]! + positions[3 * j + d]! - positions[3 * i + d]!;
        directions[3 * k + d] = x;
        square += x * x;
      }
      const length = Math.sqrt(square);
      distances[k] = length;
      for (let d = 0; d < 3; d++) directions[3 * k + d]! /= length;
    }
  return { offsets, neighbors, directions, distances, weights: new Float64Array(neighbors.length).fill(1) };
}

const nearestCount =
  (wanted: number) =>
  (distances: Float64Array): number =>
    distances.length >= wanted ? wanted : 0;

/** Number of neighbors by solid angle; 0 where more distances are needed to tell. */
function solidAngleCount(distances: Float64Array): number {
  let sum = 0;
  for (let m = 1; m < distances.length; m++) {
    sum += distances[m - 1]!;
    if (m > 2 && sum <= (m - 2) * distances[m]!) return m;
  }
  return 0;
}

/** Each row in order of distance. */
function sortedBonds(bonds: Bonds): Bonds {
  const order = Int32Array.from(bonds.neighbors.keys());
  for (let i = 0; i + 1 < bonds.offsets.length; i++)
    order
      .subarray(bonds.offsets[i]!, bonds.offsets[i + 1]!)
      .sort((a, b) => bonds.distances[a]! - bonds.distances[b]! || a - b);
  return picked(bonds, bonds.offsets, order);
}

function firstOf(bonds: Bonds, counts: Int32Array): Bonds {
  const offsets = new Int32Array(counts.length + 1);
  counts.forEach((n, i) => {
    offsets[i + 1] = offsets[i]! + n;
  });
  const entries = new Int32Array(offsets.at(-1)!);
  counts.forEach((n, i) => {
    for (let k = 0; k < n; k++) entries[offsets[i]! + k] = bonds.offsets[i]! + k;
  });
  return picked(bonds, offsets, entries);
}

function picked(bonds: Bonds, offsets: Int32Array, entries: Int32Array): Bonds {
  const directions = new Float64Array(3 * entries.length);
  entries.forEach((from, k) => {
    for (let d = 0; d < 3; d++) directions[3 * k + d] = bonds.directions[3 * from + d]!;
  });
  return {
    offsets,
    directions,
    neighbors: entries.map((k) => bonds.neighbors[k]!),
    distances: Float64Array.from(entries, (k) => bonds.distances[k]!),
    weights: Float64Array.from(entries, (k) => bonds.weights[k]!),
  };
}
