import * as reference from "../math/linear-algebra.js";
import { instantiateKernels, type WasmInstance } from "./wasm-module.js";

/**
 * Dense linear algebra of the `wasm` engine, with the `reference` of src/math/linear-algebra.ts behind the same
 * functions. Matrices are row major.
 */
export type LinearAlgebraEngine = "reference" | "wasm";

/** What src/kernels.as.ts exports for linear algebra; strides count elements, sizes of scratch bytes. */
interface LinearAlgebraExports {
  gemmScratch(): number;
  gemm(
    ...arguments_: [
      ...a: [address: number, row: number, depth: number],
      ...b: [address: number, row: number, depth: number],
      ...c: [address: number, stride: number],
      ...sizes: [rows: number, columns: number, depth: number],
      ...rest: [alpha: number, lower: number, scratch: number],
    ]
  ): void;
  cholesky(a: number, size: number, stride: number, scratch: number): number;
  appendRowsScratch(width: number): number;
  appendRows(
    ...arguments_: [
      ...r: [address: number, width: number, stride: number],
      ...rows: [address: number, count: number, stride: number],
      ...rest: [triangular: number, scratch: number],
    ]
  ): void;
  jacobiSweep(a: number, rows: number, columns: number, stride: number, tolerance: number): number;
}

function openKernels(): WasmInstance & { readonly algebra: LinearAlgebraExports } {
  const instance = instantiateKernels();
  return { ...instance, algebra: instance.exports as unknown as LinearAlgebraExports };
}

/** A factor R, [width x width] upper triangular, with R^T R = A^T A of all rows appended so far. */
export interface TriangularFactor {
  readonly width: number;
  /** Number of rows so far. */
  readonly rows: number;
  /** Appends `rows` [count x width]; the array is copied. */
  append(rows: Float64Array): void;
  /** Appends the rows behind another factor, given as its R and number of rows. */
  merge(r: Float64Array, rows: number): void;
  /** R, a copy. Signs of its rows are those of the reflections. */
  r(): Float64Array;
  dispose(): void;
}

/** Rows that are collected before they are factored in. */
const BLOCK_ROWS = 512;

/**
 * Opens an empty streaming QR factorization of a matrix with `width` columns, right-hand sides included: least squares
 * needs no more of a tall matrix than this. Memory: the factor and 512 rows.
 */
export function openTriangularFactor(width: number, engine: LinearAlgebraEngine = "wasm"): TriangularFactor {
  return engine === "wasm" ? openWasmFactor(width) : openReferenceFactor(width);
}

function openReferenceFactor(width: number): TriangularFactor {
  const factor = new Float64Array(width * width);
  let total = 0;
  return {
    width,
    get rows() {
      return total;
    },
    append(rows) {
      total += rows.length / width;
      reference.appendRows(factor, width, Float64Array.from(rows), rows.length / width);
    },
    merge(r, rows) {
      total += rows;
      reference.appendRows(factor, width, Float64Array.from(r), width);
    },
    r: () => factor.slice(),
    dispose() {},
  };
}

function openWasmFactor(width: number): TriangularFactor {
  const { memory, packer, algebra, release } = openKernels();
  const block = Math.max(BLOCK_ROWS, width);
  const factor = packer.allocate(8 * width * width);
  const buffer = packer.allocate(8 * block * width);
  const scratch = packer.allocate(algebra.appendRowsScratch(width));
  let pending = 0;
  let total = 0;
  const flush = (triangular = 0): void => {
    if (pending > 0) algebra.appendRows(factor, width, width, buffer, pending, width, triangular, scratch);
    pending = 0;
  };
  return {
    width,
    get rows() {
      return total;
    },
    append(rows) {
      const count = rows.length / width;
      for (let begin = 0; begin < count; ) {
        const taken = Math.min(count - begin, block - pending);
        new Float64Array(memory.buffer, buffer + 8 * pending * width, taken * width).set(
          rows.subarray(begin * width, (begin + taken) * width),
        );
        pending += taken;
        begin += taken;
        if (pending === block) flush();
      }
      total += count;
    },
    merge(r, rows) {
      flush();
      new Float64Array(memory.buffer, buffer, width * width).set(r);
      pending = width;
      flush(1);
      total += rows;
    },
    r() {
      flush();
      return new Float64Array(memory.buffer, factor, width * width).slice();
    },
    dispose: release,
  };
}

/** The sum of the products A^T A of all rows appended so far. */
export interface RowProducts {
  /** Appends `rows` [count x width]; the array is copied. */
  append(rows: Float64Array): void;
  /** A^T A, [width x width], a copy. */
  products(): Float64Array;
  dispose(): void;
}

/**
 * Opens an empty sum of A^T A. It squares the condition number: for searches that regularize, never for a final fit,
 * which takes `openTriangularFactor`.
 */
export function openRowProducts(width: number): RowProducts {
  const { memory, packer, algebra, release } = openKernels();
  const sum = packer.allocate(8 * width * width);
  const buffer = packer.allocate(8 * BLOCK_ROWS * width);
  const scratch = packer.allocate(algebra.gemmScratch());
  return {
    append(rows) {
      for (let begin = 0; begin < rows.length; begin += BLOCK_ROWS * width) {
        const block = rows.subarray(begin, begin + BLOCK_ROWS * width);
        new Float64Array(memory.buffer, buffer, block.length).set(block);
        algebra.gemm(buffer, 1, width, buffer, 1, width, sum, width, width, width, block.length / width, 1, 1, scratch);
      }
    },
    products() {
      const result = new Float64Array(memory.buffer, sum, width * width).slice();
      for (let i = 0; i < width; i++) for (let j = 0; j < i; j++) result[j * width + i] = result[i * width + j]!;
      return result;
    },
    dispose: release,
  };
}

/** A matrix operand: `rows` x `columns`, row major; `transposed` uses it as its transpose. */
export interface MatrixOperand {
  readonly values: Float64Array;
  readonly rows: number;
  readonly columns: number;
  readonly transposed?: boolean;
}

/** The product of two matrices [rows of A x columns of B], after the transpositions asked for. */
export function multiply(a: MatrixOperand, b: MatrixOperand): Float64Array {
  const [rows, depth] = a.transposed ? [a.columns, a.rows] : [a.rows, a.columns];
  const columns = b.transposed ? b.rows : b.columns;
  const { memory, packer, algebra, release } = openKernels();
  const left = packer.f64(a.values);
  const right = packer.f64(b.values);
  const product = packer.allocate(8 * rows * columns);
  const scratch = packer.allocate(algebra.gemmScratch());
  const [aRow, aDepth] = a.transposed ? [1, a.columns] : [a.columns, 1];
  const [bRow, bDepth] = b.transposed ? [b.columns, 1] : [1, b.columns];
  algebra.gemm(left, aRow, aDepth, right, bRow, bDepth, product, columns, rows, columns, depth, 1, 0, scratch);
  const result = new Float64Array(memory.buffer, product, rows * columns).slice();
  release();
  return result;
}

/** The lower triangular L of A = L L^T [size x size], zero above; only the lower triangle of `a` is read. */
export function choleskyFactor(a: Float64Array, size: number): Float64Array {
  const { memory, packer, algebra, release } = openKernels();
  const address = packer.f64(a);
  const failed = algebra.cholesky(address, size, size, packer.allocate(algebra.gemmScratch()));
  const result = new Float64Array(memory.buffer, address, size * size).slice();
  release();
  if (failed > 0) throw reference.notPositiveDefinite(failed - 1);
  for (let i = 0; i < size; i++) result.fill(0, i * size + i + 1, (i + 1) * size);
  return result;
}

/** R = U diag(values) V^T of a square or wide matrix, with the right-hand sides projected: what least squares needs. */
export interface SingularValues {
  /** [size] descending. */
  readonly values: Float64Array;
  /** [size x size], row k is the right singular vector of values[k]. */
  readonly vectors: Float64Array;
  /** [size x right-hand sides]: U^T b. */
  readonly projections: Float64Array;
}

/** Rotations below this cosine of the angle between two rows are not worth doing. */
const ORTHOGONAL = 1e-15;
const MOST_SWEEPS = 40;

/**
 * Singular values of the leading [size x size] block of `r` (row length `stride`) by one-sided Jacobi; the columns
 * beyond it are right-hand sides.
 */
export function singularValues(
  r: Float64Array,
  size: number,
  stride: number,
  engine: LinearAlgebraEngine = "wasm",
): SingularValues {
  const rotated = r.slice(0, size * stride);
  if (engine === "wasm") {
    const { memory, packer, algebra, release } = openKernels();
    const address = packer.f64(rotated);
    for (let sweep = 0; sweep < MOST_SWEEPS; sweep++)
      if (algebra.jacobiSweep(address, size, size, stride, ORTHOGONAL) === 0) break;
    rotated.set(new Float64Array(memory.buffer, address, size * stride));
    release();
  } else
    for (let sweep = 0; sweep < MOST_SWEEPS; sweep++)
      if (reference.jacobiSweep(rotated, size, size, stride, ORTHOGONAL) === 0) break;
  const norms = Float64Array.from({ length: size }, (_, i) =>
    Math.hypot(...rotated.subarray(i * stride, i * stride + size)),
  );
  const order = Array.from(norms.keys()).sort((a, b) => norms[b]! - norms[a]!);
  const vectors = new Float64Array(size * size);
  const projections = new Float64Array(size * (stride - size));
  order.forEach((from, to) => {
    const row = rotated.subarray(from * stride, (from + 1) * stride);
    for (let k = 0; k < size && norms[from]! > 0; k++) vectors[to * size + k] = row[k]! / norms[from]!;
    projections.set(row.subarray(size), to * (stride - size));
  });
  return { values: Float64Array.from(order, (i) => norms[i]!), vectors, projections };
}
