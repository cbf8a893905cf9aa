import { ComputationError } from "../errors.js";
import { invertCell, timesMatrix } from "../structure/cell.js";
import type { Structure } from "../structure/structure.js";
import type { SymmetryOperation } from "../structure/symmetry-operations.js";

/** One displaced supercell; `forces` [3N] eV/A^2 per length of the displacement. */
export interface Displacement {
  readonly atom: number;
  /** [3] unit vector. */
  readonly direction: readonly number[];
}

export interface DisplacedForces extends Displacement {
  readonly forces: Float64Array;
}

type Repeats = readonly [number, number, number];

/** The operations that map a supercell's lattice onto itself. */
export const keepingSupercell = (operations: readonly SymmetryOperation[], repeats: Repeats): SymmetryOperation[] =>
  operations.filter(({ rotation }) =>
    rotation.every((w, k) => Number.isInteger((w * repeats[k % 3]!) / repeats[Math.floor(k / 3)]!)),
  );

/**
 * Atoms and directions to displace, so that symmetry gives all others: one atom of each orbit, as few of x, y, z as its
 * site needs, and the opposite direction where no operation of the site turns one into the other.
 */
export function independentDisplacements(
  { numbers }: Structure,
  operations: readonly SymmetryOperation[],
): Displacement[] {
  const displacements: Displacement[] = [];
  for (let atom = 0; atom < numbers.length; atom++) {
    if (operations.some(({ images }) => images.indexOf(atom) < atom)) continue;
    const site = operations.filter(({ images }) => images[atom] === atom);
    const spanned: number[][] = [];
    for (const direction of [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]) {
      const images = site.map(({ cartesian }) => Array.from(timesMatrix(direction, cartesian)));
      if (!extend(spanned, images)) continue;
      displacements.push({ atom, direction });
      const opposite = direction.map((x) => -x);
      if (!images.some((image) => image.every((x, d) => Math.abs(x - opposite[d]!) < 1e-6)))
        displacements.push({ atom, direction: opposite });
    }
  }
  return displacements;
}

/** Adds what is new of some vectors to an orthonormal basis; whether there was anything. */
function extend(basis: number[][], vectors: readonly (readonly number[])[]): boolean {
  const before = basis.length;
  for (const vector of vectors) {
    const rest = [...vector];
    for (const unit of basis) {
      const along = unit.reduce((sum, x, d) => sum + x * rest[d]!, 0);
      for (let d = 0; d < 3; d++) rest[d]! -= along * unit[d]!;
    }
    const length = Math.hypot(...rest);
    if (length > 1e-3) basis.push(rest.map((x) => x / length));
  }
  return basis.length > before;
}

/**
 * Force constants [n x N x 9] of every atom i of the cell with every atom J of the supercell, d2E / du_Ja du_ib at
 * ((i N + J) 3 + a) 3 + b: every displacement and its images under symmetry, F = -Phi u solved for Phi by least squares.
 * `pause` is called between pieces of work.
 */
export async function completeBlocks(
  structure: Structure,
  repeats: Repeats,
  operations: readonly SymmetryOperation[],
  measured: readonly DisplacedForces[],
  pause: () => Promise<void>,
): Promise<Float64Array> {
  const count = structure.numbers.length;
  const total = count * repeats[0] * repeats[1] * repeats[2];
  const products = new Float64Array(count * total * 9);
  const squares = new Float64Array(count * 9);
  for (const operation of operations) {
    for (const { atom, direction, forces } of measured) {
      await pause();
      const target = operation.images[atom]!;
      const along = timesMatrix(direction, operation.cartesian);
      const turned = timesMatrix(forces, operation.cartesian);
      for (let k = 0; k < 9; k++) squares[9 * target + k]! += along[Math.floor(k / 3)]! * along[k % 3]!;
      const images = supercellImages(operation, atom, count, repeats);
      for (let J = 0; J < total; J++) {
        const block = 9 * (target * total + images[J]!);
        for (let k = 0; k < 9; k++) products[block + k]! -= turned[3 * J + Math.floor(k / 3)]! * along[k % 3]!;
      }
    }
  }
  const blocks = new Float64Array(products.length);
  for (let atom = 0; atom < count; atom++) {
    const square = squares.subarray(9 * atom, 9 * atom + 9);
    if (!square.some((x) => x !== 0))
      throw new ComputationError({
        what: `force constants of atom ${atom}`,
        expected: "a displacement for every atom",
      });
    const row = products.subarray(9 * atom * total, 9 * (atom + 1) * total);
    blocks.set(timesMatrix(row, invertCell(square)), 9 * atom * total);
  }
  return blocks;
}

/** [N] where an operation that takes `atom` to its image in the first cell takes each atom of the supercell. */
function supercellImages(
  { rotation, images, cells }: SymmetryOperation,
  atom: number,
  count: number,
  repeats: Repeats,
): Int32Array {
  const [nx, ny, nz] = repeats;
  const found = new Int32Array(count * nx * ny * nz);
  const place = [0, 0, 0];
  for (let x = 0, J = 0; x < nx; x++)
    for (let y = 0; y < ny; y++)
      for (let z = 0; z < nz; z++)
        for (let b = 0; b < count; b++, J++) {
          for (let d = 0; d < 3; d++) {
            const turned = rotation[3 * d]! * x + rotation[3 * d + 1]! * y + rotation[3 * d + 2]! * z;
            place[d] = modulo(turned + cells[3 * b + d]! - cells[3 * atom + d]!, repeats[d]!);
          }
          found[J] = ((place[0]! * ny + place[1]!) * nz + place[2]!) * count + images[b]!;
        }
  return found;
}

const modulo = (n: number, m: number): number => ((n % m) + m) % m;
