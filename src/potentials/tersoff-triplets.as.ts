import { vexp } from "../math/exponential.as";
import { gatherRow } from "./pair-rows.as";
import {
  add,
  addSum,
  ALONG,
  BLOCK,
  cosines,
  cutoffFunction,
  fall,
  LARGEST_STRETCH,
  P,
  R,
  TYPE,
  UX,
  UY,
  UZ,
  WX,
  WY,
  WZ,
  ZETA,
} from "./tersoff-rows.as";

/*
 * Triplets of several elements: i j k and i k j have numbers of their own, down to the cutoff, so that each bond i j goes
 * over all other neighbors k, two at a time.
 */

/** Bytes kept of a bond and two neighbors: slopes of zeta along u_j, along u_k, and in cos theta. */
const KEPT: usize = 48;

/** Sums zeta over all ordered pairs in blocks first <= b < last. */
export function sumZetasOfMany(triplets: usize, species: i32, first: usize, last: usize, kept: usize): void {
  for (let block = first; block < last; block += BLOCK) {
    for (let lane = 0; lane < 2; lane++) {
      const j = block + (<usize>lane << 3);
      const records = triplets + <usize>(load<i32>(block + (<usize>lane << 2), TYPE) * species);
      const ux = v128.load_splat<f64>(j, UX);
      const uy = v128.load_splat<f64>(j, UY);
      const uz = v128.load_splat<f64>(j, UZ);
      const rj = v128.load_splat<f64>(j, R);
      let zeta = f64x2.splat(0);
      for (let k = first; k < last; k += BLOCK) {
        const a = records + <usize>load<i32>(k, TYPE);
        const b = records + <usize>load<i32>(k, TYPE + 4);
        const r = v128.load(k, R);
        let inside = f64x2.lt(r, gatherRow(a, b, 0));
        if (k == block) inside = v128.and(inside, lane ? i64x2(-1, 0) : i64x2(0, -1));
        const f = cutoffFunction(r, inside, gatherRow(a, b, 8), gatherRow(a, b, 16), gatherRow(a, b, 24));
        const bend = f64x2.sub(cosines(ux, uy, uz, k), gatherRow(a, b, 56));
        const inverse = f64x2.div(f64x2.splat(1), f64x2.add(gatherRow(a, b, 48), f64x2.mul(bend, bend)));
        const dip = f64x2.mul(gatherRow(a, b, 40), inverse);
        const g = f64x2.sub(gatherRow(a, b, 32), dip);
        const slope = f64x2.mul(f64x2.mul(f64x2.add(bend, bend), dip), inverse);
        const x = f64x2.sub(rj, r);
        const square = f64x2.mul(gatherRow(a, b, 64), f64x2.mul(x, x));
        const linear = gatherRow(a, b, 72);
        const power = f64x2.mul(f64x2.add(square, linear), x);
        const limit = f64x2.splat(LARGEST_STRETCH);
        const e = vexp(f64x2.pmax(f64x2.pmin(power, limit), f64x2.neg(limit)));
        const d = v128.and(f64x2.add(f64x2.mul(f64x2.splat(3), square), linear), f64x2.lt(f64x2.abs(power), limit));
        const ge = f64x2.mul(g, e);
        const part = f64x2.mul(f, ge);
        const pull = f64x2.mul(part, d);
        zeta = f64x2.add(zeta, part);
        v128.store(kept, pull);
        v128.store(kept, f64x2.sub(f64x2.mul(fall, ge), pull), 16);
        v128.store(kept, f64x2.mul(f64x2.mul(f, e), slope), 32);
        kept += KEPT;
      }
      addSum(j, ZETA, zeta);
    }
  }
}

/** Spreads dE/dzeta over the same pairs. */
export function spreadZetasOfMany(first: usize, last: usize, kept: usize): void {
  for (let block = first; block < last; block += BLOCK) {
    for (let j = block; j < block + 16; j += 8) {
      const ux = v128.load_splat<f64>(j, UX);
      const uy = v128.load_splat<f64>(j, UY);
      const uz = v128.load_splat<f64>(j, UZ);
      const p = v128.load_splat<f64>(j, P);
      let along = f64x2.splat(0);
      let wx = along;
      let wy = along;
      let wz = along;
      for (let k = first; k < last; k += BLOCK) {
        const turn = f64x2.mul(p, v128.load(kept, 32));
        along = f64x2.add(along, f64x2.mul(p, v128.load(kept)));
        wx = f64x2.add(wx, f64x2.mul(turn, v128.load(k, UX)));
        wy = f64x2.add(wy, f64x2.mul(turn, v128.load(k, UY)));
        wz = f64x2.add(wz, f64x2.mul(turn, v128.load(k, UZ)));
        add(k, ALONG, f64x2.mul(p, v128.load(kept, 16)));
        add(k, WX, f64x2.mul(turn, ux));
        add(k, WY, f64x2.mul(turn, uy));
        add(k, WZ, f64x2.mul(turn, uz));
        kept += KEPT;
      }
      addSum(j, ALONG, along);
      addSum(j, WX, wx);
      addSum(j, WY, wy);
      addSum(j, WZ, wz);
    }
  }
}
