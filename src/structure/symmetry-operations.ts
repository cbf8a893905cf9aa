import { ComputationError } from "../errors.js";
import { invertCell, timesMatrix, toFractional } from "./cell.js";
import type { Structure } from "./structure.js";
import { analyzeSymmetry } from "./symmetry.js";

/** A space-group operation of a structure: fractional x becomes W x + w. */
export interface SymmetryOperation {
  /** [9] whole numbers W, row major, on columns of fractional coordinates. */
  readonly rotation: readonly number[];
  /** [9] The same rotation of Cartesian row vectors: v becomes v Q. */
  readonly cartesian: Float64Array;
  /** [N] the atom that each atom is mapped on. */
  readonly images: readonly number[];
  /** [3N] whole numbers: the cell of that image, for an atom of the first cell. */
  readonly cells: readonly number[];
}

/** All operations of a structure within a `tolerance` of positions [A], by moyo; the identity is the first of them. */
export async function symmetryOperations(structure: Structure, tolerance = 1e-4): Promise<SymmetryOperation[]> {
  const { cell, numbers } = structure;
  const fractional = toFractional(cell, structure.positions);
  const found = await analyzeSymmetry(structure, tolerance);
  const inverse = invertCell(cell);
  const operations = found.operations.map(({ rotation: transposed, translation }) => {
    // moyo writes the matrix column by column.
    const rotation = transposed.map((_, k) => transposed[3 * (k % 3) + Math.floor(k / 3)]!);
    const moved = timesMatrix(fractional, transposed).map((x, k) => x + translation[k % 3]!);
    return {
      rotation,
      cartesian: timesMatrix(timesMatrix(inverse, transposed), cell),
      ...match(moved, fractional, numbers, 0.5 * tolerance + 1e-2),
    };
  });
  return operations.sort((a, b) => Number(isIdentity(b)) - Number(isIdentity(a)));
}

const isIdentity = ({ rotation, images }: SymmetryOperation): boolean =>
  rotation.every((w, k) => w === (k % 4 === 0 ? 1 : 0)) && images.every((image, n) => image === n);

/** For each moved atom the nearest one of its element, and the cell it has come to. */
function match(moved: Float64Array, fractional: Float64Array, numbers: Uint8Array, limit: number) {
  const images: number[] = [];
  const cells: number[] = [];
  for (let n = 0; n < numbers.length; n++) {
    let best = { distance: limit, atom: -1, cell: [0, 0, 0] };
    for (let m = 0; m < numbers.length; m++) {
      if (numbers[m] !== numbers[n]) continue;
      const difference = [0, 1, 2].map((d) => moved[3 * n + d]! - fractional[3 * m + d]!);
      const distance = Math.max(...difference.map((x) => Math.abs(x - Math.round(x))));
      if (distance < best.distance) best = { distance, atom: m, cell: difference.map(Math.round) };
    }
    if (best.atom < 0)
      throw new ComputationError({ what: `symmetry of atom ${n}`, value: "no image", expected: "an atom to map on" });
    images.push(best.atom);
    cells.push(...best.cell);
  }
  return { images, cells };
}
