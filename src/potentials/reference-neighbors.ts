import type { ReferenceResult, ReferenceSystem } from "./term.js";

/** An atom j within reach of an atom i: its index, its type, the vector from i to it and its length (A). */
export interface Neighbor {
  readonly atom: number;
  readonly type: number;
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly r: number;
}

/** The neighbors of atom i closer than `cutoff` (A). */
export function neighborsWithin(system: ReferenceSystem, i: number, cutoff: number): Neighbor[] {
  const { positions, cell, types, list } = system;
  const found: Neighbor[] = [];
  for (let k = list.offsets[i]!; k < list.offsets[i + 1]!; k++) {
    const atom = list.neighbors[k]!;
    const [a, b, c] = [list.shifts[3 * k]!, list.shifts[3 * k + 1]!, list.shifts[3 * k + 2]!];
    const x = positions[3 * atom]! - positions[3 * i]! + a * cell[0]! + b * cell[3]! + c * cell[6]!;
    const y = positions[3 * atom + 1]! - positions[3 * i + 1]! + a * cell[1]! + b * cell[4]! + c * cell[7]!;
    const z = positions[3 * atom + 2]! - positions[3 * i + 2]! + a * cell[2]! + b * cell[5]! + c * cell[8]!;
    const r = Math.sqrt(x * x + y * y + z * z);
    if (r < cutoff) found.push({ atom, type: types[atom]!, x, y, z, r });
  }
  return found;
}

/**
 * Adds what follows from dE/d(r_ij) = g (eV/A), the gradient of some energy with respect to the vector from i to a
 * neighbor: the force g on i, -g on the neighbor, and the virial -r g, shared by the two.
 */
export function addVectorGradient(
  result: ReferenceResult,
  i: number,
  neighbor: Neighbor,
  gx: number,
  gy: number,
  gz: number,
): void {
  const { forces, atomVirials } = result;
  const { atom, x, y, z } = neighbor;
  const r = [x, y, z];
  const g = [gx, gy, gz];
  for (let a = 0; a < 3; a++) {
    forces[3 * i + a]! += g[a]!;
    forces[3 * atom + a]! -= g[a]!;
    for (let b = 0; b < 3; b++) {
      const half = -0.5 * r[a]! * g[b]!;
      atomVirials[9 * i + 3 * a + b]! += half;
      atomVirials[9 * atom + 3 * a + b]! += half;
    }
  }
}

/** Adds dE/dr_ij = `slope` (eV/A), along the neighbor's own direction. */
export function addPairGradient(result: ReferenceResult, i: number, neighbor: Neighbor, slope: number): void {
  const a = slope / neighbor.r;
  addVectorGradient(result, i, neighbor, a * neighbor.x, a * neighbor.y, a * neighbor.z);
}

/** Adds a gradient (eV/A) that lies `along` the neighbor's own direction and `across` in that of another one. */
export function addBendGradient(
  result: ReferenceResult,
  i: number,
  neighbor: Neighbor,
  along: number,
  across: number,
  other: Neighbor,
): void {
  const [a, b] = [along / neighbor.r, across / other.r];
  addVectorGradient(
    result,
    i,
    neighbor,
    a * neighbor.x + b * other.x,
    a * neighbor.y + b * other.y,
    a * neighbor.z + b * other.z,
  );
}
