import { Status, System } from "../engine/system.as";
import { cosineSeries, sineSeries } from "../math/circular.as";
import { vexp, vlog } from "../math/exponential.as";
import { addOwn, closer, gatherRow, gatherX, gatherY, gatherZ, scatter, sum } from "./pair-rows.as";

/*
 * Around each atom the neighbors inside the cutoff are gathered into a short list; cutoff functions and exponentials are
 * found once per neighbor, two at a time. One pass over the pairs j k of neighbors finds every zeta_ij and keeps what it
 * found; then come the bond orders, two at a time; a second pass spreads their slopes P_j = dE/dzeta_ij.
 * With unit vectors u, dE/dr_k = along_k u_k + (W_k - (W_k . u_k) u_k) / r_k, where W_k is the sum over j of u_j times the
 * slope of the energy with respect to cos theta_jik.
 * With one element, a pair j < k serves both bonds at once: exp((lambda3 (r_ik - r_ij))^m) is an inverse, the angle the same.
 * Parameters: tersoff-plan.ts.
 */

// Rows of the short list, in bytes for 128 neighbors of 8 bytes: unit vectors, 1/r, r, cutoff function and slope.
const UX: usize = 0;
const UY: usize = 1024;
const UZ: usize = 2048;
const INVERSE: usize = 3072;
const R: usize = 4096;
const FC: usize = 5120;
const DFC: usize = 6144;
/** f_C B exp(-lambda2 r) and slope. */
const FA: usize = 7168;
const DFA: usize = 8192;
/** Half the slope of the two-body part, then the sum of the gradients along u. */
const ALONG: usize = 9216;
const ZETA: usize = 10240;
/** dE/dzeta. */
const P: usize = 11264;
/** Sum over j of P_j g e, which f_C' of this neighbor multiplies (one element). */
const Y: usize = 12288;
const WX: usize = 13312;
const WY: usize = 14336;
const WZ: usize = 15360;
/** i32 byte offset of the atom's record, and i32 of its element's triplet records among those of one bond. */
const ATOM: usize = 16384;
const TYPE: usize = 17408;

/** exp of this is 1e30: where a stretch stands still. */
const LARGEST_STRETCH: f64 = 69.0776;
/** Where beta zeta is below, there is nothing around the bond. */
const TINY: f64 = 1e-280;

let fall: v128 = f64x2.splat(0);

/** Cutoff function and, in `fall`, its slope; `middle` is R, `inner` R - D, `turn` pi / 2D. */
// @ts-ignore: decorator
@inline
function cutoffFunction(r: v128, inside: v128, middle: v128, inner: v128, turn: v128): v128 {
  const one = f64x2.splat(1);
  const shell = v128.and(f64x2.ge(r, inner), inside);
  fall = f64x2.splat(0);
  if (!v128.any_true(shell)) return v128.and(one, inside);
  // Beyond the shell the series would run away.
  const x = f64x2.pmin(f64x2.pmax(f64x2.mul(turn, f64x2.sub(r, middle)), f64x2.splat(-1.5707963267948966)), f64x2.splat(1.5707963267948966));
  const x2 = f64x2.mul(x, x);
  fall = v128.and(f64x2.mul(f64x2.mul(f64x2.splat(-0.5), turn), cosineSeries(x2)), shell);
  const half = f64x2.mul(f64x2.splat(0.5), f64x2.sub(one, sineSeries(x, x2)));
  return v128.and(v128.bitselect(half, one, shell), inside);
}

/** Drops neighbors that no bond sees; returns how many are left, padded with the dummy. */
function filter(system: System, row: usize, xp: usize, list: usize, count: i32): i32 {
  let o = list;
  for (let k = 0; k < count; k++) {
    const j = load<i32>(list + (<usize>k << 2));
    const p = system.positions + <usize>j;
    const dx = load<f64>(p) - load<f64>(xp);
    const dy = load<f64>(p, 8) - load<f64>(xp, 8);
    const dz = load<f64>(p, 16) - load<f64>(xp, 16);
    store<i32>(o, j);
    if (dx * dx + dy * dy + dz * dz < load<f64>(row + (<usize>load<i32>(p, 24) << 7))) o += 4;
  }
  store<i32>(o, system.dummy << 5);
  return <i32>((o - list) >> 2);
}

/** Fills the rows of the neighbors; returns their two-body energy. */
// @ts-ignore: decorator
@inline
function neighbors(system: System, row: usize, xp: usize, list: usize, S: usize, count: i32, many: bool): v128 {
  const X = system.positions;
  const zero = f64x2.splat(0);
  const one = f64x2.splat(1);
  const xi = v128.load_splat<f64>(xp);
  const yi = v128.load_splat<f64>(xp, 8);
  const zi = v128.load_splat<f64>(xp, 16);
  let end = v128.load_splat<f64>(row, 8);
  let middle = v128.load_splat<f64>(row, 16);
  let inner = v128.load_splat<f64>(row, 24);
  let turn = v128.load_splat<f64>(row, 32);
  let A = v128.load_splat<f64>(row, 40);
  let lambda1 = v128.load_splat<f64>(row, 48);
  let B = v128.load_splat<f64>(row, 56);
  let lambda2 = v128.load_splat<f64>(row, 64);
  let energy = zero;
  for (let k = 0; k < count; k += 2) {
    const o = S + (<usize>k << 3);
    const entry = list + (<usize>k << 2);
    const ja = X + <usize>load<i32>(entry);
    const jb = X + <usize>load<i32>(entry, 4);
    if (many) {
      const ta = <usize>load<i32>(ja, 24) << 7;
      const tb = <usize>load<i32>(jb, 24) << 7;
      store<i32>(S + TYPE + (<usize>k << 2), <i32>ta);
      store<i32>(S + TYPE + (<usize>k << 2), <i32>tb, 4);
      const a = row + ta;
      const b = row + tb;
      end = gatherRow(a, b, 8);
      middle = gatherRow(a, b, 16);
      inner = gatherRow(a, b, 24);
      turn = gatherRow(a, b, 32);
      A = gatherRow(a, b, 40);
      lambda1 = gatherRow(a, b, 48);
      B = gatherRow(a, b, 56);
      lambda2 = gatherRow(a, b, 64);
    }
    const dx = f64x2.sub(gatherX(ja, jb), xi);
    const dy = f64x2.sub(gatherY(ja, jb), yi);
    const dz = f64x2.sub(gatherZ(ja, jb), zi);
    const r2 = f64x2.add(f64x2.add(f64x2.mul(dx, dx), f64x2.mul(dy, dy)), f64x2.mul(dz, dz));
    const r = f64x2.sqrt(r2);
    // Never the dummy: what follows is finite there, and its cutoff function 0.
    const inside = f64x2.lt(r, end);
    const inverse = f64x2.div(one, r);
    const f = cutoffFunction(r, inside, middle, inner, turn);
    const df = fall;
    const repulsion = f64x2.mul(A, vexp(f64x2.neg(f64x2.mul(lambda1, r))));
    const attraction = f64x2.mul(B, vexp(f64x2.neg(f64x2.mul(lambda2, r))));
    v128.store(o, f64x2.mul(dx, inverse), UX);
    v128.store(o, f64x2.mul(dy, inverse), UY);
    v128.store(o, f64x2.mul(dz, inverse), UZ);
    v128.store(o, inverse, INVERSE);
    v128.store(o, r, R);
    v128.store(o, f, FC);
    v128.store(o, df, DFC);
    v128.store(o, f64x2.mul(f, attraction), FA);
    v128.store(o, f64x2.mul(f64x2.sub(df, f64x2.mul(lambda2, f)), attraction), DFA);
    const slope = f64x2.mul(f64x2.sub(df, f64x2.mul(lambda1, f)), repulsion);
    v128.store(o, f64x2.mul(f64x2.splat(0.5), slope), ALONG);
    v128.store(o, zero, ZETA);
    v128.store(o, zero, Y);
    v128.store(o, zero, WX);
    v128.store(o, zero, WY);
    v128.store(o, zero, WZ);
    energy = f64x2.add(energy, f64x2.mul(f, repulsion));
  }
  return energy;
}

/** All pairs of neighbors with one element: sums zeta; keeps g, g', e, 1 / e and the slope of the exponent. */
// @ts-ignore: decorator
@inline
function sumZetas(triplet: usize, S: usize, kept: usize, count: i32, stretched: bool): void {
  const zero = f64x2.splat(0);
  const one = f64x2.splat(1);
  const strongest = v128.load_splat<f64>(triplet, 32);
  const strength = v128.load_splat<f64>(triplet, 40);
  const d2 = v128.load_splat<f64>(triplet, 48);
  const cosTheta0 = v128.load_splat<f64>(triplet, 56);
  const cubic = v128.load_splat<f64>(triplet, 64);
  const linear = v128.load_splat<f64>(triplet, 72);
  for (let j = 0; j < count; j++) {
    const oj = S + (<usize>j << 3);
    const ux = v128.load_splat<f64>(oj, UX);
    const uy = v128.load_splat<f64>(oj, UY);
    const uz = v128.load_splat<f64>(oj, UZ);
    const rj = v128.load_splat<f64>(oj, R);
    const fj = v128.load_splat<f64>(oj, FC);
    let zeta = zero;
    // The first pair of an even j holds j itself, which does not count.
    let later = j & 1 ? f64x2.eq(one, one) : i64x2(0, -1);
    for (let k = (j + 1) & ~1; k < count; k += 2) {
      const ok = S + (<usize>k << 3);
      const cosine = f64x2.add(
        f64x2.add(f64x2.mul(ux, v128.load(ok, UX)), f64x2.mul(uy, v128.load(ok, UY))),
        f64x2.mul(uz, v128.load(ok, UZ)),
      );
      const bend = f64x2.sub(cosine, cosTheta0);
      const inverse = f64x2.div(one, f64x2.add(d2, f64x2.mul(bend, bend)));
      const dip = f64x2.mul(strength, inverse);
      const g = v128.and(f64x2.sub(strongest, dip), later);
      const slope = v128.and(f64x2.mul(f64x2.mul(f64x2.add(bend, bend), dip), inverse), later);
      later = f64x2.eq(one, one);
      v128.store(kept, g);
      v128.store(kept, slope, 16);
      let here = g;
      let there = g;
      if (stretched) {
        const x = f64x2.sub(rj, v128.load(ok, R));
        const square = f64x2.mul(cubic, f64x2.mul(x, x));
        const power = f64x2.mul(f64x2.add(square, linear), x);
        const limit = f64x2.splat(LARGEST_STRETCH);
        const e = vexp(f64x2.pmax(f64x2.pmin(power, limit), f64x2.neg(limit)));
        const back = f64x2.div(one, e);
        const d = f64x2.add(f64x2.mul(f64x2.splat(3), square), linear);
        v128.store(kept, e, 32);
        v128.store(kept, back, 48);
        v128.store(kept, v128.and(d, f64x2.lt(f64x2.abs(power), limit)), 64);
        here = f64x2.mul(g, e);
        there = f64x2.mul(g, back);
      }
      kept += stretched ? 80 : 32;
      zeta = f64x2.add(zeta, f64x2.mul(v128.load(ok, FC), here));
      v128.store(ok, f64x2.add(v128.load(ok, ZETA), f64x2.mul(fj, there)), ZETA);
    }
    store<f64>(oj, load<f64>(oj, ZETA) + sum(zeta), ZETA);
  }
}

/** Spreads dE/dzeta over the pairs of neighbors, with one element. */
// @ts-ignore: decorator
@inline
function spreadZetas(S: usize, kept: usize, count: i32, stretched: bool): void {
  const zero = f64x2.splat(0);
  for (let j = 0; j < count; j++) {
    const oj = S + (<usize>j << 3);
    const ux = v128.load_splat<f64>(oj, UX);
    const uy = v128.load_splat<f64>(oj, UY);
    const uz = v128.load_splat<f64>(oj, UZ);
    const fj = v128.load_splat<f64>(oj, FC);
    const pj = v128.load_splat<f64>(oj, P);
    let along = zero;
    let y = zero;
    let wx = zero;
    let wy = zero;
    let wz = zero;
    for (let k = (j + 1) & ~1; k < count; k += 2) {
      const ok = S + (<usize>k << 3);
      const g = v128.load(kept);
      const slope = v128.load(kept, 16);
      let here = pj;
      let there = v128.load(ok, P);
      if (stretched) {
        here = f64x2.mul(here, v128.load(kept, 32));
        there = f64x2.mul(there, v128.load(kept, 48));
      }
      const toK = f64x2.mul(here, v128.load(ok, FC));
      const toJ = f64x2.mul(there, fj);
      y = f64x2.add(y, f64x2.mul(there, g));
      v128.store(ok, f64x2.add(v128.load(ok, Y), f64x2.mul(here, g)), Y);
      if (stretched) {
        const pull = f64x2.mul(f64x2.mul(g, v128.load(kept, 64)), f64x2.sub(toK, toJ));
        along = f64x2.add(along, pull);
        v128.store(ok, f64x2.sub(v128.load(ok, ALONG), pull), ALONG);
      }
      kept += stretched ? 80 : 32;
      const h = f64x2.mul(slope, f64x2.add(toK, toJ));
      wx = f64x2.add(wx, f64x2.mul(h, v128.load(ok, UX)));
      wy = f64x2.add(wy, f64x2.mul(h, v128.load(ok, UY)));
      wz = f64x2.add(wz, f64x2.mul(h, v128.load(ok, UZ)));
      v128.store(ok, f64x2.add(v128.load(ok, WX), f64x2.mul(h, ux)), WX);
      v128.store(ok, f64x2.add(v128.load(ok, WY), f64x2.mul(h, uy)), WY);
      v128.store(ok, f64x2.add(v128.load(ok, WZ), f64x2.mul(h, uz)), WZ);
    }
    addTo(oj, ALONG, along);
    addTo(oj, Y, y);
    addTo(oj, WX, wx);
    addTo(oj, WY, wy);
    addTo(oj, WZ, wz);
  }
}

/** Adds both lanes to one number of a row. */
// @ts-ignore: decorator
@inline
function addTo(address: usize, row: usize, value: v128): void {
  store<f64>(address + row, load<f64>(address + row) + sum(value));
}

/** All ordered pairs of neighbors with several elements: sums zeta; keeps its slopes along u_j, along u_k, and in cos theta. */
function sumZetasOfMany(triplets: usize, species: i32, S: usize, kept: usize, count: i32): void {
  const zero = f64x2.splat(0);
  const one = f64x2.splat(1);
  for (let j = 0; j < count; j++) {
    const oj = S + (<usize>j << 3);
    const records = triplets + <usize>(load<i32>(S + TYPE + (<usize>j << 2)) * species);
    const ux = v128.load_splat<f64>(oj, UX);
    const uy = v128.load_splat<f64>(oj, UY);
    const uz = v128.load_splat<f64>(oj, UZ);
    const rj = v128.load_splat<f64>(oj, R);
    const itself = i64x2.splat(<i64>j);
    let index = i64x2(0, 1);
    let zeta = zero;
    for (let k = 0; k < count; k += 2) {
      const ok = S + (<usize>k << 3);
      const a = records + <usize>load<i32>(S + TYPE + (<usize>k << 2));
      const b = records + <usize>load<i32>(S + TYPE + (<usize>k << 2), 4);
      const r = v128.load(ok, R);
      const inside = v128.andnot(f64x2.lt(r, gatherRow(a, b, 0)), i64x2.eq(index, itself));
      index = i64x2.add(index, i64x2.splat(2));
      const f = cutoffFunction(r, inside, gatherRow(a, b, 8), gatherRow(a, b, 16), gatherRow(a, b, 24));
      const cosine = f64x2.add(
        f64x2.add(f64x2.mul(ux, v128.load(ok, UX)), f64x2.mul(uy, v128.load(ok, UY))),
        f64x2.mul(uz, v128.load(ok, UZ)),
      );
      const bend = f64x2.sub(cosine, gatherRow(a, b, 56));
      const inverse = f64x2.div(one, f64x2.add(gatherRow(a, b, 48), f64x2.mul(bend, bend)));
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
      kept += 48;
    }
    store<f64>(oj, sum(zeta), ZETA);
  }
}

/** Spreads dE/dzeta over the ordered pairs of neighbors, with several elements. */
function spreadZetasOfMany(S: usize, kept: usize, count: i32): void {
  const zero = f64x2.splat(0);
  for (let j = 0; j < count; j++) {
    const oj = S + (<usize>j << 3);
    const ux = v128.load_splat<f64>(oj, UX);
    const uy = v128.load_splat<f64>(oj, UY);
    const uz = v128.load_splat<f64>(oj, UZ);
    const pj = v128.load_splat<f64>(oj, P);
    let along = zero;
    let wx = zero;
    let wy = zero;
    let wz = zero;
    for (let k = 0; k < count; k += 2) {
      const ok = S + (<usize>k << 3);
      const h = f64x2.mul(pj, v128.load(kept, 32));
      along = f64x2.add(along, f64x2.mul(pj, v128.load(kept)));
      wx = f64x2.add(wx, f64x2.mul(h, v128.load(ok, UX)));
      wy = f64x2.add(wy, f64x2.mul(h, v128.load(ok, UY)));
      wz = f64x2.add(wz, f64x2.mul(h, v128.load(ok, UZ)));
      v128.store(ok, f64x2.add(v128.load(ok, ALONG), f64x2.mul(pj, v128.load(kept, 16))), ALONG);
      v128.store(ok, f64x2.add(v128.load(ok, WX), f64x2.mul(h, ux)), WX);
      v128.store(ok, f64x2.add(v128.load(ok, WY), f64x2.mul(h, uy)), WY);
      v128.store(ok, f64x2.add(v128.load(ok, WZ), f64x2.mul(h, uz)), WZ);
      kept += 48;
    }
    addTo(oj, ALONG, along);
    addTo(oj, WX, wx);
    addTo(oj, WY, wy);
    addTo(oj, WZ, wz);
  }
}

/** Bond orders of all neighbors: leaves dE/dzeta and takes the attraction off energy and slopes. Returns its energy. */
// @ts-ignore: decorator
@inline
function bondOrders(row: usize, S: usize, count: i32, many: bool): v128 {
  const one = f64x2.splat(1);
  const half = f64x2.splat(-0.5);
  let beta = v128.load_splat<f64>(row, 72);
  let n = v128.load_splat<f64>(row, 80);
  let root = v128.load_splat<f64>(row, 88);
  let energy = f64x2.splat(0);
  for (let k = 0; k < count; k += 2) {
    const o = S + (<usize>k << 3);
    if (many) {
      const a = row + <usize>load<i32>(S + TYPE + (<usize>k << 2));
      const b = row + <usize>load<i32>(S + TYPE + (<usize>k << 2), 4);
      beta = gatherRow(a, b, 72);
      n = gatherRow(a, b, 80);
      root = gatherRow(a, b, 88);
    }
    const zeta = v128.load(o, ZETA);
    const x = f64x2.mul(beta, zeta);
    const surrounded = f64x2.gt(x, f64x2.splat(TINY));
    const power = vexp(f64x2.mul(n, vlog(f64x2.pmax(x, f64x2.splat(TINY)))));
    const sum = f64x2.add(one, power);
    const b = vexp(f64x2.mul(root, vlog(sum)));
    const fa = v128.load(o, FA);
    const drop = f64x2.mul(f64x2.mul(half, b), fa);
    // dE/dzeta = -f_A / 2 db/dzeta, db/dzeta = -b / 2 power / (1 + power) / zeta
    const slope = f64x2.div(f64x2.mul(f64x2.mul(half, drop), power), f64x2.mul(sum, zeta));
    v128.store(o, v128.and(slope, surrounded), P);
    v128.store(o, f64x2.add(v128.load(o, ALONG), f64x2.mul(f64x2.mul(half, b), v128.load(o, DFA))), ALONG);
    energy = f64x2.sub(energy, f64x2.mul(b, fa));
  }
  return energy;
}

/** Gradients of all neighbors go to the forces; energy (eV) is the atom's. */
// @ts-ignore: decorator
@inline
function addForces(system: System, i: i32, list: usize, S: usize, count: i32, energy: f64): void {
  const F = system.forces;
  let fx = f64x2.splat(0);
  let fy = fx;
  let fz = fx;
  for (let k = 0; k < count; k += 2) {
    const o = S + (<usize>k << 3);
    const ux = v128.load(o, UX);
    const uy = v128.load(o, UY);
    const uz = v128.load(o, UZ);
    const inverse = v128.load(o, INVERSE);
    const wx = v128.load(o, WX);
    const wy = v128.load(o, WY);
    const wz = v128.load(o, WZ);
    const w = f64x2.add(f64x2.add(f64x2.mul(wx, ux), f64x2.mul(wy, uy)), f64x2.mul(wz, uz));
    const fallen = f64x2.mul(v128.load(o, DFC), v128.load(o, Y));
    const along = f64x2.sub(f64x2.add(v128.load(o, ALONG), fallen), f64x2.mul(w, inverse));
    const gx = f64x2.add(f64x2.mul(along, ux), f64x2.mul(inverse, wx));
    const gy = f64x2.add(f64x2.mul(along, uy), f64x2.mul(inverse, wy));
    const gz = f64x2.add(f64x2.mul(along, uz), f64x2.mul(inverse, wz));
    fx = f64x2.add(fx, gx);
    fy = f64x2.add(fy, gy);
    fz = f64x2.add(fz, gz);
    const entry = list + (<usize>k << 2);
    scatter(F + <usize>load<i32>(entry), F + <usize>load<i32>(entry, 4), gx, gy, gz, f64x2.splat(0));
  }
  addOwn(F + (<usize>i << 5), fx, fy, fz, f64x2(energy, 0));
}

// @ts-ignore: decorator
@inline
function atoms(system: System, parameters: usize, begin: i32, end: i32, many: bool, stretched: bool): void {
  const species = load<i32>(parameters);
  const room = load<i32>(parameters, 4);
  const largest2 = v128.load_splat<f64>(parameters, 8);
  const near = load<i32>(parameters, 16);
  const bonds = load<usize>(parameters, 24);
  const triplets = load<usize>(parameters, 28);
  const list = load<usize>(parameters, 32);
  const S = load<usize>(parameters, 36);
  const kept = load<usize>(parameters, 40);
  for (let i = begin; i < end; i++) {
    if (load<i32>(system.fullCounts + (<usize>i << 2)) + 2 > room) {
      system.status |= Status.SHORT_LIST_FULL;
      return;
    }
    const xp = system.positions + (<usize>i << 5);
    let count = closer(system, i, system.fullFirst, system.fullNeighbors, system.fullCounts, largest2, list);
    const type = many ? load<i32>(xp, 24) : 0;
    const row = bonds + (<usize>(type * species) << 7);
    if (many) count = filter(system, row, xp, list, count);
    if (count + 1 > near) {
      system.status |= Status.SHORT_LIST_FULL;
      return;
    }
    let energy = neighbors(system, row, xp, list, S, count, many);
    if (many) sumZetasOfMany(triplets + (<usize>(type * species * species) << 7), species, S, kept, count);
    else sumZetas(triplets, S, kept, count, stretched);
    energy = f64x2.add(energy, bondOrders(row, S, count, many));
    if (many) spreadZetasOfMany(S, kept, count);
    else spreadZetas(S, kept, count, stretched);
    addForces(system, i, list, S, count, 0.5 * sum(energy));
  }
}

export function tersoff(system: System, parameters: usize, begin: i32, end: i32): void {
  if (load<i32>(parameters) > 1) atoms(system, parameters, begin, end, true, true);
  else if (load<i32>(parameters, 20) == 1) atoms(system, parameters, begin, end, false, true);
  else atoms(system, parameters, begin, end, false, false);
}
