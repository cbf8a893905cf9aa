import { ComputationError } from "../errors.js";

/**
 * Dense linear algebra in plain TypeScript: the truth that the WebAssembly twins (*.as.ts beside this file, driven by
 * src/engine/linear-algebra.ts) are tested against, and the triangular solves, whose n^2 work needs no twin.
 * Matrices are row major.
 */

/**
 * R becomes the triangular factor of [R; rows] by one Householder reflection per column (Golub and Van Loan, Matrix
 * Computations, 5.2). `r` [width x width] upper triangular, `rows` [count x width], which is destroyed.
 */
export function appendRows(r: Float64Array, width: number, rows: Float64Array, count: number): void {
  for (let j = 0; j < width; j++) {
    let square = 0;
    for (let i = 0; i < count; i++) square += rows[i * width + j]! ** 2;
    if (square === 0) continue;
    const alpha = r[j * width + j]!;
    const norm = Math.sqrt(alpha * alpha + square);
    const beta = alpha > 0 ? -norm : norm;
    const tau = (beta - alpha) / beta;
    r[j * width + j] = beta;
    for (let i = 0; i < count; i++) rows[i * width + j]! /= alpha - beta;
    for (let l = j + 1; l < width; l++) {
      let product = r[j * width + l]!;
      for (let i = 0; i < count; i++) product += rows[i * width + j]! * rows[i * width + l]!;
      r[j * width + l]! -= tau * product;
      for (let i = 0; i < count; i++) rows[i * width + l]! -= tau * product * rows[i * width + j]!;
    }
  }
}

/** A = L L^T in place; the lower triangle of `a` [size x size] becomes L. Throws where A is not positive definite. */
export function cholesky(a: Float64Array, size: number): void {
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      let rest = a[i * size + j]!;
      for (let k = 0; k < j; k++) rest -= a[i * size + k]! * a[j * size + k]!;
      if (i !== j) a[i * size + j] = rest / a[j * size + j]!;
      else if (rest > 0) a[i * size + i] = Math.sqrt(rest);
      else throw notPositiveDefinite(i, rest);
    }
}

export const notPositiveDefinite = (row: number, pivot?: number): ComputationError =>
  new ComputationError({
    what: `Cholesky pivot of row ${row}`,
    ...(pivot === undefined ? {} : { value: pivot }),
    expected: "a positive definite matrix",
    attempt: "a ridge, or fewer unknowns",
  });

/** x of R x = b by back substitution; R is the leading `size` block of upper triangular `r`, row length `stride`. */
export function solveUpper(r: Float64Array, stride: number, size: number, b: ArrayLike<number>): Float64Array {
  const x = new Float64Array(size);
  for (let i = size - 1; i >= 0; i--) {
    let rest = b[i]!;
    for (let j = i + 1; j < size; j++) rest -= r[i * stride + j]! * x[j]!;
    x[i] = rest / r[i * stride + i]!;
  }
  return x;
}

/** x of R^T x = b by forward substitution; R as in solveUpper. */
export function solveUpperTransposed(
  r: Float64Array,
  stride: number,
  size: number,
  b: ArrayLike<number>,
): Float64Array {
  const x = Float64Array.from(b);
  for (let i = 0; i < size; i++) {
    x[i]! /= r[i * stride + i]!;
    for (let j = i + 1; j < size; j++) x[j]! -= r[i * stride + j]! * x[i]!;
  }
  return x;
}

/** x of L x = b, then of L^T x = b, for the lower triangular L of `cholesky`: the solution of A x = b. */
export function solveCholesky(l: Float64Array, size: number, b: ArrayLike<number>): Float64Array {
  const x = Float64Array.from(b);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) x[i]! -= l[i * size + j]! * x[j]!;
    x[i]! /= l[i * size + i]!;
  }
  for (let i = size - 1; i >= 0; i--) {
    x[i]! /= l[i * size + i]!;
    for (let j = 0; j < i; j++) x[j]! -= l[i * size + j]! * x[i]!;
  }
  return x;
}

/**
 * One sweep of one-sided Jacobi rotations over all pairs of rows of `a` [rows x stride]: afterwards the first
 * `columns` entries of the rows are more nearly orthogonal (Demmel and Veselic, SIAM J. Matrix Anal. Appl. 13 (1992)
 * 1204). Returns the number of rotations; 0 means orthogonal to `tolerance`.
 */
export function jacobiSweep(a: Float64Array, rows: number, columns: number, stride: number, tolerance: number): number {
  let rotations = 0;
  for (let i = 0; i + 1 < rows; i++)
    for (let j = i + 1; j < rows; j++) {
      const p = i * stride;
      const q = j * stride;
      let alpha = 0;
      let beta = 0;
      let gamma = 0;
      for (let k = 0; k < columns; k++) {
        alpha += a[p + k]! ** 2;
        beta += a[q + k]! ** 2;
        gamma += a[p + k]! * a[q + k]!;
      }
      if (gamma === 0 || Math.abs(gamma) <= tolerance * Math.sqrt(alpha * beta)) continue;
      rotations++;
      const zeta = (beta - alpha) / (2 * gamma);
      const t = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
      const c = 1 / Math.sqrt(1 + t * t);
      const s = c * t;
      for (let k = 0; k < stride; k++) {
        const x = a[p + k]!;
        const y = a[q + k]!;
        a[p + k] = c * x - s * y;
        a[q + k] = s * x + c * y;
      }
    }
  return rotations;
}

/** a^T b. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
  return sum;
}

/** a^T M a for a square matrix M. */
export function quadraticForm(matrix: Float64Array, a: ArrayLike<number>): number {
  const size = a.length;
  let sum = 0;
  for (let i = 0; i < size; i++) {
    let row = 0;
    for (let j = 0; j < size; j++) row += matrix[i * size + j]! * a[j]!;
    sum += a[i]! * row;
  }
  return sum;
}
