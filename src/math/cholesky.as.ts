import { gemm } from "./gemm.as";

const PANEL: i32 = 64;

/**
 * A = L L^T in place: the lower triangle of the row-major symmetric `a` [size x stride] becomes L, blocked by columns.
 * Returns 0, or one more than the row whose pivot is not positive (A is then not positive definite).
 */
export function cholesky(a: usize, size: i32, stride: i32, scratch: usize): i32 {
  for (let k = 0; k < size; k += PANEL) {
    const width = min(PANEL, size - k);
    for (let i = k; i < size; i++) {
      const row = a + (<usize>(i * stride + k) << 3);
      const last = min(width, i - k + 1);
      for (let j = 0; j < last; j++) {
        const other = a + (<usize>((k + j) * stride + k) << 3);
        let sum = f64x2.splat(0);
        let p = 0;
        for (; p + 1 < j; p += 2) {
          const at = <usize>p << 3;
          sum = f64x2.add(sum, f64x2.mul(v128.load(row + at), v128.load(other + at)));
        }
        let rest = load<f64>(row + (<usize>j << 3)) - f64x2.extract_lane(sum, 0) - f64x2.extract_lane(sum, 1);
        if (p < j) rest -= load<f64>(row + (<usize>p << 3)) * load<f64>(other + (<usize>p << 3));
        if (k + j == i) {
          if (!(rest > 0)) return i + 1;
          store<f64>(row + (<usize>j << 3), Math.sqrt(rest));
        } else store<f64>(row + (<usize>j << 3), rest / load<f64>(other + (<usize>j << 3)));
      }
    }
    const next = k + width;
    if (next < size) {
      const below = a + (<usize>(next * stride + k) << 3);
      gemm(below, stride, 1, below, stride, 1, a + (<usize>(next * stride + next) << 3), stride, size - next, size - next, width, -1, true, scratch);
    }
  }
  return 0;
}
