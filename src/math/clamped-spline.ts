/** A cubic spline on a grid, given by its values and its slopes at both ends; beyond them it goes on as straight lines. */
export interface ClampedSpline {
  /** The first knot, and the spacing of all. */
  readonly start: number;
  readonly step: number;
  /** Number of knots. */
  readonly count: number;
  /** Second derivatives at the knots. */
  readonly curvatures: Float64Array;
  /**
   * [4 (count + 1)] cubics in powers 3, 2, 1, 0 of p = (x - start) / step - (m - 1): m = 0 is the straight line before the
   * first knot, m = count the one after the last.
   */
  readonly coefficients: Float64Array;
}

/**
 * The spline through `values` at `knots` with these slopes at the ends. Knots may stray from the grid by rounding in a
 * file: curvatures are those of the knots as they stand, and each cubic ends at its own last knot, as LAMMPS has it.
 */
export function clampedSpline(
  knots: readonly number[],
  values: readonly number[],
  slopes: readonly [number, number],
): ClampedSpline {
  const count = knots.length;
  const last = count - 1;
  const [start, end] = [knots[0]!, knots[last]!];
  const step = (end - start) / last;
  const curvatures = clampedCurvatures(knots, values, slopes);
  const coefficients = new Float64Array(4 * (count + 1));
  coefficients.set([0, 0, slopes[0] * step, values[0]! - slopes[0] * step], 0);
  for (let m = 1; m <= last; m++) {
    const [here, next] = [(curvatures[m - 1]! * step * step) / 6, (curvatures[m]! * step * step) / 6];
    const rise = values[m]! - values[m - 1]!;
    const [a, b, c, d] = [next - here, 3 * here, rise - 2 * here - next, values[m - 1]!];
    const shift = m - (knots[m]! - start) / step;
    coefficients.set(
      [a, b + 3 * a * shift, c + (2 * b + 3 * a * shift) * shift, d + (c + (b + a * shift) * shift) * shift],
      4 * m,
    );
  }
  coefficients.set([0, 0, slopes[1] * step, values[last]!], 4 * count);
  return { start, step, count, curvatures, coefficients };
}

/** Second derivatives: the tridiagonal system of continuous slopes, solved from the first knot to the last and back. */
function clampedCurvatures(
  x: readonly number[],
  y: readonly number[],
  [first, final]: readonly [number, number],
): Float64Array {
  const last = x.length - 1;
  const secant = (m: number): number => (y[m + 1]! - y[m]!) / (x[m + 1]! - x[m]!);
  // Row m reads lower[m] M[m-1] + 2 M[m] + (1 - lower[m]) M[m+1] = right[m], with M beyond the ends absent.
  const upper = new Float64Array(last + 1);
  const right = new Float64Array(last + 1);
  for (let m = 0; m <= last; m++) {
    let lower = m === last ? 1 : 0;
    let value: number;
    if (m === 0) value = (6 * (secant(0) - first)) / (x[1]! - x[0]!);
    else if (m === last) value = (6 * (final - secant(last - 1))) / (x[last]! - x[last - 1]!);
    else {
      lower = (x[m]! - x[m - 1]!) / (x[m + 1]! - x[m - 1]!);
      value = (6 * (secant(m) - secant(m - 1))) / (x[m + 1]! - x[m - 1]!);
    }
    const pivot = 2 - lower * (upper[m - 1] ?? 0);
    upper[m] = (1 - lower) / pivot;
    right[m] = (value - lower * (right[m - 1] ?? 0)) / pivot;
  }
  for (let m = last - 1; m >= 0; m--) right[m]! -= upper[m]! * right[m + 1]!;
  return right;
}

/** Value and slope at x. */
export function clampedSplineAt(spline: ClampedSpline, x: number): { value: number; slope: number } {
  const { start, step, count, coefficients } = spline;
  const t = (x - start) / step;
  const m = Math.max(0, Math.min(Math.floor(t) + 1, count));
  const p = t - (m - 1);
  const [a, b, c, d] = coefficients.subarray(4 * m, 4 * m + 4) as unknown as [number, number, number, number];
  return { value: ((a * p + b) * p + c) * p + d, slope: ((3 * a * p + 2 * b) * p + c) / step };
}
