import { randomStream } from "../../src/random.js";
import { deform } from "../../src/structure/cell.js";
import { type Structure, toStructure } from "../../src/structure/structure.js";

/** Every coordinate moved by up to `amplitude` (A), the same way for the same seed. */
export function rattled(structure: Structure, amplitude: number, seed = 1): Structure {
  const stream = randomStream(seed, "rattle");
  return {
    ...structure,
    positions: structure.positions.map((x) => x + amplitude * (2 * stream.uniform() - 1)),
  };
}

/** The same atoms under a strain of a few percent in every component. */
export const strained = (structure: Structure): Structure =>
  deform(structure, [1.03, 0.02, -0.04, 0.01, 0.97, 0.03, -0.02, 0.05, 1.01]);

/** The same crystal in a cell with b' = b + a and c' = c + a + b: tilts of whole cell lengths. */
export function skewed(structure: Structure): Structure {
  const { cell } = structure;
  const [a, b, c] = [0, 1, 2].map((i) => cell.subarray(3 * i, 3 * i + 3)) as [Float64Array, Float64Array, Float64Array];
  return {
    ...structure,
    cell: Float64Array.from([...a, ...b.map((x, k) => x + a[k]!), ...c.map((x, k) => x + a[k]! + b[k]!)]),
  };
}

/** The same sites with these elements, in turn. */
export const withElements = (structure: Structure, numbers: readonly number[]): Structure =>
  toStructure({ ...structure, numbers: Array.from(structure.numbers, (_, i) => numbers[i % numbers.length]!) });
