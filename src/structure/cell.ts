import { InputError } from "../errors.js";
import type { Structure } from "./structure.js";

/** Signed volume [A^3]: the determinant of the cell's rows, negative when they are left-handed. */
export function signedVolume(cell: ArrayLike<number>): number {
  return (
    cell[0]! * (cell[4]! * cell[8]! - cell[5]! * cell[7]!) -
    cell[1]! * (cell[3]! * cell[8]! - cell[5]! * cell[6]!) +
    cell[2]! * (cell[3]! * cell[7]! - cell[4]! * cell[6]!)
  );
}

/** Volume [A^3] of a cell [9]. */
export const cellVolume = (cell: ArrayLike<number>): number => Math.abs(signedVolume(cell));

/** Inverse [9] 1/A: `fractional = position * inverse` for row vectors. A flat cell is an InputError. */
export function invertCell(cell: ArrayLike<number>): Float64Array {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0] = Array.from(cell);
  const volume = signedVolume(cell);
  const scale = Math.hypot(a, b, c) * Math.hypot(d, e, f) * Math.hypot(g, h, i);
  if (!(Math.abs(volume) > 1e-12 * scale))
    throw new InputError({ what: "cell", value: Array.from(cell), expected: "three independent lattice vectors" });
  return Float64Array.of(
    (e * i - f * h) / volume,
    (c * h - b * i) / volume,
    (b * f - c * e) / volume,
    (f * g - d * i) / volume,
    (a * i - c * g) / volume,
    (c * d - a * f) / volume,
    (d * h - e * g) / volume,
    (b * g - a * h) / volume,
    (a * e - b * d) / volume,
  );
}

/** Distances [A] between opposite faces: the height over the plane of the other two vectors, for a, b and c. */
export function cellHeights(cell: ArrayLike<number>): [number, number, number] {
  const inverse = invertCell(cell);
  const height = (column: number): number =>
    1 / Math.hypot(inverse[column]!, inverse[3 + column]!, inverse[6 + column]!);
  return [height(0), height(1), height(2)];
}

/** Lengths [A] and angles [degrees]: alpha between b and c, beta between a and c, gamma between a and b. */
export function cellParameters(cell: ArrayLike<number>): {
  readonly lengths: [number, number, number];
  readonly angles: [number, number, number];
} {
  const length = (i: number): number => Math.hypot(cell[3 * i]!, cell[3 * i + 1]!, cell[3 * i + 2]!);
  const angle = (i: number, j: number): number => {
    let dot = 0;
    for (let k = 0; k < 3; k++) dot += cell[3 * i + k]! * cell[3 * j + k]!;
    return (Math.acos(Math.max(-1, Math.min(1, dot / (length(i) * length(j))))) * 180) / Math.PI;
  };
  return { lengths: [length(0), length(1), length(2)], angles: [angle(1, 2), angle(0, 2), angle(0, 1)] };
}

/** Row vectors [3N] times a matrix [9]. */
export function timesMatrix(rows: ArrayLike<number>, matrix: ArrayLike<number>): Float64Array {
  const product = new Float64Array(rows.length);
  for (let n = 0; n < rows.length; n += 3)
    for (let k = 0; k < 3; k++)
      product[n + k] = rows[n]! * matrix[k]! + rows[n + 1]! * matrix[3 + k]! + rows[n + 2]! * matrix[6 + k]!;
  return product;
}

/** Fractional coordinates [3N] of Cartesian positions [3N] A. */
export const toFractional = (cell: ArrayLike<number>, positions: ArrayLike<number>): Float64Array =>
  timesMatrix(positions, invertCell(cell));

/** Cartesian positions [3N] A of fractional coordinates [3N]. */
export const toCartesian = (cell: ArrayLike<number>, fractional: ArrayLike<number>): Float64Array =>
  timesMatrix(fractional, cell);

/** The same structure with every atom moved by lattice vectors into the cell, along periodic directions only. */
export function wrap(structure: Structure): Structure {
  const { cell, pbc } = structure;
  const inverse = invertCell(cell);
  const positions = structure.positions.slice();
  for (let n = 0; n < positions.length; n += 3) {
    const [x, y, z] = [positions[n]!, positions[n + 1]!, positions[n + 2]!];
    for (let k = 0; k < 3; k++) {
      const shift = pbc[k] ? Math.floor(x * inverse[k]! + y * inverse[3 + k]! + z * inverse[6 + k]!) : 0;
      if (shift !== 0) for (let m = 0; m < 3; m++) positions[n + m]! -= shift * cell[3 * k + m]!;
    }
  }
  return { ...structure, positions };
}

/**
 * Applies a homogeneous deformation x' = F x to cell and atoms. `gradient` is F = dx'/dx [9], row major; for a strain
 * see `strainGradient`.
 */
export function deform(structure: Structure, gradient: ArrayLike<number>): Structure {
  if (gradient.length !== 9)
    throw new InputError({ what: "deformation gradient", value: `${gradient.length} numbers`, expected: "9" });
  const transposed = [0, 3, 6, 1, 4, 7, 2, 5, 8].map((i) => gradient[i]!);
  return {
    ...structure,
    cell: timesMatrix(structure.cell, transposed),
    positions: timesMatrix(structure.positions, transposed),
  };
}

/**
 * The symmetric gradient F = 1 + strain of a Voigt strain [6]: xx yy zz yz xz xy with engineering shears
 * (gamma_yz = 2 strain_yz), so that energy per volume is stress . strain.
 */
export function strainGradient(strain: ArrayLike<number>): Float64Array {
  if (strain.length !== 6)
    throw new InputError({ what: "strain", value: `${strain.length} numbers`, expected: "6: xx yy zz yz xz xy" });
  const [xx = 0, yy = 0, zz = 0, yz = 0, xz = 0, xy = 0] = Array.from(strain);
  return Float64Array.of(1 + xx, xy / 2, xz / 2, xy / 2, 1 + yy, yz / 2, xz / 2, yz / 2, 1 + zz);
}
