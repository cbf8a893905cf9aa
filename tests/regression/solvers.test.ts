import { describe, expect, it } from "vitest";
import { openTriangularFactor } from "../../src/engine/linear-algebra.js";
import { cholesky, solveCholesky } from "../../src/math/linear-algebra.js";
import { randomStream } from "../../src/random.js";
import { openRidgePath, solveRows } from "../../src/regression/solvers.js";
import { longley } from "../reference/longley.js";

const random = randomStream(11, "crossValidation");
const unknowns = 6;
const width = unknowns + 1;
const rows = Float64Array.from({ length: 50 * width }, () => random.normal());

/** The closed form of the ridge by normal equations, written out plainly: columns centered on the free ones first. */
function closedForm(a: Float64Array, ridge: number, free: readonly number[]): Float64Array {
  const count = a.length / width;
  const dot = (i: number, j: number): number => {
    let sum = 0;
    for (let k = 0; k < count; k++) sum += a[k * width + i]! * a[k * width + j]!;
    return sum;
  };
  const matrix = new Float64Array(unknowns * unknowns);
  for (let i = 0; i < unknowns; i++) for (let j = 0; j < unknowns; j++) matrix[i * unknowns + j] = dot(i, j);
  for (let j = 0; j < unknowns; j++) {
    if (free.includes(j)) continue;
    // The square of what is left of column j after its projection on the one free column.
    const left = free.reduce((square, f) => square - dot(j, f) ** 2 / dot(f, f), dot(j, j));
    matrix[j * unknowns + j]! += ridge * left;
  }
  cholesky(matrix, unknowns);
  return solveCholesky(
    matrix,
    unknowns,
    Array.from({ length: unknowns }, (_, j) => dot(j, unknowns)),
  );
}

describe("ridge", () => {
  it.each([0, 1e-6, 1e-2, 1, 100])("equals the closed form for lambda %f, with and without a free column", (ridge) => {
    for (const free of [[], [0], [3]]) {
      const { coefficients } = solveRows(rows, width, { ridge, free });
      const expected = closedForm(rows, ridge, free);
      for (let j = 0; j < unknowns; j++) expect(Math.abs(coefficients[j]! - expected[j]!)).toBeLessThan(1e-12);
    }
  });

  it("tells residual, degrees of freedom and condition", () => {
    const { coefficients, residual, degreesOfFreedom } = solveRows(rows, width);
    let square = 0;
    for (let k = 0; k < 50; k++) {
      let rest = rows[k * width + unknowns]!;
      for (let j = 0; j < unknowns; j++) rest -= rows[k * width + j]! * coefficients[j]!;
      square += rest * rest;
    }
    expect(residual).toBeCloseTo(Math.sqrt(square), 12);
    expect(degreesOfFreedom).toBe(unknowns);
    const shrunk = solveRows(rows, width, { ridge: 1 });
    expect(shrunk.residual).toBeGreaterThan(residual);
    expect(shrunk.degreesOfFreedom).toBeGreaterThan(0);
    expect(shrunk.degreesOfFreedom).toBeLessThan(unknowns);
  });

  it("does not feel the unit of a column, nor a shift by the free one", () => {
    const changed = rows.map((x, i) => {
      const first = rows[Math.floor(i / width) * width]!;
      return i % width === 2 ? 1e6 * x + 3e6 * first : x;
    });
    const before = solveRows(rows, width, { ridge: 0.3, free: [0] }).coefficients;
    const after = solveRows(changed, width, { ridge: 0.3, free: [0] }).coefficients;
    expect(after[2]! * 1e6).toBeCloseTo(before[2]!, 9);
    expect(after[4]!).toBeCloseTo(before[4]!, 9);
    expect(after[0]!).toBeCloseTo(before[0]! - 3 * before[2]!, 9);
  });
});

describe("least squares", () => {
  it("takes the solution of least norm where two columns are equal", () => {
    const doubled = rows.map((x, i) => (i % width === 1 ? rows[i + 1]! : x));
    const { coefficients } = solveRows(doubled, width);
    expect(coefficients[1]!).toBeCloseTo(coefficients[2]!, 10);
    expect(coefficients.every(Number.isFinite)).toBe(true);
  });

  it("ignores a column of zeros, free or not", () => {
    const empty = rows.map((x, i) => (i % width === 1 ? 0 : x));
    for (const free of [[], [1], [0, 1]]) {
      const { coefficients } = solveRows(empty, width, { free });
      expect(coefficients[1]).toBe(0);
      expect(coefficients.every(Number.isFinite)).toBe(true);
    }
  });

  it("solves Longley's regression to NIST's digits by way of singular values, too", () => {
    const matrix = Float64Array.from(longley.rows.flatMap(([y, ...x]) => [1, ...x, y]));
    for (const ridge of [0, 1e-26]) {
      const { coefficients } = solveRows(matrix, longley.certified.length + 1, { free: [0], ridge });
      for (const [j, value] of longley.certified.entries())
        expect(Math.abs(coefficients[j]! / value - 1)).toBeLessThan(1e-7);
    }
  });

  it("finds the rank and the condition number", () => {
    const factor = openTriangularFactor(4);
    factor.append(Float64Array.of(1, 0, 1, 1, 0, 1, 1, 2, 1, 1, 2, 3, 1, -1, 0, 0));
    const { rank } = openRidgePath({ r: factor.r(), width: 4, free: [] });
    expect(rank).toBe(2);
    const orthogonal = openTriangularFactor(3);
    orthogonal.append(Float64Array.of(2, 0, 1, 0, 7, 1));
    expect(openRidgePath({ r: orthogonal.r(), width: 3, free: [] }).condition).toBeCloseTo(1, 14);
  });
});
