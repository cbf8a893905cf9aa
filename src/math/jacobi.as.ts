/**
 * One-sided Jacobi: plane rotations from the left until the first `columns` entries of all rows are mutually
 * orthogonal; the row norms are then the singular values and the normalized rows the right singular vectors (Demmel
 * and Veselic, SIAM J. Matrix Anal. Appl. 13 (1992) 1204: small singular values keep their relative accuracy). Entries
 * beyond `columns` (right-hand sides) are rotated along and become U^T b.
 */

/** One sweep over all pairs of rows; returns the number of rotations, 0 when orthogonal to `tolerance`. */
export function jacobiSweep(a: usize, rows: i32, columns: i32, stride: i32, tolerance: f64): i32 {
  let rotations = 0;
  for (let i = 0; i + 1 < rows; i++) {
    const p = a + (<usize>(i * stride) << 3);
    for (let j = i + 1; j < rows; j++) {
      const q = a + (<usize>(j * stride) << 3);
      if (rotate(p, q, columns, stride, tolerance)) rotations++;
    }
  }
  return rotations;
}

function rotate(p: usize, q: usize, columns: i32, stride: i32, tolerance: f64): bool {
  let pp = f64x2.splat(0);
  let qq = pp, pq = pp;
  const even = <usize>(columns & ~1) << 3;
  for (let at: usize = 0; at < even; at += 16) {
    const x = v128.load(p + at);
    const y = v128.load(q + at);
    pp = f64x2.add(pp, f64x2.mul(x, x));
    qq = f64x2.add(qq, f64x2.mul(y, y));
    pq = f64x2.add(pq, f64x2.mul(x, y));
  }
  let alpha = f64x2.extract_lane(pp, 0) + f64x2.extract_lane(pp, 1);
  let beta = f64x2.extract_lane(qq, 0) + f64x2.extract_lane(qq, 1);
  let gamma = f64x2.extract_lane(pq, 0) + f64x2.extract_lane(pq, 1);
  if (columns & 1) {
    const x = load<f64>(p + even);
    const y = load<f64>(q + even);
    alpha += x * x;
    beta += y * y;
    gamma += x * y;
  }
  if (gamma == 0 || Math.abs(gamma) <= tolerance * Math.sqrt(alpha * beta)) return false;
  const zeta = (beta - alpha) / (2 * gamma);
  const t = (zeta < 0 ? -1.0 : 1.0) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
  const c = 1 / Math.sqrt(1 + t * t);
  const s = c * t;
  const c2 = f64x2.splat(c);
  const s2 = f64x2.splat(s);
  const whole = <usize>(stride & ~1) << 3;
  for (let at: usize = 0; at < whole; at += 16) {
    const x = v128.load(p + at);
    const y = v128.load(q + at);
    v128.store(p + at, f64x2.sub(f64x2.mul(c2, x), f64x2.mul(s2, y)));
    v128.store(q + at, f64x2.add(f64x2.mul(s2, x), f64x2.mul(c2, y)));
  }
  if (stride & 1) {
    const x = load<f64>(p + whole);
    const y = load<f64>(q + whole);
    store<f64>(p + whole, c * x - s * y);
    store<f64>(q + whole, s * x + c * y);
  }
  return true;
}
