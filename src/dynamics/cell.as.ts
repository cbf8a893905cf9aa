/** A^3 of a cell [9] f64. */
export function volumeOf(cell: usize): f64 {
  const a = load<f64>(cell), b = load<f64>(cell, 8), c = load<f64>(cell, 16);
  const d = load<f64>(cell, 24), e = load<f64>(cell, 32), f = load<f64>(cell, 40);
  const g = load<f64>(cell, 48), h = load<f64>(cell, 56), k = load<f64>(cell, 64);
  return Math.abs(a * (e * k - f * h) + b * (f * g - d * k) + c * (d * h - e * g));
}

/** rows [count] of three f64, `stride` bytes apart, times a matrix [9], in place. */
export function timesMatrix(rows: usize, count: i32, stride: usize, matrix: usize): void {
  const a = load<f64>(matrix), b = load<f64>(matrix, 8), c = load<f64>(matrix, 16);
  const d = load<f64>(matrix, 24), e = load<f64>(matrix, 32), f = load<f64>(matrix, 40);
  const g = load<f64>(matrix, 48), h = load<f64>(matrix, 56), k = load<f64>(matrix, 64);
  for (let i = 0; i < count; i++, rows += stride) {
    const x = load<f64>(rows), y = load<f64>(rows, 8), z = load<f64>(rows, 16);
    store<f64>(rows, x * a + y * d + z * g);
    store<f64>(rows, x * b + y * e + z * h, 8);
    store<f64>(rows, x * c + y * f + z * k, 16);
  }
}
