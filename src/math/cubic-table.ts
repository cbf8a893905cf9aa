/** A function tabulated at x = 0, step, 2 step, ..., interpolated by one cubic per interval. */
export interface CubicTable {
  readonly step: number;
  readonly count: number;
  /** [4 count] of interval m, in powers 3, 2, 1, 0 of the fraction p in it; the last one is a straight line. */
  readonly coefficients: Float64Array;
}

/**
 * Cubic Hermite interpolation with slopes from five points, (f[m-2] - f[m+2] + 8 (f[m+1] - f[m-1])) / 12, and from
 * three and two points at the ends: the convention of the published EAM tables, which are only defined together with it.
 */
export function cubicTable(values: readonly number[], step: number): CubicTable {
  const f = values;
  const count = f.length;
  const last = count - 1;
  const slopes = new Float64Array(count);
  slopes[0] = f[1]! - f[0]!;
  slopes[1] = 0.5 * (f[2]! - f[0]!);
  for (let m = 2; m < last - 1; m++) slopes[m] = (f[m - 2]! - f[m + 2]! + 8 * (f[m + 1]! - f[m - 1]!)) / 12;
  slopes[last - 1] = 0.5 * (f[last]! - f[last - 2]!);
  slopes[last] = f[last]! - f[last - 1]!;
  const coefficients = new Float64Array(4 * count);
  for (let m = 0; m < last; m++) {
    const rise = f[m + 1]! - f[m]!;
    coefficients[4 * m] = slopes[m]! + slopes[m + 1]! - 2 * rise;
    coefficients[4 * m + 1] = 3 * rise - 2 * slopes[m]! - slopes[m + 1]!;
    coefficients[4 * m + 2] = slopes[m]!;
    coefficients[4 * m + 3] = f[m]!;
  }
  coefficients[4 * last + 2] = slopes[last]!;
  coefficients[4 * last + 3] = f[last]!;
  return { step, count, coefficients };
}

/** Value and slope at x; beyond the table the last interval's end. */
export function cubicTableAt(table: CubicTable, x: number): { value: number; slope: number } {
  const { coefficients, count, step } = table;
  const m = Math.max(0, Math.min(Math.trunc(x / step), count - 2));
  const p = Math.min(x / step - m, 1);
  const [a, b, c, d] = coefficients.subarray(4 * m, 4 * m + 4) as unknown as [number, number, number, number];
  return { value: ((a * p + b) * p + c) * p + d, slope: ((3 * a * p + 2 * b) * p + c) / step };
}
