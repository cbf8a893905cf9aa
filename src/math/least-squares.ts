import { ComputationError, InputError } from "../errors.js";
import { appendRows, solveUpper, solveUpperTransposed } from "./linear-algebra.js";

/** Parameters of a small fit with their covariance. */
export interface SmallFit {
  /** [P]. */
  readonly parameters: Float64Array;
  /** [P x P]; from the sigmas where they were given, else scaled by the residual variance. */
  readonly covariance: Float64Array;
  /** Sum of squared residuals, each over its sigma. */
  readonly chiSquared: number;
}

/**
 * Weighted linear least squares of a few unknowns by Householder QR: `design` [n x P] row major, `target` [n], `sigma`
 * [n] standard errors of the targets. Without sigmas the covariance is scaled by chi^2 / (n - P).
 */
export function fitLinear(design: Float64Array, target: ArrayLike<number>, sigma?: ArrayLike<number>): SmallFit {
  const count = target.length;
  const width = design.length / count;
  if (count < width)
    throw new InputError({
      what: "fit",
      value: `${count} points for ${width} parameters`,
      expected: "at least as many",
    });
  const rows = new Float64Array(count * (width + 1));
  for (let i = 0; i < count; i++) {
    const weight = 1 / (sigma?.[i] ?? 1);
    for (let j = 0; j < width; j++) rows[i * (width + 1) + j] = design[i * width + j]! * weight;
    rows[i * (width + 1) + width] = target[i]! * weight;
  }
  const r = new Float64Array((width + 1) ** 2);
  appendRows(r, width + 1, rows, count);
  for (let j = 0; j < width; j++)
    if (!(Math.abs(r[j * (width + 2)]!) > 1e-13 * Math.abs(r[0]!)))
      throw new ComputationError({
        what: "fit",
        value: `parameter ${j} is not determined`,
        expected: "more varied points",
      });
  const right = Float64Array.from({ length: width }, (_, j) => r[j * (width + 1) + width]!);
  const chiSquared = r[(width + 1) ** 2 - 1]! ** 2;
  const scale = sigma ? 1 : chiSquared / Math.max(1, count - width);
  return {
    parameters: solveUpper(r, width + 1, width, right),
    covariance: inverseNormal(r, width + 1, width).map((c) => c * scale),
    chiSquared,
  };
}

/** (R^T R)^-1 of the leading `width` block of an upper triangular matrix with row length `stride`. */
function inverseNormal(r: Float64Array, stride: number, width: number): Float64Array {
  const inverse = new Float64Array(width * width);
  for (let j = 0; j < width; j++) {
    const unit = new Float64Array(width);
    unit[j] = 1;
    const block = Float64Array.from(
      { length: width * width },
      (_, n) => r[Math.floor(n / width) * stride + (n % width)]!,
    );
    const column = solveUpper(block, width, width, solveUpperTransposed(block, width, width, unit));
    for (let i = 0; i < width; i++) inverse[i * width + j] = column[i]!;
  }
  return inverse;
}

/**
 * Nonlinear least squares by Levenberg-Marquardt with a numerical Jacobian (central differences): fits
 * `model(x, parameters)` to `target` at points `x`. Meant for a handful of parameters.
 */
export function fitNonlinear(
  model: (x: number, parameters: Float64Array) => number,
  x: ArrayLike<number>,
  target: ArrayLike<number>,
  start: ArrayLike<number>,
  sigma?: ArrayLike<number>,
): SmallFit {
  const width = start.length;
  const count = target.length;
  let parameters = Float64Array.from(start);
  const residuals = (p: Float64Array): Float64Array =>
    Float64Array.from({ length: count }, (_, i) => target[i]! - model(x[i]!, p));
  const sumOfSquares = (r: Float64Array): number => r.reduce((sum, e, i) => sum + (e / (sigma?.[i] ?? 1)) ** 2, 0);
  let damping = 1e-4;
  let now = residuals(parameters);
  for (let iteration = 0; iteration < 200; iteration++) {
    const jacobian = jacobianOf(model, x, count, parameters);
    const before = sumOfSquares(now);
    let after = before;
    for (; damping < 1e12; damping *= 10) {
      const step = dampedStep(jacobian, now, width, damping, sigma);
      const trial = parameters.map((p, j) => p + step[j]!);
      const next = residuals(trial);
      const sum = sumOfSquares(next);
      if (!(sum <= before)) continue;
      parameters = trial;
      now = next;
      after = sum;
      damping = Math.max(1e-14, damping / 10);
      break;
    }
    // As far as rounding lets the sum fall: hosts that round Math.pow differently then agree on ten digits.
    if (before - after <= 1e-16 * before) {
      const fit = fitLinear(jacobianOf(model, x, count, parameters), now, sigma);
      return { ...fit, parameters, chiSquared: after };
    }
  }
  throw new ComputationError({
    what: "nonlinear fit",
    value: "200 iterations",
    expected: "convergence",
    attempt: "better starting values",
  });
}

function jacobianOf(
  model: (x: number, parameters: Float64Array) => number,
  x: ArrayLike<number>,
  count: number,
  parameters: Float64Array,
): Float64Array {
  const width = parameters.length;
  const jacobian = new Float64Array(count * width);
  for (let j = 0; j < width; j++) {
    const h = 1e-5 * (Math.abs(parameters[j]!) + 1e-8);
    const shifted = (by: number): Float64Array => parameters.map((p, k) => (k === j ? p + by : p));
    const [up, down] = [shifted(h), shifted(-h)];
    for (let i = 0; i < count; i++) jacobian[i * width + j] = (model(x[i]!, up) - model(x[i]!, down)) / (2 * h);
  }
  return jacobian;
}

/** Minimizes |J s - r|^2 + damping |D s|^2 with D the norms of J's columns. */
function dampedStep(
  jacobian: Float64Array,
  residual: Float64Array,
  width: number,
  damping: number,
  sigma?: ArrayLike<number>,
): Float64Array {
  const count = residual.length;
  const design = new Float64Array((count + width) * width);
  const weight = (i: number): number => 1 / (sigma?.[i] ?? 1);
  for (let j = 0; j < width; j++) {
    let norm = 0;
    for (let i = 0; i < count; i++) {
      design[i * width + j] = jacobian[i * width + j]! * weight(i);
      norm += design[i * width + j]! ** 2;
    }
    design[(count + j) * width + j] = Math.sqrt(damping * norm) || 1;
  }
  const target = Float64Array.from({ length: count + width }, (_, i) => (i < count ? residual[i]! * weight(i) : 0));
  return fitLinear(design, target).parameters;
}
