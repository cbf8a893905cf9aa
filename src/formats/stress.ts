import { cellVolume } from "../structure/cell.js";

/** Voigt [6] xx yy zz yz xz xy of a matrix [9], row major; undefined where it is not symmetric within `tolerance` of its largest entry. */
export function symmetricToVoigt(matrix: readonly number[], tolerance = 1e-3): Float64Array | undefined {
  const [xx = 0, xy = 0, xz = 0, yx = 0, yy = 0, yz = 0, zx = 0, zy = 0, zz = 0] = matrix;
  const largest = Math.max(...matrix.map(Math.abs));
  const skew = Math.max(Math.abs(xy - yx), Math.abs(xz - zx), Math.abs(yz - zy));
  if (skew > tolerance * largest) return undefined;
  const mean = (a: number, b: number): number => (a === b ? a : (a + b) / 2);
  return Float64Array.of(xx, yy, zz, mean(yz, zy), mean(xz, zx), mean(xy, yx));
}

/** The matrix [9], row major, of Voigt [6] xx yy zz yz xz xy. */
export function voigtToMatrix(voigt: ArrayLike<number>): number[] {
  const [xx = 0, yy = 0, zz = 0, yz = 0, xz = 0, xy = 0] = Array.from(voigt);
  return [xx, xy, xz, xy, yy, yz, xz, yz, zz];
}

/** Stress [6] eV/A^3, positive = tension, of a virial [6] eV in the same order: sigma = -W / V. */
export const virialToVoigtStress = (virial: ArrayLike<number>, cell: ArrayLike<number>): Float64Array =>
  Float64Array.from(virial, (w) => -w / cellVolume(cell));
