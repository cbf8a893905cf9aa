import { Status, System } from "../engine/system.as";
import { addOwn, closer, gatherRow, gatherX, gatherY, gatherZ, scatter, sum } from "./pair-rows.as";

/*
 * Everything is centered on one atom: with n_i known, U'(n_i) times its gradient goes to the neighbors at once, so one pass
 * over the full list suffices. Pairs are seen from both atoms, each time with half the energy. Neighbors within the reach of
 * bonds, mostly fewer, are moved to rows; one pass over their pairs j < k finds
 *   S_j = sum_k f_k g,  V_j = sum_k f_k g' u_k,  and n_i = sum_j rho_j + 1/2 sum_j f_j S_j,
 *   dn/dr_j = (rho_j' + f_j' S_j) u_j + f_j / r_j (V_j - (V_j . u_j) u_j).
 * Parameters: spline-meam-plan.ts.
 */

// Rows of the neighbors within the reach of bonds, in bytes for 256 neighbors of 8 bytes: unit vectors, 1/r, r.
const UX: usize = 0;
const UY: usize = 2048;
const UZ: usize = 4096;
const INVERSE: usize = 6144;
const R: usize = 8192;
const F: usize = 10240;
const DF: usize = 12288;
const S: usize = 14336;
const VX: usize = 16384;
const VY: usize = 18432;
const VZ: usize = 20480;
/** Gradient along u, and the vectors that come with 1/r and lose their part along u. */
const ALONG: usize = 22528;
const TX: usize = 24576;
const TY: usize = 26624;
const TZ: usize = 28672;
/** rho'. */
const DENSITY: usize = 30720;
/** i32 byte offset of the atom's record, i32 of its type. */
const ATOM: usize = 32768;
const TYPE: usize = 33792;

/** The cubic of each lane's interval and where in it x stands, as `locate` left it. */
let recordA: usize = 0;
let recordB: usize = 0;
let place: v128 = f64x2.splat(0);

/** Finds the intervals of x in the splines at `a` and `b`. */
// @ts-ignore: decorator
@inline
function locate(x: v128, a: usize, b: usize, many: bool): void {
  const one = f64x2.splat(1);
  const start = many ? gatherRow(a, b, 0) : v128.load_splat<f64>(a);
  const scale = many ? gatherRow(a, b, 8) : v128.load_splat<f64>(a, 8);
  const last = many ? gatherRow(a, b, 16) : v128.load_splat<f64>(a, 16);
  const t = f64x2.mul(f64x2.sub(x, start), scale);
  const interval = f64x2.pmax(f64x2.pmin(f64x2.add(f64x2.floor(t), one), last), f64x2.splat(0));
  const index = i32x4.trunc_sat_f64x2_u_zero(interval);
  place = f64x2.sub(t, f64x2.sub(interval, one));
  recordA = a + 32 + (<usize>i32x4.extract_lane(index, 0) << 5);
  recordB = b + 32 + (<usize>i32x4.extract_lane(index, 1) << 5);
}

/** Value of the located cubics. */
// @ts-ignore: decorator
@inline
function value(): v128 {
  const a = recordA;
  const b = recordB;
  const p = place;
  const ab = f64x2.add(f64x2.mul(gatherRow(a, b, 0), p), gatherRow(a, b, 8));
  return f64x2.add(f64x2.mul(f64x2.add(f64x2.mul(ab, p), gatherRow(a, b, 16)), p), gatherRow(a, b, 24));
}

/** Slope of the located cubics of the splines at `a` and `b`. */
// @ts-ignore: decorator
@inline
function slope(a: usize, b: usize, many: bool): v128 {
  const p = place;
  const cubic = f64x2.mul(f64x2.splat(3), gatherRow(recordA, recordB, 0));
  const square = gatherRow(recordA, recordB, 8);
  const ab = f64x2.add(f64x2.mul(cubic, p), f64x2.add(square, square));
  const scale = many ? gatherRow(a, b, 8) : v128.load_splat<f64>(a, 8);
  return f64x2.mul(f64x2.add(f64x2.mul(ab, p), gatherRow(recordA, recordB, 16)), scale);
}

/** Sums the pair energy, scatters its half, and moves neighbors within the reach of bonds to the rows. */
// @ts-ignore: decorator
@inline
function pairs(system: System, parameters: usize, xp: usize, list: usize, rows: usize, count: i32, many: bool): i32 {
  const species = load<i32>(parameters);
  const X = system.positions;
  const forces = system.forces;
  const zero = f64x2.splat(0);
  const cutoff2 = v128.load_splat<f64>(parameters, 8);
  const reach2 = v128.load_splat<f64>(parameters, 16);
  const near = load<i32>(parameters, 24);
  const tables = load<usize>(parameters, 32) + (many ? <usize>(load<i32>(xp, 24) * species) << 2 : 0);
  const only = load<usize>(tables);
  const xi = v128.load_splat<f64>(xp);
  const yi = v128.load_splat<f64>(xp, 8);
  const zi = v128.load_splat<f64>(xp, 16);
  let fx = zero;
  let fy = zero;
  let fz = zero;
  let energy = zero;
  let bonded: i32 = 0;
  for (let k = 0; k < count; k += 2) {
    const entry = list + (<usize>k << 2);
    const atomA = load<i32>(entry);
    const atomB = load<i32>(entry, 4);
    const ja = X + <usize>atomA;
    const jb = X + <usize>atomB;
    const dx = f64x2.sub(gatherX(ja, jb), xi);
    const dy = f64x2.sub(gatherY(ja, jb), yi);
    const dz = f64x2.sub(gatherZ(ja, jb), zi);
    const r2 = f64x2.add(f64x2.add(f64x2.mul(dx, dx), f64x2.mul(dy, dy)), f64x2.mul(dz, dz));
    const r = f64x2.sqrt(r2);
    const inverse = f64x2.div(f64x2.splat(1), r);
    const ux = f64x2.mul(dx, inverse);
    const uy = f64x2.mul(dy, inverse);
    const uz = f64x2.mul(dz, inverse);
    const a = many ? load<usize>(tables + (<usize>load<i32>(ja, 24) << 2)) : only;
    const b = many ? load<usize>(tables + (<usize>load<i32>(jb, 24) << 2)) : only;
    const inside = f64x2.lt(r2, cutoff2);
    locate(r, a, b, many);
    const half = v128.and(f64x2.mul(f64x2.splat(0.5), slope(a, b, many)), inside);
    energy = f64x2.add(energy, v128.and(f64x2.mul(f64x2.splat(0.5), value()), inside));
    const gx = f64x2.mul(half, ux);
    const gy = f64x2.mul(half, uy);
    const gz = f64x2.mul(half, uz);
    fx = f64x2.add(fx, gx);
    fy = f64x2.add(fy, gy);
    fz = f64x2.add(fz, gz);
    scatter(forces + <usize>atomA, forces + <usize>atomB, gx, gy, gz, zero);
    // The next neighbor overwrites one that does not count.
    const within = i64x2.bitmask(f64x2.lt(r2, reach2));
    let o = rows + (<usize>bonded << 3);
    v128.store_lane<f64>(o, ux, 0, UX);
    v128.store_lane<f64>(o, uy, 0, UY);
    v128.store_lane<f64>(o, uz, 0, UZ);
    v128.store_lane<f64>(o, inverse, 0, INVERSE);
    v128.store_lane<f64>(o, r, 0, R);
    store<i32>(rows + ATOM + (<usize>bonded << 2), atomA);
    bonded += within & 1;
    o = rows + (<usize>bonded << 3);
    v128.store_lane<f64>(o, ux, 1, UX);
    v128.store_lane<f64>(o, uy, 1, UY);
    v128.store_lane<f64>(o, uz, 1, UZ);
    v128.store_lane<f64>(o, inverse, 1, INVERSE);
    v128.store_lane<f64>(o, r, 1, R);
    store<i32>(rows + ATOM + (<usize>bonded << 2), atomB);
    bonded += within >> 1;
    if (bonded + 2 > near) {
      system.status |= Status.SHORT_LIST_FULL;
      return -1;
    }
  }
  // The dummy fills an odd row up: it is far away.
  const o = rows + (<usize>bonded << 3);
  store<f64>(o, 0, UX);
  store<f64>(o, 0, UY);
  store<f64>(o, 0, UZ);
  store<f64>(o, 1e-8, INVERSE);
  store<f64>(o, 1e8, R);
  store<i32>(rows + ATOM + (<usize>bonded << 2), system.dummy << 5);
  addOwn(system.forces + (<usize>(xp - X)), fx, fy, fz, energy);
  return bonded;
}

/** Density and its slope at the center from the neighbors in the rows; clears what is summed along. */
// @ts-ignore: decorator
@inline
function densities(system: System, parameters: usize, rows: usize, count: i32, many: bool): v128 {
  const zero = f64x2.splat(0);
  const reach2 = v128.load_splat<f64>(parameters, 16);
  const tables = load<usize>(parameters, 36);
  const only = load<usize>(tables);
  let density = zero;
  for (let k = 0; k < count; k += 2) {
    const o = rows + (<usize>k << 3);
    let a = only;
    let b = only;
    if (many) {
      const entry = rows + (<usize>k << 2);
      const typeA = load<i32>(system.positions + <usize>load<i32>(entry, ATOM), 24) << 2;
      const typeB = load<i32>(system.positions + <usize>load<i32>(entry, ATOM + 4), 24) << 2;
      store<i32>(entry, typeA, TYPE);
      store<i32>(entry, typeB, TYPE + 4);
      a = load<usize>(tables + <usize>typeA);
      b = load<usize>(tables + <usize>typeB);
    }
    const r = v128.load(o, R);
    const inside = f64x2.lt(f64x2.mul(r, r), reach2);
    locate(r, a, b, many);
    density = f64x2.add(density, v128.and(value(), inside));
    v128.store(o, v128.and(slope(a, b, many), inside), DENSITY);
    v128.store(o, zero, ALONG);
    v128.store(o, zero, TX);
    v128.store(o, zero, TY);
    v128.store(o, zero, TZ);
  }
  return density;
}

/**
 * The sum over pairs of neighbors of f f g, with the splines of `bonds` and `angles`: leaves f, f', S and V in the rows.
 */
// @ts-ignore: decorator
@inline
function overAngles(parameters: usize, bonds: usize, angles: usize, rows: usize, count: i32, many: bool): f64 {
  const species = load<i32>(parameters);
  const zero = f64x2.splat(0);
  const all = f64x2.eq(zero, zero);
  const reach2 = v128.load_splat<f64>(parameters, 16);
  const bond = load<usize>(bonds);
  const angle = load<usize>(angles);
  for (let k = 0; k < count; k += 2) {
    const o = rows + (<usize>k << 3);
    const entry = rows + (<usize>k << 2);
    const a = many ? load<usize>(bonds + <usize>load<i32>(entry, TYPE)) : bond;
    const b = many ? load<usize>(bonds + <usize>load<i32>(entry, TYPE + 4)) : bond;
    const r = v128.load(o, R);
    const inside = f64x2.lt(f64x2.mul(r, r), reach2);
    locate(r, a, b, many);
    v128.store(o, v128.and(value(), inside), F);
    v128.store(o, v128.and(slope(a, b, many), inside), DF);
    v128.store(o, zero, S);
    v128.store(o, zero, VX);
    v128.store(o, zero, VY);
    v128.store(o, zero, VZ);
  }
  let total: f64 = 0;
  for (let j = 0; j < count; j++) {
    const oj = rows + (<usize>j << 3);
    const ux = v128.load_splat<f64>(oj, UX);
    const uy = v128.load_splat<f64>(oj, UY);
    const uz = v128.load_splat<f64>(oj, UZ);
    const fj = v128.load_splat<f64>(oj, F);
    const tables = angles + (many ? <usize>(load<i32>(rows + (<usize>j << 2), TYPE) * species) : 0);
    let s = zero;
    let vx = zero;
    let vy = zero;
    let vz = zero;
    // The first pair of an even j holds j itself, which does not count.
    let later = j & 1 ? all : i64x2(0, -1);
    for (let k = (j + 1) & ~1; k < count; k += 2) {
      const ok = rows + (<usize>k << 3);
      const wx = v128.load(ok, UX);
      const wy = v128.load(ok, UY);
      const wz = v128.load(ok, UZ);
      const cosine = f64x2.add(f64x2.add(f64x2.mul(ux, wx), f64x2.mul(uy, wy)), f64x2.mul(uz, wz));
      const entry = rows + (<usize>k << 2);
      const a = many ? load<usize>(tables + <usize>load<i32>(entry, TYPE)) : angle;
      const b = many ? load<usize>(tables + <usize>load<i32>(entry, TYPE + 4)) : angle;
      locate(cosine, a, b, many);
      const g = v128.and(value(), later);
      const dg = v128.and(slope(a, b, many), later);
      later = all;
      const fk = v128.load(ok, F);
      s = f64x2.add(s, f64x2.mul(fk, g));
      v128.store(ok, f64x2.add(v128.load(ok, S), f64x2.mul(fj, g)), S);
      const toJ = f64x2.mul(fk, dg);
      const toK = f64x2.mul(fj, dg);
      vx = f64x2.add(vx, f64x2.mul(toJ, wx));
      vy = f64x2.add(vy, f64x2.mul(toJ, wy));
      vz = f64x2.add(vz, f64x2.mul(toJ, wz));
      v128.store(ok, f64x2.add(v128.load(ok, VX), f64x2.mul(toK, ux)), VX);
      v128.store(ok, f64x2.add(v128.load(ok, VY), f64x2.mul(toK, uy)), VY);
      v128.store(ok, f64x2.add(v128.load(ok, VZ), f64x2.mul(toK, uz)), VZ);
    }
    const whole = load<f64>(oj, S) + sum(s);
    store<f64>(oj, whole, S);
    total += load<f64>(oj, F) * whole;
    store<f64>(oj, load<f64>(oj, VX) + sum(vx), VX);
    store<f64>(oj, load<f64>(oj, VY) + sum(vy), VY);
    store<f64>(oj, load<f64>(oj, VZ) + sum(vz), VZ);
  }
  return 0.5 * total;
}

/** Adds `weight` times the gradient of what `overAngles` summed. */
// @ts-ignore: decorator
@inline
function addGradient(rows: usize, count: i32, weight: v128): void {
  for (let k = 0; k < count; k += 2) {
    const o = rows + (<usize>k << 3);
    const strength = f64x2.mul(weight, v128.load(o, F));
    const pull = f64x2.mul(weight, f64x2.mul(v128.load(o, DF), v128.load(o, S)));
    v128.store(o, f64x2.add(v128.load(o, ALONG), pull), ALONG);
    v128.store(o, f64x2.add(v128.load(o, TX), f64x2.mul(strength, v128.load(o, VX))), TX);
    v128.store(o, f64x2.add(v128.load(o, TY), f64x2.mul(strength, v128.load(o, VY))), TY);
    v128.store(o, f64x2.add(v128.load(o, TZ), f64x2.mul(strength, v128.load(o, VZ))), TZ);
  }
}

/** Gradients of the rows go to the forces, with U' for the densities; energy (eV) is the atom's. */
// @ts-ignore: decorator
@inline
function addForces(system: System, i: i32, rows: usize, count: i32, weight: v128, energy: f64): void {
  const forces = system.forces;
  let fx = f64x2.splat(0);
  let fy = fx;
  let fz = fx;
  for (let k = 0; k < count; k += 2) {
    const o = rows + (<usize>k << 3);
    const ux = v128.load(o, UX);
    const uy = v128.load(o, UY);
    const uz = v128.load(o, UZ);
    const inverse = v128.load(o, INVERSE);
    const tx = v128.load(o, TX);
    const ty = v128.load(o, TY);
    const tz = v128.load(o, TZ);
    const t = f64x2.add(f64x2.add(f64x2.mul(tx, ux), f64x2.mul(ty, uy)), f64x2.mul(tz, uz));
    const pull = f64x2.add(v128.load(o, ALONG), f64x2.mul(weight, v128.load(o, DENSITY)));
    const along = f64x2.sub(pull, f64x2.mul(t, inverse));
    const gx = f64x2.add(f64x2.mul(along, ux), f64x2.mul(inverse, tx));
    const gy = f64x2.add(f64x2.mul(along, uy), f64x2.mul(inverse, ty));
    const gz = f64x2.add(f64x2.mul(along, uz), f64x2.mul(inverse, tz));
    fx = f64x2.add(fx, gx);
    fy = f64x2.add(fy, gy);
    fz = f64x2.add(fz, gz);
    const entry = rows + (<usize>k << 2);
    scatter(forces + <usize>load<i32>(entry, ATOM), forces + <usize>load<i32>(entry, ATOM + 4), gx, gy, gz, f64x2.splat(0));
  }
  addOwn(forces + (<usize>i << 5), fx, fy, fz, f64x2(energy, 0));
}

// @ts-ignore: decorator
@inline
function atoms(system: System, parameters: usize, begin: i32, end: i32, many: bool): void {
  const room = load<i32>(parameters, 4);
  const cutoff2 = v128.load_splat<f64>(parameters, 8);
  const embeddings = load<usize>(parameters, 40);
  const list = load<usize>(parameters, 60);
  const rows = load<usize>(parameters, 64);
  for (let i = begin; i < end; i++) {
    if (load<i32>(system.fullCounts + (<usize>i << 2)) + 2 > room) {
      system.status |= Status.SHORT_LIST_FULL;
      return;
    }
    const xp = system.positions + (<usize>i << 5);
    const all = closer(system, i, system.fullFirst, system.fullNeighbors, system.fullCounts, cutoff2, list);
    const count = pairs(system, parameters, xp, list, rows, all, many);
    if (count < 0) return;
    const density =
      sum(densities(system, parameters, rows, count, many)) +
      overAngles(parameters, load<usize>(parameters, 44), load<usize>(parameters, 48), rows, count, many);
    const embedding = load<usize>(embeddings + (many ? <usize>load<i32>(xp, 24) << 2 : 0));
    locate(f64x2.splat(density), embedding, embedding, false);
    const weight = slope(embedding, embedding, false);
    let energy = f64x2.extract_lane(value(), 0);
    addGradient(rows, count, weight);
    if (load<i32>(parameters, 28) == 1) {
      energy += overAngles(parameters, load<usize>(parameters, 52), load<usize>(parameters, 56), rows, count, many);
      addGradient(rows, count, f64x2.splat(1));
    }
    addForces(system, i, rows, count, weight, energy);
  }
}

export function splineMeam(system: System, parameters: usize, begin: i32, end: i32): void {
  if (load<i32>(parameters) > 1) atoms(system, parameters, begin, end, true);
  else atoms(system, parameters, begin, end, false);
}
