import type { Packer } from "../engine/packer.js";

/** A number and how it is stored. */
export type Cell = readonly ["i32" | "f64", number];

export const integer = (value: number): Cell => ["i32", value];
export const real = (value: number): Cell => ["f64", value];

/** Packs numbers of mixed kinds one after the other, without padding; returns the address. */
export function packCells(memory: Packer, cells: readonly Cell[]): number {
  const bytes = cells.reduce((sum, [kind]) => sum + (kind === "i32" ? 4 : 8), 0);
  const address = memory.allocate(bytes);
  const view = memory.view();
  let place = address;
  for (const [kind, value] of cells) {
    if (kind === "i32") view.setInt32(place, value, true);
    else view.setFloat64(place, value, true);
    place += kind === "i32" ? 4 : 8;
  }
  return address;
}
