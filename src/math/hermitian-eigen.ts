import { ComputationError } from "../errors.js";

/** Complex matrix [n x n], row major. */
export interface ComplexMatrix {
  readonly size: number;
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

/** Eigenvalues [n], ascending, and the eigenvectors as columns in the same order. */
export interface HermitianEigen {
  readonly values: Float64Array;
  readonly vectors: ComplexMatrix;
}

const SWEEPS = 60;

/**
 * Eigenvalues and eigenvectors of a small Hermitian matrix by cyclic Jacobi rotations: each makes a_pq real by a phase of
 * column q, then zero by a plane rotation (Golub and Van Loan, Matrix Computations, 8.5). Only as many rotations as the
 * matrix is away from diagonal; vectors of equal eigenvalues come out orthogonal.
 */
export function hermitianEigen(matrix: ComplexMatrix): HermitianEigen {
  const { size } = matrix;
  const real = matrix.real.slice();
  const imaginary = matrix.imaginary.slice();
  const vectors = { real: new Float64Array(size * size), imaginary: new Float64Array(size * size) };
  for (let i = 0; i < size; i++) vectors.real[i * size + i] = 1;
  let scale = 0;
  for (let k = 0; k < size * size; k++) scale += real[k]! ** 2 + imaginary[k]! ** 2;
  for (let sweep = 0; ; sweep++) {
    let off = 0;
    for (let p = 0; p < size; p++)
      for (let q = p + 1; q < size; q++) off += real[p * size + q]! ** 2 + imaginary[p * size + q]! ** 2;
    if (!(off > 1e-32 * scale)) break;
    if (sweep === SWEEPS)
      throw new ComputationError({ what: "eigenvalues", value: `${size} x ${size}`, expected: "a Hermitian matrix" });
    for (let p = 0; p < size; p++)
      for (let q = p + 1; q < size; q++) rotate({ size, real, imaginary }, { size, ...vectors }, p, q);
  }
  const order = Array.from({ length: size }, (_, i) => i).sort((i, j) => real[i * size + i]! - real[j * size + j]!);
  const sorted = (from: Float64Array): Float64Array =>
    from.map((_, k) => from[Math.floor(k / size) * size + order[k % size]!]!);
  return {
    values: Float64Array.from(order, (i) => real[i * size + i]!),
    vectors: { size, real: sorted(vectors.real), imaginary: sorted(vectors.imaginary) },
  };
}

function rotate(matrix: ComplexMatrix, vectors: ComplexMatrix, p: number, q: number): void {
  const { size, real, imaginary } = matrix;
  const [x, y] = [real[p * size + q]!, imaginary[p * size + q]!];
  const size2 = x * x + y * y;
  if (size2 === 0) return;
  const length = Math.sqrt(size2);
  const theta = (real[q * size + q]! - real[p * size + p]!) / (2 * length);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = c * t;
  // exp(-i phase of a_pq)
  const [u, v] = [x / length, -y / length];
  mixColumns(matrix, p, q, c, s, u, v);
  mixColumns(vectors, p, q, c, s, u, v);
  for (let k = 0; k < size; k++) {
    const [i, j] = [p * size + k, q * size + k];
    const [pr, pi, qr, qi] = [real[i]!, imaginary[i]!, real[j]!, imaginary[j]!];
    const [wr, wi] = [u * qr + v * qi, u * qi - v * qr];
    real[i] = c * pr - s * wr;
    imaginary[i] = c * pi - s * wi;
    real[j] = s * pr + c * wr;
    imaginary[j] = s * pi + c * wi;
  }
  for (const k of [p * size + q, q * size + p]) {
    real[k] = 0;
    imaginary[k] = 0;
  }
  imaginary[p * size + p] = 0;
  imaginary[q * size + q] = 0;
}

/** Columns p and q become c p - s w q and s p + c w q, w = u + i v. */
function mixColumns(
  { size, real, imaginary }: ComplexMatrix,
  p: number,
  q: number,
  c: number,
  s: number,
  u: number,
  v: number,
): void {
  for (let k = 0; k < size; k++) {
    const [i, j] = [k * size + p, k * size + q];
    const [pr, pi, qr, qi] = [real[i]!, imaginary[i]!, real[j]!, imaginary[j]!];
    const [wr, wi] = [u * qr - v * qi, u * qi + v * qr];
    real[i] = c * pr - s * wr;
    imaginary[i] = c * pi - s * wi;
    real[j] = s * pr + c * wr;
    imaginary[j] = s * pi + c * wi;
  }
}
