/**
 * Streaming QR: rows are appended to a triangular factor R, so that a tall matrix never sits in memory whole. Blocked
 * Householder reflections in compact WY form, Q = I - V T V^T with V = [I; V2] because R is triangular: Schreiber and
 * Van Loan, SIAM J. Sci. Stat. Comput. 10 (1989) 53; Demmel, Grigori, Hoemmen, Langou, SIAM J. Sci. Comput. 34 (2012)
 * A206 (TSQR).
 */
import { gemm, gemmScratch } from "./gemm.as";

/** Columns per block of reflections. */
const PANEL: i32 = 48;

/** Bytes of scratch that appendRows needs for factors of this width. */
export function appendRowsScratch(width: i32): i32 {
  return gemmScratch() + ((2 * PANEL * PANEL + 2 * PANEL + 2 * PANEL * (width + 4)) << 3);
}

/**
 * Reflections of one panel of columns: the columns of `rows` become V2, the diagonal block of R is updated, the scalar
 * factors tau go to `taus`. Applying reflection j and taking the products with column j + 1 share one sweep of memory.
 */
function factorPanel(
  r: usize, width: i32, rStride: i32, rows: usize, count: i32, stride: i32, taus: usize, work: usize,
): void {
  const products = work;
  const weights = work + (<usize>PANEL << 3);
  memory.fill(work, 0, <usize>(2 * PANEL) << 3);
  sweep(rows, count, stride, -1, width, 0, weights, products);
  for (let j = 0; j < width; j++) {
    const own = <usize>j << 3;
    const rRow = r + (<usize>(j * rStride) << 3);
    const square = load<f64>(products + own);
    const alpha = load<f64>(rRow + own);
    let scale: f64 = 0;
    let tau: f64 = 0;
    if (square > 0) {
      const norm = Math.sqrt(alpha * alpha + square);
      const beta = alpha > 0 ? -norm : norm;
      tau = (beta - alpha) / beta;
      scale = 1 / (alpha - beta);
      store<f64>(rRow + own, beta);
    }
    store<f64>(taus + own, tau);
    for (let l = j + 1; l < width; l++) {
      const at = <usize>l << 3;
      const w = tau * (load<f64>(rRow + at) + scale * load<f64>(products + at));
      store<f64>(rRow + at, load<f64>(rRow + at) - w);
      store<f64>(weights + at, w);
    }
    sweep(rows, count, stride, j, width, scale, weights, products);
  }
}

/**
 * Scales column j into v (none when j is -1), subtracts v w_l from the columns l > j, and forms the products of the
 * new column j + 1 with itself and the columns after it.
 */
function sweep(
  rows: usize, count: i32, stride: i32, j: i32, width: i32, scale: f64, weights: usize, products: usize,
): void {
  const line = <usize>stride << 3;
  const end = rows + <usize>count * line;
  const own = <usize>j << 3;
  const next = <usize>(j + 1) << 3;
  const finish = <usize>width << 3;
  memory.fill(products, 0, finish);
  for (let row = rows; row < end; row += line) {
    let v: f64 = 0;
    if (j >= 0) {
      v = load<f64>(row + own) * scale;
      store<f64>(row + own, v);
      if (next == finish) continue;
    }
    const pivot = load<f64>(row + next) - v * load<f64>(weights + next);
    const v2 = f64x2.splat(v);
    const pivot2 = f64x2.splat(pivot);
    let at = next;
    for (; at + 8 < finish; at += 16) {
      const updated = f64x2.sub(v128.load(row + at), f64x2.mul(v2, v128.load(weights + at)));
      v128.store(row + at, updated);
      v128.store(products + at, f64x2.add(v128.load(products + at), f64x2.mul(pivot2, updated)));
    }
    if (at < finish) {
      const updated = load<f64>(row + at) - v * load<f64>(weights + at);
      store<f64>(row + at, updated);
      store<f64>(products + at, load<f64>(products + at) + pivot * updated);
    }
  }
}

/** T of compact WY [width x width, upper] from the products G = V2^T V2 and the scalar factors. */
function formT(t: usize, products: usize, taus: usize, width: i32): void {
  memory.fill(t, 0, <usize>(PANEL * PANEL) << 3);
  for (let j = 0; j < width; j++) {
    const tau = load<f64>(taus + (<usize>j << 3));
    for (let i = 0; i < j; i++) {
      let sum: f64 = 0;
      for (let l = i; l < j; l++)
        sum += load<f64>(t + (<usize>(i * PANEL + l) << 3)) * load<f64>(products + (<usize>(l * PANEL + j) << 3));
      store<f64>(t + (<usize>(i * PANEL + j) << 3), -tau * sum);
    }
    store<f64>(t + (<usize>(j * PANEL + j) << 3), tau);
  }
}

/**
 * R becomes the triangular factor of [R; rows]. R is [width x rStride] row major, zero below the diagonal; `rows`
 * [count x stride] are destroyed. With `triangular`, row i of `rows` is known to be zero before column i.
 */
export function appendRows(
  r: usize, width: i32, rStride: i32, rows: usize, count: i32, stride: i32, triangular: bool, scratch: usize,
): void {
  const t = scratch + gemmScratch();
  const products = t + (<usize>(PANEL * PANEL) << 3);
  const taus = products + (<usize>(PANEL * PANEL) << 3);
  const w = taus + (<usize>(2 * PANEL) << 3);
  const wStride = width + 4;
  const tw = w + (<usize>(PANEL * wStride) << 3);
  for (let k = 0; k < width; k += PANEL) {
    const panel = min(PANEL, width - k);
    const active = triangular ? min(count, k + panel) : count;
    const v = rows + (<usize>k << 3);
    const diagonal = r + (<usize>(k * rStride + k) << 3);
    factorPanel(diagonal, panel, rStride, v, active, stride, taus, w);
    const rest = width - k - panel;
    if (rest <= 0) break;
    memory.fill(products, 0, <usize>(PANEL * PANEL) << 3);
    gemm(v, 1, stride, v, 1, stride, products, PANEL, panel, panel, active, 1, false, scratch);
    formT(t, products, taus, panel);
    const right = diagonal + (<usize>panel << 3);
    const trailing = v + (<usize>panel << 3);
    for (let i = 0; i < panel; i++)
      memory.copy(w + (<usize>(i * wStride) << 3), right + (<usize>(i * rStride) << 3), <usize>rest << 3);
    gemm(v, 1, stride, trailing, 1, stride, w, wStride, panel, rest, active, 1, false, scratch);
    memory.fill(tw, 0, <usize>(panel * wStride) << 3);
    gemm(t, 1, PANEL, w, 1, wStride, tw, wStride, panel, rest, panel, 1, false, scratch);
    for (let i = 0; i < panel; i++)
      for (let j = 0; j < rest; j++) {
        const to = right + (<usize>(i * rStride + j) << 3);
        store<f64>(to, load<f64>(to) - load<f64>(tw + (<usize>(i * wStride + j) << 3)));
      }
    gemm(v, stride, 1, tw, 1, wStride, trailing, stride, active, rest, panel, -1, false, scratch);
  }
}
