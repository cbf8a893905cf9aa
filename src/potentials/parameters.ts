import * as v from "valibot";
import type { Packer } from "../engine/packer.js";

/** A finite number, as schemas see it. */
export const real = v.pipe(v.number(), v.finite());

/** A finite number above zero. */
export const positive = v.pipe(v.number(), v.finite(), v.gtValue(0));

/**
 * Packs one row of f64 for every ordered pair of species: i32 number of species, i32 `variant` of the law, 8 bytes unused, then from byte 16
 * rows[a][b], each padded to a power of two of at least four numbers.
 */
export function packPairs(
  species: readonly number[],
  memory: Packer,
  rowOf: (a: number, b: number) => readonly number[],
  variant = 0,
): number {
  const rows = species.flatMap((a) => species.map((b) => rowOf(a, b)));
  const width = rows[0]!.length <= 4 ? 4 : 2 ** Math.ceil(Math.log2(rows[0]!.length));
  const address = memory.allocate(16 + 8 * width * rows.length);
  const view = memory.view();
  view.setInt32(address, species.length, true);
  view.setInt32(address + 4, variant, true);
  rows.forEach((row, index) => {
    row.forEach((value, k) => {
      view.setFloat64(address + 16 + 8 * (index * width + k), value, true);
    });
  });
  return address;
}
