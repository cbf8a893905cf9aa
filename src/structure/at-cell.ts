import { toCartesian, toFractional } from "./cell.js";
import type { Structure } from "./structure.js";

/** The structure with its fractional positions in another cell [9] A. */
export const atCell = (structure: Structure, cell: Float64Array): Structure => ({
  ...structure,
  cell,
  positions: toCartesian(cell, toFractional(structure.cell, structure.positions)),
});
