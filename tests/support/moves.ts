import { type Structure, toStructure } from "../../src/structure/structure.js";

/** Slope of f at 0 from four values, of fourth order in the step. */
export async function centralDifference(f: (x: number) => Promise<number>, step: number): Promise<number> {
  const near = (await f(step)) - (await f(-step));
  const far = (await f(2 * step)) - (await f(-2 * step));
  return (8 * near - far) / (12 * step);
}

/** One coordinate (index into the positions) moved by x. */
export const moveAtom = (structure: Structure, index: number, x: number): Structure => ({
  ...structure,
  positions: structure.positions.map((value, k) => (k === index ? value + x : value)),
});

/** Every vector r changed by r_b += x r_a, the component being 3 a + b. */
export function strainedBy(structure: Structure, component: number, x: number): Structure {
  const [a, b] = [Math.floor(component / 3), component % 3];
  const strain = (vectors: Float64Array): Float64Array =>
    vectors.map((value, k) => (k % 3 === b ? value + x * vectors[k - b + a]! : value));
  return { ...structure, cell: strain(structure.cell), positions: strain(structure.positions) };
}

/** Turned by an angle about no special axis. */
export function rotated(structure: Structure): Structure {
  const [c, s, d, t] = [Math.cos(0.7), Math.sin(0.7), Math.cos(1.9), Math.sin(1.9)];
  const turn = (vectors: Float64Array): Float64Array => {
    const result = new Float64Array(vectors.length);
    for (let k = 0; k < vectors.length; k += 3) {
      const [x, y, z] = [c * vectors[k]! - s * vectors[k + 1]!, s * vectors[k]! + c * vectors[k + 1]!, vectors[k + 2]!];
      result.set([x, d * y - t * z, t * y + d * z], k);
    }
    return result;
  };
  return { ...structure, cell: turn(structure.cell), positions: turn(structure.positions) };
}

/** Atoms in another order: new atom k is old atom order[k]. */
export const reorder = (structure: Structure, order: readonly number[]): Structure =>
  toStructure({
    ...structure,
    numbers: order.map((i) => structure.numbers[i]!),
    positions: order.flatMap((i) => Array.from(structure.positions.subarray(3 * i, 3 * i + 3))),
  });

/** An isolated pair of the first two atoms, this far apart (A). */
export const toward = (numbers: ArrayLike<number>, distance: number): Structure =>
  toStructure({
    cell: [20, 0, 0, 0, 20, 0, 0, 0, 20],
    pbc: false,
    numbers: [numbers[0]!, numbers[1] ?? numbers[0]!],
    positions: [0, 0, 0, distance * 0.48, distance * 0.6, distance * 0.64],
  });
