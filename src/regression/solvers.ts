import { type LinearAlgebraEngine, openTriangularFactor, singularValues } from "../engine/linear-algebra.js";
import { ComputationError, InputError } from "../errors.js";
import { solveUpper } from "../math/linear-algebra.js";

/**
 * A linear least-squares problem as its triangular factor: R of the weighted rows [A b], so that
 * |A x - b|^2 = |R_A x - R_b|^2 + rest. Made by streaming QR, never by normal equations.
 */
export interface LeastSquaresProblem {
  /** [width x width] upper triangular; the last column belongs to b. */
  readonly r: Float64Array;
  /** Unknowns + 1. */
  readonly width: number;
  /** Unknowns that a ridge does not shrink, such as the energy per atom of each element. */
  readonly free: readonly number[];
}

export interface LeastSquaresSolution {
  /** [unknowns]. */
  readonly coefficients: Float64Array;
  /** |A x - b| of the weighted rows, without the ridge. */
  readonly residual: number;
  /** Effective number of unknowns: the trace of the hat matrix. */
  readonly degreesOfFreedom: number;
}

/**
 * The solutions of one problem for any strength of the ridge. A ridge lambda minimizes
 * |A x - b|^2 + lambda sum_j |a_j|^2 x_j^2 over the unknowns that are not free, |a_j| being the norm of a column after
 * the free ones are projected out: it has no unit, and neither units nor shifts of descriptors matter. lambda = 0 is plain least squares; where columns depend
 * on each other, the solution of least norm in units of 1 / |a_j|.
 */
export interface RidgePath {
  solve(ridge: number): LeastSquaresSolution;
  /** Of the scaled columns that are not free; descending. */
  readonly singularValues: Float64Array;
  /** Number of scaled singular values above rounding. */
  readonly rank: number;
  /** Largest over smallest scaled singular value. */
  readonly condition: number;
}

const ROUNDING = 2 ** -52;
/** Above this condition number back substitution would amplify rounding visibly: the singular values decide then. */
const WELL_CONDITIONED = 1e13;

export function openRidgePath(problem: LeastSquaresProblem, engine: LinearAlgebraEngine = "wasm"): RidgePath {
  const { r, width, free } = problem;
  const unknowns = width - 1;
  const order = [...free, ...Array.from({ length: unknowns }, (_, j) => j).filter((j) => !free.includes(j))];
  const ordered = order.every((from, to) => from === to) ? r : reorder(r, width, order, engine);
  const fixed = free.length;
  const shrunk = unknowns - fixed;
  if (ordered.some((x) => !Number.isFinite(x)))
    throw new ComputationError({
      what: "design matrix",
      value: "not finite",
      attempt: "structures without near contacts",
    });
  // Rows below the free unknowns: these alone determine the shrunk unknowns, the free ones follow.
  const norms = columnNorms(ordered, width, fixed);
  const block = new Float64Array(shrunk * (shrunk + 1));
  for (let i = 0; i < shrunk; i++)
    for (let j = i; j <= shrunk; j++) {
      const norm = j < shrunk ? norms[fixed + j]! : 1;
      block[i * (shrunk + 1) + j] = norm > 0 ? ordered[(fixed + i) * width + fixed + j]! / norm : 0;
    }
  const { values, vectors, projections } = singularValues(block, shrunk, shrunk + 1, engine);
  const largest = values[0] ?? 0;
  const rank = values.filter((value) => value > largest * ROUNDING * Math.max(unknowns, 10)).length;
  const condition = shrunk === 0 ? 1 : largest / values[shrunk - 1]!;
  const leading = openLeading(ordered, width, fixed, engine);
  const wellPosed = rank === shrunk && Math.max(condition, leading.condition) < WELL_CONDITIONED;
  const bottom = ordered[unknowns * width + unknowns]!;
  const solve = (ridge: number): LeastSquaresSolution => {
    if (!(ridge >= 0)) throw new InputError({ what: "ridge", value: ridge, expected: "a number from 0" });
    const x = new Float64Array(unknowns);
    let square = bottom * bottom;
    let degreesOfFreedom = fixed;
    if (ridge === 0 && wellPosed) {
      x.set(solveUpper(ordered, width, unknowns, column(ordered, width, unknowns)));
      degreesOfFreedom = unknowns;
    } else {
      for (let k = 0; k < (ridge > 0 ? shrunk : rank); k++) {
        const value = values[k]!;
        const filter = value === 0 ? 0 : (value * value) / (value * value + ridge);
        degreesOfFreedom += filter;
        const amount = value === 0 ? 0 : (filter * projections[k]!) / value;
        for (let j = 0; j < shrunk; j++) x[fixed + j]! += amount * vectors[k * shrunk + j]!;
        square += (projections[k]! * (1 - filter)) ** 2;
      }
      for (let k = ridge > 0 ? shrunk : rank; k < shrunk; k++) square += projections[k]! ** 2;
      for (let j = fixed; j < unknowns; j++) if (norms[j]! > 0) x[j]! /= norms[j]!;
      const rest = Float64Array.from({ length: fixed }, (_, i) => {
        let sum = ordered[i * width + unknowns]!;
        for (let j = fixed; j < unknowns; j++) sum -= ordered[i * width + j]! * x[j]!;
        return sum;
      });
      x.set(leading.solve(rest));
    }
    const coefficients = new Float64Array(unknowns);
    for (const [to, from] of order.entries()) coefficients[from] = x[to]!;
    return { coefficients, residual: Math.sqrt(square), degreesOfFreedom };
  };
  return { solve, singularValues: values, rank: fixed + rank, condition };
}

/**
 * Solves the leading triangle of R for the free unknowns; where the data cannot tell them apart (elements in one fixed
 * proportion), the solution of least norm.
 */
function openLeading(
  r: Float64Array,
  width: number,
  size: number,
  engine: LinearAlgebraEngine,
): { readonly condition: number; solve(b: Float64Array): Float64Array } {
  // The identity as right-hand sides: its projections are U^T.
  const block = new Float64Array(size * 2 * size);
  for (let i = 0; i < size; i++) {
    for (let j = i; j < size; j++) block[i * 2 * size + j] = r[i * width + j]!;
    block[i * 2 * size + size + i] = 1;
  }
  const { values, vectors, projections } = singularValues(block, size, 2 * size, engine);
  return {
    condition: size === 0 ? 1 : values[0]! / values[size - 1]!,
    solve(b) {
      const x = new Float64Array(size);
      for (let k = 0; k < size && values[k]! * WELL_CONDITIONED > values[0]!; k++) {
        let amount = 0;
        for (let i = 0; i < size; i++) amount += projections[k * size + i]! * b[i]!;
        for (let j = 0; j < size; j++) x[j]! += (amount / values[k]!) * vectors[k * size + j]!;
      }
      return x;
    },
  };
}

const column = (r: Float64Array, width: number, j: number): Float64Array =>
  Float64Array.from({ length: width }, (_, i) => r[i * width + j]!);

/** Norms of the columns of A after the first `fixed` ones have been projected out. */
function columnNorms(r: Float64Array, width: number, fixed: number): Float64Array {
  const squares = new Float64Array(width);
  for (let i = fixed; i < width; i++) for (let j = i; j < width; j++) squares[j]! += r[i * width + j]! ** 2;
  return squares.map(Math.sqrt);
}

/** R with its columns in another order, made triangular again; the right-hand side stays last. */
function reorder(r: Float64Array, width: number, order: readonly number[], engine: LinearAlgebraEngine): Float64Array {
  const full = [...order, width - 1];
  const factor = openTriangularFactor(width, engine);
  factor.append(Float64Array.from(r, (_, i) => r[Math.floor(i / width) * width + full[i % width]!]!));
  const result = factor.r();
  factor.dispose();
  return result;
}

/** Unknowns of one least-squares problem given by its rows [A b], for tests and small fits. */
export function solveRows(
  rows: Float64Array,
  width: number,
  { ridge = 0, free = [] }: { readonly ridge?: number; readonly free?: readonly number[] } = {},
): LeastSquaresSolution {
  const factor = openTriangularFactor(width);
  factor.append(rows);
  const r = factor.r();
  factor.dispose();
  return openRidgePath({ r, width, free }).solve(ridge);
}
