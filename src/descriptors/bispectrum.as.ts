/**
 * The bispectrum with vectors of T: f64x2, two neighbors per vector in the expansion of the density and two atoms per
 * vector in the couplings, or f32x4, four of each (bispectrum-mixed.as.ts). Layers are kept without square roots: u_j[mb][ma] = c_j[mb][ma] v_j[mb][ma], c = sqrt(C(j,mb)/C(j,ma)),
 * v_j[mb][ma] = conj(a) v_{j-1}[mb][ma] - conj(b) v_{j-1}[mb][ma-1], started with v_0 = weight x switching, so that the
 * sum over neighbors is a sum of layers and c is applied once per atom. See neighbor-expansion.ts for the equations.
 *
 * An expansion holds, layer after layer, the rows mb <= j/2 of v (for odd j < twojmax one more, a mirror image that the
 * next layer needs), 32 bytes per element: re of all lanes, im of all lanes.
 */
import { cosineSeries, sineSeries } from "../math/circular.as";
import { addDifference, addProduct, addProducts, differenceOfProducts, sumOfProducts } from "../math/multiply-add.as";

/** What the planner (bispectrum-planner.ts) packs; its twin is `BISPECTRUM_TABLES` there. */
@unmanaged
export class BispectrumTables {
  twojmax: i32;
  /** Densities per atom. */
  channels: i32;
  /** Kinds of atom. */
  types: i32;
  /** switchinnerflag. */
  inner: i32;
  /** wselfallflag. */
  selfAll: i32;
  /** A. */
  rmin0: f64;
  /** [types x types] records of 64 bytes, row of the center: PAIR_* below. */
  pairs: usize;
  /** [types] i32 density that an atom of this type counts in. */
  channelOfType: usize;
  /** [twojmax + 1] i32 bytes where a layer starts in an expansion, and the bytes of an expansion. */
  layers: usize;
  expansionBytes: i32;
  /** Elements of the half layers (mb <= j/2) and of the full layers of one density. */
  halfCount: i32;
  fullCount: i32;
  /** [fullCount] records of 32 bytes: i32 place in an expansion, i32 place in the density, f64 factors of re and im, f64 self. */
  assembly: usize;
  /** [halfCount] records of 24 bytes: i32 place in the half layers, i32 in an expansion, i32 in the density, f64 w c. */
  half: usize;
  /** [halfCount] f64 weight w of an element in the sum over the full layer: 2, 1 or 0. */
  weights: usize;
  /** Entries of the contraction and where they are; see `contract`. */
  programCount: i32;
  program: usize;
  /** Slots for neighbors of both atoms of a pair, their expansions, and how many fit. */
  slots: usize;
  expansions: usize;
  slotCapacity: i32;
  /** [channels] expansions, summed over neighbors. */
  totals: usize;
  /** [channels x fullCount] density U, 32 bytes per element, lanes are the two atoms. */
  density: usize;
  /** Scratch of `contract`. */
  factors: usize;
}

/** Record of a pair of types: f64 squared cutoff, angle per A, switching angle per A, weight of the neighbor, start of the inner switching, its angle per A; i32 channel. */
export const PAIR_BYTES: usize = 64;
const PAIR_ANGLE: usize = 8, PAIR_FADE: usize = 16, PAIR_WEIGHT: usize = 24, PAIR_INNER: usize = 32, PAIR_INNER_ANGLE: usize = 40;
export const PAIR_CHANNEL: usize = 48;

/** A slot holds two neighbors, 16 bytes per quantity. */
export const SLOT: usize = 240;
export const SLOT_X: usize = 0, SLOT_Y: usize = 16, SLOT_Z: usize = 32;
export const SLOT_WEIGHT: usize = 80;
const SLOT_ANGLE: usize = 48, SLOT_FADE: usize = 64, SLOT_INNER: usize = 96, SLOT_INNER_ANGLE: usize = 112;
/** cos theta0, sin theta0 / r, their derivatives by r, that of the weighted switching, 1/r. */
export const SLOT_COS: usize = 128, SLOT_SIN: usize = 144, SLOT_DCOS: usize = 160, SLOT_DSIN: usize = 176, SLOT_DFADE: usize = 192, SLOT_RINV: usize = 208;
/** i32 atom of the first lane, i32 channel, i32 atom of the second lane (-1: none). */
export const SLOT_ATOM: usize = 224, SLOT_CHANNEL: usize = 228, SLOT_ATOM2: usize = 232;

/** Writes neighbor number `count` of an atom, whose slots start at `slots`. */
// @ts-ignore: decorator
@inline
export function placeNeighbor(slots: usize, count: i32, x: f64, y: f64, z: f64, pair: usize, atom: i32): void {
  const slot = slots + ((count >> 1) as usize) * SLOT + ((count & 1) << 3);
  store<f64>(slot, x, SLOT_X);
  store<f64>(slot, y, SLOT_Y);
  store<f64>(slot, z, SLOT_Z);
  store<f64>(slot, load<f64>(pair, PAIR_ANGLE), SLOT_ANGLE);
  store<f64>(slot, load<f64>(pair, PAIR_FADE), SLOT_FADE);
  store<f64>(slot, load<f64>(pair, PAIR_WEIGHT), SLOT_WEIGHT);
  store<f64>(slot, load<f64>(pair, PAIR_INNER), SLOT_INNER);
  store<f64>(slot, load<f64>(pair, PAIR_INNER_ANGLE), SLOT_INNER_ANGLE);
  store<i32>(slot, atom, SLOT_ATOM);
}

/** Ends the neighbors of one channel: an odd last one gets a weightless twin. Returns the even count. */
export function closeChannel(slots: usize, first: i32, count: i32, channel: i32): i32 {
  if (count & 1) {
    const slot = slots + ((count >> 1) as usize) * SLOT;
    for (let k: usize = 0; k < SLOT_COS; k += 16) store<f64>(slot + k, load<f64>(slot + k), 8);
    store<f64>(slot, 0, SLOT_WEIGHT + 8);
    store<i32>(slot, -1, SLOT_ATOM2);
    count++;
  }
  for (let k = first; k < count; k += 2) store<i32>(slots + ((k >> 1) as usize) * SLOT, channel, SLOT_CHANNEL);
  return count;
}

/** Angles, switching and their derivatives of one slot; returns weight x switching of both lanes. */
// @ts-ignore: decorator
@inline
export function prepareSlot(tables: BispectrumTables, slot: usize): v128 {
  const half = f64x2.splat(0.5), one = f64x2.splat(1), quarter = f64x2.splat(Math.PI / 2);
  const dx = v128.load(slot, SLOT_X), dy = v128.load(slot, SLOT_Y), dz = v128.load(slot, SLOT_Z);
  const r = f64x2.sqrt(f64x2.add(f64x2.add(f64x2.mul(dx, dx), f64x2.mul(dy, dy)), f64x2.mul(dz, dz)));
  const rinv = f64x2.div(one, r);
  const outside = f64x2.sub(r, f64x2.splat(tables.rmin0));
  const angle = v128.load(slot, SLOT_ANGLE);
  const theta = f64x2.mul(outside, angle);
  let x = f64x2.sub(f64x2.abs(theta), quarter), x2 = f64x2.mul(x, x);
  // Inside rmin0 the cosine changes sign and the sine does not, as with z0 = r / tan(theta0) and a positive root.
  const cos = v128.xor(f64x2.neg(sineSeries(x, x2)), v128.and(theta, f64x2.splat(-0.0)));
  const sin = cosineSeries(x2);
  const fade = v128.load(slot, SLOT_FADE);
  x = f64x2.sub(f64x2.mul(f64x2.max(outside, f64x2.splat(0)), fade), quarter);
  x2 = f64x2.mul(x, x);
  const weight = v128.load(slot, SLOT_WEIGHT);
  let value = f64x2.mul(f64x2.mul(half, weight), f64x2.sub(one, sineSeries(x, x2)));
  let slope = f64x2.mul(f64x2.mul(f64x2.mul(f64x2.splat(-0.5), weight), fade), cosineSeries(x2));
  if (tables.inner) {
    const scale = v128.load(slot, SLOT_INNER_ANGLE);
    x = f64x2.mul(f64x2.sub(r, v128.load(slot, SLOT_INNER)), scale);
    x = f64x2.sub(f64x2.min(f64x2.max(x, f64x2.splat(0)), f64x2.splat(Math.PI)), quarter);
    x2 = f64x2.mul(x, x);
    const step = f64x2.mul(half, f64x2.add(one, sineSeries(x, x2)));
    slope = f64x2.add(f64x2.mul(slope, step), f64x2.mul(value, f64x2.mul(f64x2.mul(half, scale), cosineSeries(x2))));
    value = f64x2.mul(value, step);
  }
  const s = f64x2.mul(sin, rinv);
  v128.store(slot, cos, SLOT_COS);
  v128.store(slot, s, SLOT_SIN);
  v128.store(slot, f64x2.neg(f64x2.mul(sin, angle)), SLOT_DCOS);
  v128.store(slot, f64x2.mul(f64x2.sub(f64x2.mul(cos, angle), s), rinv), SLOT_DSIN);
  v128.store(slot, slope, SLOT_DFADE);
  v128.store(slot, rinv, SLOT_RINV);
  return value;
}

/** Appends to a layer of odd j its row (j+1)/2, the mirror image of the row before, which ends at `target`. */
// @ts-ignore: decorator
@inline
export function appendMirrorRow<T>(target: usize, j: i32): void {
  let source = target - 32;
  let negative = (((j - 1) >> 1) + j) & 1;
  for (let ma = 0; ma <= j; ma++) {
    const re = v128.load(source), im = v128.load(source, 16);
    v128.store(target, negative ? v128.neg<T>(re) : re);
    v128.store(target, negative ? im : v128.neg<T>(im), 16);
    negative ^= 1;
    source -= 32;
    target += 32;
  }
}

/** The layers of one slot at (a, b), from its weighted switching on, to `expansion`, and added to `total`. */
// @ts-ignore: decorator
@inline
export function expandSlot<T>(tables: BispectrumTables, expansion: usize, total: usize, value: v128, ar: v128, ai: v128, br: v128, bi: v128): void {
  const twojmax = tables.twojmax, layers = tables.layers;
  v128.store(expansion, value);
  v128.store(expansion, i32x4.splat(0), 16);
  for (let j = 1; j <= twojmax; j++) {
    let source = expansion + load<i32>(layers + ((j - 1) << 2));
    let target = expansion + load<i32>(layers + (j << 2));
    const rows = (j >> 1) + 1;
    for (let mb = 0; mb < rows; mb++) {
      let carryRe = i32x4.splat(0), carryIm = carryRe;
      const end = source + (j << 5);
      for (; source < end; source += 32, target += 32) {
        const re = v128.load(source), im = v128.load(source, 16);
        v128.store(target, addProducts<T>(carryRe, ar, re, ai, im));
        v128.store(target, addDifference<T>(carryIm, ar, im, ai, re), 16);
        carryRe = v128.neg<T>(sumOfProducts<T>(br, re, bi, im));
        carryIm = differenceOfProducts<T>(bi, re, br, im);
      }
      v128.store(target, carryRe);
      v128.store(target, carryIm, 16);
      target += 32;
    }
    if (j & 1 && j < twojmax) appendMirrorRow<T>(target, j);
  }
  const end = expansion + (tables.expansionBytes as usize);
  for (let source = expansion; source < end; source += 32, total += 32) {
    v128.store(total, v128.add<T>(v128.load(total), v128.load(source)));
    v128.store(total, v128.add<T>(v128.load(total, 16), v128.load(source, 16)), 16);
  }
}

/** Expands the neighbors in `count` slots and sums them, each in its channel, into `totals`. */
export function expandNeighbors(tables: BispectrumTables, slots: usize, count: i32, expansions: usize): void {
  const totals = tables.totals, bytes = tables.expansionBytes as usize;
  memory.fill(totals, 0, bytes * tables.channels);
  for (let n = 0; n < count; n++, slots += SLOT, expansions += bytes) {
    const value = prepareSlot(tables, slots);
    const s = v128.load(slots, SLOT_SIN);
    const ar = v128.load(slots, SLOT_COS), ai = f64x2.neg(f64x2.mul(s, v128.load(slots, SLOT_Z)));
    const br = f64x2.mul(s, v128.load(slots, SLOT_Y)), bi = f64x2.neg(f64x2.mul(s, v128.load(slots, SLOT_X)));
    expandSlot<f64>(tables, expansions, totals + bytes * load<i32>(slots, SLOT_CHANNEL), value, ar, ai, br, bi);
  }
}

/** Density of one atom, in its lane, from `totals`: lanes added, c applied, full squares filled, the atom itself added. */
export function assembleDensity<T>(tables: BispectrumTables, lane: i32, ownChannel: i32): void {
  const count = tables.fullCount;
  for (let channel = 0; channel < tables.channels; channel++) {
    const total = tables.totals + (tables.expansionBytes as usize) * channel;
    const density = tables.density + ((channel * count) << 5) + lane * sizeof<T>();
    const self: f64 = channel == ownChannel || tables.selfAll ? 1 : 0;
    let entry = tables.assembly;
    for (let k = 0; k < count; k++, entry += 32) {
      const source = total + load<i32>(entry), target = density + load<i32>(entry, 4);
      let re: f64, im: f64;
      if (sizeof<T>() == 8) {
        re = load<f64>(source) + load<f64>(source, 8);
        im = load<f64>(source, 16) + load<f64>(source, 24);
      } else {
        re = (load<f32>(source) as f64) + load<f32>(source, 4) + ((load<f32>(source, 8) as f64) + load<f32>(source, 12));
        im = (load<f32>(source, 16) as f64) + load<f32>(source, 20) + ((load<f32>(source, 24) as f64) + load<f32>(source, 28));
      }
      store<T>(target, (re * load<f64>(entry, 8) + self * load<f64>(entry, 24)) as T);
      store<T>(target, (im * load<f64>(entry, 16)) as T, 16);
    }
  }
}

/** y += factor times (re, im). */
// @ts-ignore: decorator
@inline
function addScaled<T>(y: usize, factor: v128, re: v128, im: v128): void {
  v128.store(y, addProduct<T>(v128.load(y), factor, re));
  v128.store(y, addProduct<T>(v128.load(y, 16), factor, im), 16);
}

/**
 * Adds coupled layers to `target`: for each entry of the program, the products P(ma1) = U_j1[mb1][ma1] U_j2[mb2][M -
 * ma1] are formed once per diagonal M and used for every j, up to four of them in registers. An entry is i32 places of
 * the two rows in the density, number of j, address of the Clebsch-Gordan diagonals of (j1, j2), number of diagonals;
 * then, from byte 32, for each j, largest first, i32 place in the target of M = 0, i32 place of its coefficient, T
 * factor. A diagonal is a header of 16 bytes, i32 offset of its coefficients, number of j, byte of the first ma1,
 * bytes of the products; the coefficients are those of all ma1 for each j.
 */
export function contract<T>(tables: BispectrumTables, coefficients: usize, target: usize): void {
  const density = tables.density, factors = tables.factors;
  const count = tables.programCount;
  let entry = tables.program;
  for (let e = 0; e < count; e++) {
    const row1 = density + load<i32>(entry), row2 = density + load<i32>(entry, 4);
    const momenta = load<i32>(entry, 8), diagonals = load<u32>(entry, 12) as usize;
    const last = diagonals + (load<i32>(entry, 16) << 4);
    const list = entry + 32;
    entry = list + (momenta << 4);
    for (let p = list, f = factors; p < entry; p += 16, f += 16)
      v128.store(f, v128.mul<T>(v128.load_splat<T>(p, 8), v128.load(coefficients + load<i32>(p, 4))));
    let place = target, opposite = row2;
    for (let diagonal = diagonals; diagonal < last; diagonal += 16, place += 32, opposite += 32) {
      const used = min(momenta, load<i32>(diagonal, 4));
      let cg = diagonals + load<i32>(diagonal);
      const first = load<i32>(diagonal, 8), length = load<i32>(diagonal, 12);
      const begin = row1 + first, end = begin + length, begin2 = opposite - first;
      const stride = ((length >> 5) as usize) * sizeof<T>();
      let p = list, f = factors, left = used;
      for (; left > 0; left -= 4, p += 64, f += 64) {
        let u1 = begin, u2 = begin2;
        let re0 = i32x4.splat(0), im0 = re0;
        if (left == 1) {
          for (; u1 < end; u1 += 32, u2 -= 32, cg += sizeof<T>()) {
            const r1 = v128.load(u1), i1 = v128.load(u1, 16), r2 = v128.load(u2), i2 = v128.load(u2, 16);
            const c0 = v128.load_splat<T>(cg);
            re0 = addProduct<T>(re0, c0, differenceOfProducts<T>(r1, r2, i1, i2));
            im0 = addProduct<T>(im0, c0, sumOfProducts<T>(r1, i2, i1, r2));
          }
          addScaled<T>(place + load<i32>(p), v128.load(f), re0, im0);
          continue;
        }
        let re1 = re0, im1 = re0;
        if (left == 2) {
          for (; u1 < end; u1 += 32, u2 -= 32, cg += sizeof<T>()) {
            const r1 = v128.load(u1), i1 = v128.load(u1, 16), r2 = v128.load(u2), i2 = v128.load(u2, 16);
            const re = differenceOfProducts<T>(r1, r2, i1, i2), im = sumOfProducts<T>(r1, i2, i1, r2);
            const c0 = v128.load_splat<T>(cg), c1 = v128.load_splat<T>(cg + stride);
            re0 = addProduct<T>(re0, c0, re);
            im0 = addProduct<T>(im0, c0, im);
            re1 = addProduct<T>(re1, c1, re);
            im1 = addProduct<T>(im1, c1, im);
          }
          addScaled<T>(place + load<i32>(p), v128.load(f), re0, im0);
          addScaled<T>(place + load<i32>(p, 16), v128.load(f, 16), re1, im1);
          continue;
        }
        let re2 = re0, im2 = re0;
        const stride2 = stride << 1;
        if (left == 3) {
          for (; u1 < end; u1 += 32, u2 -= 32, cg += sizeof<T>()) {
            const r1 = v128.load(u1), i1 = v128.load(u1, 16), r2 = v128.load(u2), i2 = v128.load(u2, 16);
            const re = differenceOfProducts<T>(r1, r2, i1, i2), im = sumOfProducts<T>(r1, i2, i1, r2);
            const c0 = v128.load_splat<T>(cg), c1 = v128.load_splat<T>(cg + stride), c2 = v128.load_splat<T>(cg + stride2);
            re0 = addProduct<T>(re0, c0, re);
            im0 = addProduct<T>(im0, c0, im);
            re1 = addProduct<T>(re1, c1, re);
            im1 = addProduct<T>(im1, c1, im);
            re2 = addProduct<T>(re2, c2, re);
            im2 = addProduct<T>(im2, c2, im);
          }
          addScaled<T>(place + load<i32>(p), v128.load(f), re0, im0);
          addScaled<T>(place + load<i32>(p, 16), v128.load(f, 16), re1, im1);
          addScaled<T>(place + load<i32>(p, 32), v128.load(f, 32), re2, im2);
          continue;
        }
        let re3 = re0, im3 = re0;
        const stride3 = stride2 + stride;
        for (; u1 < end; u1 += 32, u2 -= 32, cg += sizeof<T>()) {
          const r1 = v128.load(u1), i1 = v128.load(u1, 16), r2 = v128.load(u2), i2 = v128.load(u2, 16);
          const re = differenceOfProducts<T>(r1, r2, i1, i2), im = sumOfProducts<T>(r1, i2, i1, r2);
          let c = v128.load_splat<T>(cg);
          re0 = addProduct<T>(re0, c, re);
          im0 = addProduct<T>(im0, c, im);
          c = v128.load_splat<T>(cg + stride);
          re1 = addProduct<T>(re1, c, re);
          im1 = addProduct<T>(im1, c, im);
          c = v128.load_splat<T>(cg + stride2);
          re2 = addProduct<T>(re2, c, re);
          im2 = addProduct<T>(im2, c, im);
          c = v128.load_splat<T>(cg + stride3);
          re3 = addProduct<T>(re3, c, re);
          im3 = addProduct<T>(im3, c, im);
        }
        addScaled<T>(place + load<i32>(p), v128.load(f), re0, im0);
        addScaled<T>(place + load<i32>(p, 16), v128.load(f, 16), re1, im1);
        addScaled<T>(place + load<i32>(p, 32), v128.load(f, 32), re2, im2);
        addScaled<T>(place + load<i32>(p, 48), v128.load(f, 48), re3, im3);
        cg += stride3;
      }
    }
  }
}
