import { timesMatrix } from "../structure/cell.js";
import type { Structure } from "../structure/structure.js";
import type { NeighborList } from "./neighbor-list.js";

/** [P] A, |x_j + shift . cell - x_i| of every entry of a list. */
export function neighborDistances(
  { cell, positions }: Pick<Structure, "cell" | "positions">,
  { offsets, neighbors, shifts }: NeighborList,
): Float64Array {
  const translations = timesMatrix(shifts, cell);
  const distances = new Float64Array(neighbors.length);
  for (let i = 0; i + 1 < offsets.length; i++)
    for (let k = offsets[i]!; k < offsets[i + 1]!; k++) {
      let square = 0;
      for (let d = 0; d < 3; d++)
        square += (positions[3 * neighbors[k]! + d]! + translations[3 * k + d]! - positions[3 * i + d]!) ** 2;
      distances[k] = Math.sqrt(square);
    }
  return distances;
}
