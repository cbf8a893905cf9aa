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
  const slope = (m: number): number => {
    if (m === 0) return f[1]! - f[0]!;
    if (m === last) return f[last]! - f[last - 1]!;
    if (m === 1 || m === last - 1) return 0.5 * (f[m + 1]! - f[m - 1]!);
    return (f[m - 2]! - f[m + 2]! + 8 * (f[m + 1]! - f[m - 1]!)) / 12;
  };
  const coefficients = new Float64Array(4 * count);
  for (let m = 0; m < count; m++) {
    const rise = m === last ? 0 : f[m + 1]! - f[m]!;
    const [left, right] = [slope(m), m === last ? 0 : slope(m + 1)];
    coefficients[4 * m] = m === last ? 0 : left + right - 2 * rise;
    coefficients[4 * m + 1] = m === last ? 0 : 3 * rise - 2 * left - right;
    coefficients[4 * m + 2] = left;
    coefficients[4 * m + 3] = f[m]!;
  }
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
