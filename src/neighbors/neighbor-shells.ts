import type { Structure } from "../structure/structure.js";
import { cellList } from "./cell-list.js";
import { neighborDistances } from "./neighbor-distances.js";

/** Neighbors at one distance. */
export interface NeighborShell {
  /** A, mean of the shell. */
  readonly distance: number;
  /** Neighbors per atom, averaged over atoms. */
  readonly count: number;
  /** Neighbors per atom up to this shell. */
  readonly total: number;
}

/** Shells of neighbors within `cutoff` A; distances closer than `tolerance` A to the one before are one shell. */
export function neighborShells(
  structure: Pick<Structure, "cell" | "pbc" | "positions" | "numbers">,
  cutoff: number,
  tolerance = 0.01,
): NeighborShell[] {
  const distances = neighborDistances(structure, cellList(structure, cutoff)).sort();
  const atoms = structure.numbers.length;
  const shells: NeighborShell[] = [];
  let begin = 0;
  for (let k = 1; k <= distances.length; k++) {
    if (k < distances.length && distances[k]! - distances[k - 1]! <= tolerance) continue;
    const shell = distances.subarray(begin, k);
    shells.push({
      distance: shell.reduce((sum, r) => sum + r, 0) / shell.length,
      count: shell.length / atoms,
      total: k / atoms,
    });
    begin = k;
  }
  return shells;
}
