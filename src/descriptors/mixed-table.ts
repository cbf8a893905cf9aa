import type { Packer } from "../engine/packer.js";

/** A number and how it is stored. */
export type Cell = readonly ["i32" | "f32" | "f64", number];

export const integer = (value: number): Cell => ["i32", value];
export const real = (value: number): Cell => ["f64", value];
export const single = (value: number): Cell => ["f32", value];

/** Packs numbers of mixed kinds one after the other, without padding; returns the address. */
export function packCells(memory: Packer, cells: readonly Cell[]): number {
  const bytes = cells.reduce((sum, [kind]) => sum + (kind === "f64" ? 8 : 4), 0);
  const address = memory.allocate(bytes);
  const view = memory.view();
  let place = address;
  for (const [kind, value] of cells) {
    if (kind === "i32") view.setInt32(place, value, true);
    else if (kind === "f32") view.setFloat32(place, value, true);
    else view.setFloat64(place, value, true);
    place += kind === "f64" ? 8 : 4;
  }
  return address;
}
