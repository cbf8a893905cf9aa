/**
 * Philox4x32-10, four counters at once, and normal deviates from it: the numbers of src/random.ts bit for bit, so that a
 * deviate depends on (seed, use-site, step, index) alone and not on who draws it.
 */
import { vlog } from "./math/exponential.as";
import { cosineSeries, sineSeries } from "./math/circular.as";

/** Use-sites of src/random.ts. */
export const SITE_LANGEVIN: i32 = 3;
export const SITE_VELOCITY_RESCALING: i32 = 4;
export const SITE_BAROSTAT: i32 = 5;
export const SITE_GAMMA_DEVIATE: i32 = 13;

/** Words 0 to 3 of four counters. Globals, since a function returns one vector, and every thread has its own. */
let word0: v128 = i32x4.splat(0);
let word1: v128 = i32x4.splat(0);
let word2: v128 = i32x4.splat(0);
let word3: v128 = i32x4.splat(0);

// @ts-ignore: decorator
@inline
function lowWords(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(a, b, 0, 2, 4, 6);
}
// @ts-ignore: decorator
@inline
function highWords(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(a, b, 1, 3, 5, 7);
}

/** Philox of the counters (index .. index + 3, 0, step, site) into the words. */
function philox4(seedLow: u32, seedHigh: u32, site: i32, step: u32, index: u32): void {
  let c0 = i32x4.add(i32x4.splat(index), i32x4(0, 1, 2, 3));
  let c1 = i32x4.splat(0);
  let c2 = i32x4.splat(step);
  let c3 = i32x4.splat(site);
  let k0 = seedLow;
  let k1 = seedHigh;
  const m0 = i32x4.splat(0xd2511f53);
  const m1 = i32x4.splat(0xcd9e8d57);
  for (let round = 0; round < 10; round++) {
    const a = i64x2.extmul_low_i32x4_u(c0, m0);
    const b = i64x2.extmul_high_i32x4_u(c0, m0);
    const c = i64x2.extmul_low_i32x4_u(c2, m1);
    const d = i64x2.extmul_high_i32x4_u(c2, m1);
    c0 = v128.xor(v128.xor(highWords(c, d), c1), i32x4.splat(k0));
    c1 = lowWords(c, d);
    c2 = v128.xor(v128.xor(highWords(a, b), c3), i32x4.splat(k1));
    c3 = lowWords(a, b);
    k0 += 0x9e3779b9;
    k1 += 0xbb67ae85;
  }
  word0 = c0;
  word1 = c1;
  word2 = c2;
  word3 = c3;
}

/** Uniform (0, 1) of two lanes from the first two of two words each. */
// @ts-ignore: decorator
@inline
function toUniform(high: v128, low: v128): v128 {
  const a = f64x2.convert_low_i32x4_u(i32x4.shr_u(high, 5));
  const b = f64x2.convert_low_i32x4_u(i32x4.shr_u(low, 6));
  const sum = f64x2.add(f64x2.add(f64x2.mul(a, f64x2.splat(67108864)), b), f64x2.splat(0.5));
  return f64x2.mul(sum, f64x2.splat(1.1102230246251565e-16));
}

/** The last two of four lanes to the front. */
// @ts-ignore: decorator
@inline
function lastTwo(a: v128): v128 {
  return v128.shuffle<i32>(a, a, 2, 3, 2, 3);
}

/** Box-Muller of two counters: four normal deviates, (cos, sin) of each counter. */
// @ts-ignore: decorator
@inline
function storeNormals(out: usize, u: v128, turn: v128): void {
  const radius = f64x2.sqrt(f64x2.mul(f64x2.splat(-2), vlog(u)));
  const half = f64x2.nearest(f64x2.mul(f64x2.splat(2), turn));
  const x = f64x2.mul(f64x2.sub(turn, f64x2.mul(f64x2.splat(0.5), half)), f64x2.splat(6.283185307179586));
  const x2 = f64x2.mul(x, x);
  // An odd number of half turns changes the sign of both.
  const sign = v128.and(f64x2.eq(half, f64x2.splat(1)), f64x2.splat(-0.0));
  const cosine = f64x2.mul(radius, v128.xor(cosineSeries(x2), sign));
  const sine = f64x2.mul(radius, v128.xor(sineSeries(x, x2), sign));
  v128.store(out, v128.shuffle<f64>(cosine, sine, 0, 2));
  v128.store(out, v128.shuffle<f64>(cosine, sine, 1, 3), 16);
}

/**
 * Normal deviates 8 `first` .. 8 (`first` + `blocks`) - 1 of the stream (seed, site, step) as f64 at `out`: the numbers
 * that `randomStream(seed, site, step).normal()` gives one after the other.
 */
export function fillNormals(
  out: usize,
  seedLow: u32,
  seedHigh: u32,
  site: i32,
  step: u32,
  first: i32,
  blocks: i32,
): void {
  for (let block = first; block < first + blocks; block++, out += 64) {
    philox4(seedLow, seedHigh, site, step, <u32>block << 2);
    const c0 = word0, c1 = word1, c2 = word2, c3 = word3;
    storeNormals(out, toUniform(c0, c1), toUniform(c2, c3));
    storeNormals(out + 32, toUniform(lastTwo(c0), lastTwo(c1)), toUniform(lastTwo(c2), lastTwo(c3)));
  }
}

/** Uniform number `draw` (0, 1, 2, ...) of the stream. */
export function uniformAt(seedLow: u32, seedHigh: u32, site: i32, step: u32, draw: i32): f64 {
  philox4(seedLow, seedHigh, site, step, <u32>(draw >> 1));
  return f64x2.extract_lane(draw & 1 ? toUniform(word2, word3) : toUniform(word0, word1), 0);
}
