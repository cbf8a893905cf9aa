import { describe, expect, it } from "vitest";
import {
  choleskyFactor,
  type LinearAlgebraEngine,
  multiply,
  openTriangularFactor,
  singularValues,
} from "../../src/engine/linear-algebra.js";
import { cholesky, solveCholesky, solveUpper, solveUpperTransposed } from "../../src/math/linear-algebra.js";
import { randomStream } from "../../src/random.js";
import { longley } from "../reference/longley.js";

const random = randomStream(7, "crossValidation");
const randomMatrix = (rows: number, columns: number): Float64Array =>
  Float64Array.from({ length: rows * columns }, () => random.normal());

function product(a: Float64Array, b: Float64Array, rows: number, depth: number, columns: number): Float64Array {
  const c = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++)
      for (let k = 0; k < depth; k++) c[i * columns + j]! += a[i * depth + k]! * b[k * columns + j]!;
  return c;
}

function transpose(a: Float64Array, rows: number, columns: number): Float64Array {
  return Float64Array.from({ length: a.length }, (_, i) => a[(i % rows) * columns + Math.floor(i / rows)]!);
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
  return largest;
}

/** R with a positive diagonal, so that factors of different row orders can be compared. */
function withPositiveDiagonal(r: Float64Array, width: number): Float64Array {
  return r.map((x, i) => (r[Math.floor(i / width) * width + Math.floor(i / width)]! < 0 ? -x : x));
}

describe("matrix product", () => {
  it.each([
    [1, 1, 1],
    [3, 5, 2],
    [4, 4, 4],
    [7, 300, 9],
    [261, 17, 263],
  ])("equals the definition for %i x %i times x %i, in every transposition", (rows, depth, columns) => {
    const a = randomMatrix(rows, depth);
    const b = randomMatrix(depth, columns);
    const expected = product(a, b, rows, depth, columns);
    const plain = [
      { values: a, rows, columns: depth },
      { values: transpose(a, rows, depth), rows: depth, columns: rows, transposed: true },
    ];
    const right = [
      { values: b, rows: depth, columns },
      { values: transpose(b, depth, columns), rows: columns, columns: depth, transposed: true },
    ];
    for (const left of plain)
      for (const other of right) expect(largestDifference(multiply(left, other), expected)).toBeLessThan(1e-13 * depth);
  });
});

describe("Cholesky", () => {
  it.each([1, 5, 64, 150])("reproduces the matrix and equals the reference at size %i", (size) => {
    const m = randomMatrix(size + 10, size);
    const a = product(transpose(m, size + 10, size), m, size, size + 10, size);
    const l = choleskyFactor(a, size);
    expect(largestDifference(product(l, transpose(l, size, size), size, size, size), a)).toBeLessThan(1e-11);
    const reference = a.slice();
    cholesky(reference, size);
    const lower = reference.map((x, i) => (i % size > Math.floor(i / size) ? 0 : x));
    expect(largestDifference(l, lower)).toBeLessThan(1e-11);
    const x = randomMatrix(size, 1);
    expect(largestDifference(solveCholesky(l, size, product(a, x, size, size, 1)), x)).toBeLessThan(1e-7);
  });

  it("names the row that is not positive", () => {
    const indefinite = Float64Array.of(4, 2, 2, 1);
    expect(() => choleskyFactor(indefinite, 2)).toThrow("pivot of row 1");
    expect(() => cholesky(indefinite.slice(), 2)).toThrow("pivot of row 1");
  });
});

describe.each<LinearAlgebraEngine>(["reference", "wasm"])("streaming QR, engine %s", (engine) => {
  it.each([
    [1, 10],
    [7, 40],
    [48, 100],
    [49, 2000],
    [130, 700],
    [20, 6],
  ])("width %i, %i rows: R^T R = A^T A", (width, rows) => {
    const a = randomMatrix(rows, width);
    const factor = openTriangularFactor(width, engine);
    for (let row = 0; row < rows; row += 33) factor.append(a.slice(row * width, Math.min(rows, row + 33) * width));
    const r = factor.r();
    expect(factor.rows).toBe(rows);
    for (let i = 0; i < width; i++) for (let j = 0; j < i; j++) expect(r[i * width + j]).toBe(0);
    const rtr = product(transpose(r, width, width), r, width, width, width);
    const ata = product(transpose(a, rows, width), a, width, rows, width);
    expect(largestDifference(rtr, ata)).toBeLessThan(1e-12 * rows);
    factor.dispose();
  });

  it("merging two factors equals factoring all rows", () => {
    const width = 60;
    const a = randomMatrix(300, width);
    const whole = openTriangularFactor(width, engine);
    whole.append(a);
    const first = openTriangularFactor(width, engine);
    const second = openTriangularFactor(width, engine);
    first.append(a.slice(0, 100 * width));
    second.append(a.slice(100 * width));
    first.merge(second.r(), second.rows);
    expect(first.rows).toBe(300);
    expect(
      largestDifference(withPositiveDiagonal(first.r(), width), withPositiveDiagonal(whole.r(), width)),
    ).toBeLessThan(1e-12);
  });

  it("zero columns and rows stay zero", () => {
    const factor = openTriangularFactor(3, engine);
    factor.append(Float64Array.of(1, 0, 2, 2, 0, 4, 0, 0, 0));
    const r = factor.r();
    expect([r[1], r[4], r[5]]).toEqual([0, 0, 0]);
    expect(Math.abs(r[0]!)).toBeCloseTo(Math.sqrt(5), 14);
  });

  it("solves Longley's ill-conditioned regression to eight of NIST's certified digits", () => {
    const width = longley.certified.length + 1;
    const factor = openTriangularFactor(width, engine);
    factor.append(Float64Array.from(longley.rows.flatMap(([y, ...x]) => [1, ...x, y])));
    const r = factor.r();
    const unknowns = width - 1;
    const rightHandSide = Float64Array.from({ length: unknowns }, (_, i) => r[i * width + unknowns]!);
    const solution = solveUpper(r, width, unknowns, rightHandSide);
    for (const [i, value] of longley.certified.entries()) expect(Math.abs(solution[i]! / value - 1)).toBeLessThan(1e-8);
    const deviation = Math.abs(r[unknowns * width + unknowns]!) / Math.sqrt(longley.rows.length - unknowns);
    expect(Math.abs(deviation / longley.residualDeviation - 1)).toBeLessThan(1e-9);
  });

  it("singular values and vectors reproduce the matrix, with right-hand sides projected", () => {
    const size = 40;
    const matrix = randomMatrix(size, size + 1);
    const { values, vectors, projections } = singularValues(matrix, size, size + 1, engine);
    for (let i = 1; i < size; i++) expect(values[i - 1]!).toBeGreaterThanOrEqual(values[i]!);
    const square = Float64Array.from(
      { length: size * size },
      (_, i) => matrix[Math.floor(i / size) * (size + 1) + (i % size)]!,
    );
    const scaled = vectors.map((x, i) => x * values[Math.floor(i / size)]!);
    const gram = product(transpose(square, size, size), square, size, size, size);
    expect(largestDifference(product(transpose(scaled, size, size), scaled, size, size, size), gram)).toBeLessThan(
      1e-11,
    );
    const solution = new Float64Array(size);
    for (let k = 0; k < size; k++)
      for (let j = 0; j < size; j++) solution[j]! += (vectors[k * size + j]! * projections[k]!) / values[k]!;
    const image = product(square, solution, size, size, 1);
    const rightHandSide = Float64Array.from({ length: size }, (_, i) => matrix[i * (size + 1) + size]!);
    expect(largestDifference(image, rightHandSide)).toBeLessThan(1e-10);
  });

  it("finds the singular values of a graded matrix to high relative accuracy", () => {
    const diagonal = [1e8, 1, 1e-6, 1e-12];
    const matrix = new Float64Array(16);
    const c = Math.SQRT1_2;
    const rotation = [c, c, 0, 0, -c, c, 0, 0, 0, 0, c, c, 0, 0, -c, c];
    for (let i = 0; i < 4; i++) for (let j = 0; j < 4; j++) matrix[i * 4 + j] = diagonal[i]! * rotation[i * 4 + j]!;
    const { values } = singularValues(matrix, 4, 4, engine);
    for (const [i, value] of diagonal.entries()) expect(Math.abs(values[i]! / value - 1)).toBeLessThan(1e-14);
  });
});

it("triangular solves undo products with R and its transpose", () => {
  const size = 30;
  const factor = openTriangularFactor(size);
  factor.append(randomMatrix(100, size));
  const r = factor.r();
  const x = randomMatrix(size, 1);
  expect(largestDifference(solveUpper(r, size, size, product(r, x, size, size, 1)), x)).toBeLessThan(1e-12);
  const image = product(transpose(r, size, size), x, size, size, 1);
  expect(largestDifference(solveUpperTransposed(r, size, size, image), x)).toBeLessThan(1e-12);
});
