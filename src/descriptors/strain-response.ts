import { cellVolume } from "../structure/cell.js";
import type { Structure } from "../structure/structure.js";
import type { DescriptorSession } from "./descriptor.js";

/**
 * Exact first-order response of the components of a one-element structure to homogeneous strain, averaged over atoms:
 * [6 x K] row major, rows xx yy zz yz xz xy (engineering shears), d<B_k>/d strain. Atoms move with the cell.
 */
export function strainResponse(session: DescriptorSession, structure: Structure): Float64Array {
  const { stress, columns } = session.designBlock(structure);
  const perAtom = cellVolume(structure.cell) / structure.numbers.length;
  const length = columns - 1;
  const response = new Float64Array(6 * length);
  for (let row = 0; row < 6; row++)
    for (let k = 0; k < length; k++) response[row * length + k] = stress[row * columns + 1 + k]! * perAtom;
  return response;
}
