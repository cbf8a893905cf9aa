import { vexp } from "../math/exponential.as";
import {
  add,
  addSum,
  ALONG,
  BLOCK,
  cosines,
  FC,
  LARGEST_STRETCH,
  P,
  R,
  UX,
  UY,
  UZ,
  WX,
  WY,
  WZ,
  Y,
  ZETA,
} from "./tersoff-rows.as";

/*
 * Triplets of one element: a pair of neighbors j, k serves both bonds at once. The angle is the same, and
 * e = exp((lambda3 (r_ij - r_ik))^m) of one is the inverse of the other's. The two neighbors of a block are a pair; other
 * pairs are a neighbor j with the two of a later block.
 */

/** Bytes kept of two pairs: g and g'; with a stretch also e, the slope of its exponent, and 1/e. */
// @ts-ignore: decorator
@inline
function keptBytes(stretched: bool): usize {
  return stretched ? 80 : 32;
}

// @ts-ignore: decorator
@inline
function swap(x: v128): v128 {
  return v128.shuffle<f64>(x, x, 1, 0);
}

/** g and g' of two pairs, and with a stretch the exponent and its slope; x is r_ij - r_ik. */
// @ts-ignore: decorator
@inline
function angle(triplet: usize, cosine: v128, x: v128, kept: usize, stretched: bool): void {
  const strength = v128.load_splat<f64>(triplet, 40);
  const bend = f64x2.sub(cosine, v128.load_splat<f64>(triplet, 56));
  const denominator = f64x2.add(v128.load_splat<f64>(triplet, 48), f64x2.mul(bend, bend));
  const inverse = f64x2.div(f64x2.splat(1), denominator);
  const dip = f64x2.mul(strength, inverse);
  v128.store(kept, f64x2.sub(v128.load_splat<f64>(triplet, 32), dip));
  v128.store(kept, f64x2.mul(f64x2.mul(f64x2.add(bend, bend), dip), inverse), 16);
  if (!stretched) return;
  const limit = f64x2.splat(LARGEST_STRETCH);
  const linear = v128.load_splat<f64>(triplet, 72);
  const square = f64x2.mul(v128.load_splat<f64>(triplet, 64), f64x2.mul(x, x));
  const power = f64x2.mul(f64x2.add(square, linear), x);
  const slope = f64x2.add(f64x2.mul(f64x2.splat(3), square), linear);
  v128.store(kept, f64x2.pmax(f64x2.pmin(power, limit), f64x2.neg(limit)), 32);
  v128.store(kept, v128.and(slope, f64x2.lt(f64x2.abs(power), limit)), 48);
}

/** Angles and exponents of all pairs of an atom's neighbors in blocks first <= b < last; returns the end of what is kept. */
// @ts-ignore: decorator
@inline
export function findAngles(triplet: usize, first: usize, last: usize, kept: usize, stretched: bool): usize {
  for (let block = first; block < last; block += BLOCK) {
    const within = cosines(swap(v128.load(block, UX)), swap(v128.load(block, UY)), swap(v128.load(block, UZ)), block);
    const r = v128.load(block, R);
    angle(triplet, within, f64x2.sub(r, swap(r)), kept, stretched);
    kept += keptBytes(stretched);
    for (let j = block; j < block + 16; j += 8) {
      const ux = v128.load_splat<f64>(j, UX);
      const uy = v128.load_splat<f64>(j, UY);
      const uz = v128.load_splat<f64>(j, UZ);
      const rj = v128.load_splat<f64>(j, R);
      for (let k = block + BLOCK; k < last; k += BLOCK) {
        angle(triplet, cosines(ux, uy, uz, k), f64x2.sub(rj, v128.load(k, R)), kept, stretched);
        kept += keptBytes(stretched);
      }
    }
  }
  return kept;
}

/** Exponentials of all that is kept, and their inverses. */
// @ts-ignore: decorator
@inline
export function findStretches(kept: usize, last: usize): void {
  for (; kept < last; kept += keptBytes(true)) {
    const e = vexp(v128.load(kept, 32));
    v128.store(kept, e, 32);
    v128.store(kept, f64x2.div(f64x2.splat(1), e), 64);
  }
}

/** Sums zeta over the same pairs. */
// @ts-ignore: decorator
@inline
export function sumZetas(first: usize, last: usize, kept: usize, stretched: bool): void {
  for (let block = first; block < last; block += BLOCK) {
    let part = v128.load(kept);
    if (stretched) part = f64x2.mul(part, v128.load(kept, 32));
    add(block, ZETA, f64x2.mul(swap(v128.load(block, FC)), part));
    kept += keptBytes(stretched);
    for (let j = block; j < block + 16; j += 8) {
      const f = v128.load_splat<f64>(j, FC);
      let zeta = f64x2.splat(0);
      for (let k = block + BLOCK; k < last; k += BLOCK) {
        let here = v128.load(kept);
        let there = here;
        if (stretched) {
          here = f64x2.mul(here, v128.load(kept, 32));
          there = f64x2.mul(there, v128.load(kept, 64));
        }
        zeta = f64x2.add(zeta, f64x2.mul(v128.load(k, FC), here));
        add(k, ZETA, f64x2.mul(f, there));
        kept += keptBytes(stretched);
      }
      addSum(j, ZETA, zeta);
    }
  }
}

/** Spreads dE/dzeta over the same pairs. */
// @ts-ignore: decorator
@inline
export function spreadZetas(first: usize, last: usize, kept: usize, stretched: bool): void {
  for (let block = first; block < last; block += BLOCK) {
    const g = v128.load(kept);
    let toOther = v128.load(block, P);
    if (stretched) toOther = f64x2.mul(toOther, v128.load(kept, 32));
    add(block, Y, swap(f64x2.mul(toOther, g)));
    const part = f64x2.mul(toOther, swap(v128.load(block, FC)));
    const back = swap(part);
    if (stretched) add(block, ALONG, f64x2.mul(f64x2.mul(g, v128.load(kept, 48)), f64x2.sub(part, back)));
    const turn = f64x2.mul(v128.load(kept, 16), f64x2.add(part, back));
    add(block, WX, f64x2.mul(turn, swap(v128.load(block, UX))));
    add(block, WY, f64x2.mul(turn, swap(v128.load(block, UY))));
    add(block, WZ, f64x2.mul(turn, swap(v128.load(block, UZ))));
    kept += keptBytes(stretched);
    for (let j = block; j < block + 16; j += 8) kept = spreadAcross(j, block + BLOCK, last, kept, stretched);
  }
}

/** The pairs of one neighbor j, a lane of a block, with those of later blocks. */
// @ts-ignore: decorator
@inline
function spreadAcross(j: usize, next: usize, last: usize, kept: usize, stretched: bool): usize {
  if (next == last) return kept;
  const ux = v128.load_splat<f64>(j, UX);
  const uy = v128.load_splat<f64>(j, UY);
  const uz = v128.load_splat<f64>(j, UZ);
  const f = v128.load_splat<f64>(j, FC);
  const p = v128.load_splat<f64>(j, P);
  let along = f64x2.splat(0);
  let y = along;
  let wx = along;
  let wy = along;
  let wz = along;
  for (let k = next; k < last; k += BLOCK) {
    const g = v128.load(kept);
    let toK = p;
    let toJ = v128.load(k, P);
    if (stretched) {
      toK = f64x2.mul(toK, v128.load(kept, 32));
      toJ = f64x2.mul(toJ, v128.load(kept, 64));
    }
    y = f64x2.add(y, f64x2.mul(toJ, g));
    add(k, Y, f64x2.mul(toK, g));
    toK = f64x2.mul(toK, v128.load(k, FC));
    toJ = f64x2.mul(toJ, f);
    if (stretched) {
      const pull = f64x2.mul(f64x2.mul(g, v128.load(kept, 48)), f64x2.sub(toK, toJ));
      along = f64x2.add(along, pull);
      add(k, ALONG, f64x2.neg(pull));
    }
    const turn = f64x2.mul(v128.load(kept, 16), f64x2.add(toK, toJ));
    wx = f64x2.add(wx, f64x2.mul(turn, v128.load(k, UX)));
    wy = f64x2.add(wy, f64x2.mul(turn, v128.load(k, UY)));
    wz = f64x2.add(wz, f64x2.mul(turn, v128.load(k, UZ)));
    add(k, WX, f64x2.mul(turn, ux));
    add(k, WY, f64x2.mul(turn, uy));
    add(k, WZ, f64x2.mul(turn, uz));
    kept += keptBytes(stretched);
  }
  addSum(j, ALONG, along);
  addSum(j, Y, y);
  addSum(j, WX, wx);
  addSum(j, WY, wy);
  addSum(j, WZ, wz);
  return kept;
}
