import { Status, System } from "../engine/system.as";
import { vexp, vlog } from "../math/exponential.as";
import { addOwn, addOwnForce, closer, gatherX, gatherY, gatherZ, scatterForces } from "./pair-rows.as";

/*
 * Stillinger-Weber of one species in time linear in the number of neighbors. With one lambda epsilon and cos theta0 the
 * sums over triplets of stillinger-weber.as.ts factor into moments of the neighbors, sums over k of
 *   G = l g_k,  P = l g_k u_k,  Q = l g_k u_k u_k,   l = lambda epsilon, c0 = cos theta0,
 * and with what j itself adds to them taken off again, s = l g_j (1 - c0),
 *   A = u_j Q u_j - 2 c0 u_j P + c0^2 G - s (1 - c0),   T = u_j Q u_j - c0 u_j P - s,   V = Q u_j - c0 P - s u_j.
 * Atoms are taken in batches, so that the long chains of operations of their neighbors overlap.
 */

// Rows of a batch, in bytes for 512 neighbors: direction, 1/r, radial factor and its slope, half the two-body slope,
// half the two-body energy; i32 offset of the atom's record.
const UX: usize = 0;
const UY: usize = 4096;
const UZ: usize = 8192;
const INVERSE: usize = 12288;
const G: usize = 16384;
const DG: usize = 20480;
const HALF: usize = 24576;
const ENERGY: usize = 28672;
const ATOM: usize = 32768;
/** [MOST_ATOMS] i32 neighbors of the atoms of a batch, padded to an even number. */
const COUNT: usize = 34816;
const MOST_ATOMS: i32 = 64;
const ROOM: i32 = 512;
/** Of the end squared: distances beyond, the dummy's among them, are put here, where everything has vanished. */
const ALMOST: f64 = 0.999999999;

/** Gathers neighbors and their differences until the batch is full; returns the atom after its last, or -1. */
function gatherBatch(system: System, parameters: usize, begin: i32, end: i32, batch: usize): i32 {
  const largest2 = v128.load_splat<f64>(parameters, 8);
  const X = system.positions;
  let total = 0, i = begin;
  for (; i < end && i < begin + MOST_ATOMS; i++) {
    if (total + load<i32>(system.fullCounts + (<usize>i << 2)) + 2 > ROOM) break;
    const first = batch + (<usize>total << 2) + ATOM;
    const count = closer(system, i, system.fullFirst, system.fullNeighbors, system.fullCounts, largest2, first);
    const padded = count + (count & 1);
    const xp = X + (<usize>i << 5);
    const xi = v128.load_splat<f64>(xp), yi = v128.load_splat<f64>(xp, 8), zi = v128.load_splat<f64>(xp, 16);
    let o = batch + (<usize>total << 3);
    for (let k: usize = 0; k < <usize>padded << 2; k += 8, o += 16) {
      const a = X + <usize>load<i32>(first + k), b = X + <usize>load<i32>(first + k, 4);
      v128.store(o, f64x2.sub(gatherX(a, b), xi), UX);
      v128.store(o, f64x2.sub(gatherY(a, b), yi), UY);
      v128.store(o, f64x2.sub(gatherZ(a, b), zi), UZ);
    }
    store<i32>(batch + (<usize>(i - begin) << 2), padded, COUNT);
    total += padded;
  }
  if (i == begin) {
    system.status |= Status.SHORT_LIST_FULL;
    return -1;
  }
  return i;
}

/** exp(-115 x 6) is still a normal number: smaller ones are slow, and have vanished anyway. */
const LEAST_EXPONENT: f64 = -115;

/**
 * Radial factors of all neighbors of a batch. `plain`: p = 4 and q = 0; `fifths`: gamma = 6/5, so that both exponentials
 * are powers of one, exp(sigma / 5(r - a sigma)).
 */
// @ts-ignore: decorator
@inline
function radialFactors(pair: usize, batch: usize, end: usize, plain: bool, fifths: bool): void {
  const one = f64x2.splat(1);
  const reach = v128.load_splat<f64>(pair, 8);
  const sigma = v128.load_splat<f64>(pair, 16);
  const gammaSigma = v128.load_splat<f64>(pair, 24);
  const farthest = f64x2.mul(f64x2.mul(reach, reach), f64x2.splat(ALMOST));
  for (let o = batch; o < end; o += 16) {
    const dx = v128.load(o, UX), dy = v128.load(o, UY), dz = v128.load(o, UZ);
    const r2 = f64x2.add(f64x2.add(f64x2.mul(dx, dx), f64x2.mul(dy, dy)), f64x2.mul(dz, dz));
    const r = f64x2.sqrt(f64x2.pmin(r2, farthest));
    const inverse = f64x2.div(one, r);
    v128.store(o, inverse, INVERSE);
    // 1 / (r - a sigma) < 0
    v128.store(o, f64x2.div(one, f64x2.sub(r, reach)), DG);
    v128.store(o, f64x2.mul(dx, inverse), UX);
    v128.store(o, f64x2.mul(dy, inverse), UY);
    v128.store(o, f64x2.mul(dz, inverse), UZ);
  }
  const fifth = f64x2.mul(sigma, f64x2.splat(0.2));
  for (let o = batch; o < end; o += 16) {
    const beyond = v128.load(o, DG);
    if (fifths) {
      const root = vexp(f64x2.pmax(f64x2.mul(fifth, beyond), f64x2.splat(LEAST_EXPONENT)));
      const square = f64x2.mul(root, root);
      const fourth = f64x2.mul(square, square);
      v128.store(o, f64x2.mul(fourth, root), ENERGY);
      v128.store(o, f64x2.mul(fourth, square), G);
    } else {
      v128.store(o, vexp(f64x2.mul(sigma, beyond)), ENERGY);
      v128.store(o, vexp(f64x2.mul(gammaSigma, beyond)), G);
    }
  }
  const halfStrength = f64x2.mul(f64x2.splat(0.5), v128.load_splat<f64>(pair, 32));
  const slope = f64x2.neg(gammaSigma);
  const B = v128.load_splat<f64>(pair, 40);
  const p = v128.load_splat<f64>(pair, 48);
  const q = v128.load_splat<f64>(pair, 56);
  for (let o = batch; o < end; o += 16) {
    const beyond = v128.load(o, DG), inverse = v128.load(o, INVERSE);
    const beyond2 = f64x2.mul(beyond, beyond);
    v128.store(o, f64x2.mul(f64x2.mul(slope, beyond2), v128.load(o, G)), DG);
    const envelope = f64x2.mul(halfStrength, v128.load(o, ENERGY));
    const ratio = f64x2.mul(sigma, inverse);
    let repulsion: v128;
    let attraction = one;
    let steepness: v128;
    if (plain) {
      const ratio2 = f64x2.mul(ratio, ratio);
      repulsion = f64x2.mul(B, f64x2.mul(ratio2, ratio2));
      steepness = f64x2.mul(f64x2.splat(-4), repulsion);
    } else {
      const logarithm = vlog(ratio);
      repulsion = f64x2.mul(B, vexp(f64x2.mul(p, logarithm)));
      attraction = vexp(f64x2.mul(q, logarithm));
      steepness = f64x2.sub(f64x2.mul(q, attraction), f64x2.mul(p, repulsion));
    }
    const energy = f64x2.mul(envelope, f64x2.sub(repulsion, attraction));
    v128.store(o, energy, ENERGY);
    v128.store(
      o,
      f64x2.sub(f64x2.mul(f64x2.mul(envelope, steepness), inverse), f64x2.mul(f64x2.mul(energy, sigma), beyond2)),
      HALF,
    );
  }
}

// @ts-ignore: decorator
@inline
function both(v: v128): v128 {
  return f64x2.add(v, v128.shuffle<f64>(v, v, 1, 0));
}

/** Forces and energies of the triplets around one atom, and of its pairs. `begin` and `end` bound its neighbors in the batch. */
// @ts-ignore: decorator
@inline
function addAtom(
  system: System, f: usize, triplet: usize, atoms: usize, begin: usize, end: usize, energies: bool,
): void {
  const F = system.forces;
  const zero = f64x2.splat(0);
  const l = v128.load_splat<f64>(triplet);
  const c0 = v128.load_splat<f64>(triplet, 8);
  let g0 = zero, px = zero, py = zero, pz = zero;
  let qxx = zero, qyy = zero, qzz = zero, qyz = zero, qxz = zero, qxy = zero;
  for (let o = begin; o < end; o += 16) {
    const ux = v128.load(o, UX), uy = v128.load(o, UY), uz = v128.load(o, UZ);
    const g = f64x2.mul(l, v128.load(o, G));
    const gx = f64x2.mul(g, ux), gy = f64x2.mul(g, uy), gz = f64x2.mul(g, uz);
    g0 = f64x2.add(g0, g);
    px = f64x2.add(px, gx); py = f64x2.add(py, gy); pz = f64x2.add(pz, gz);
    qxx = f64x2.add(qxx, f64x2.mul(gx, ux)); qyy = f64x2.add(qyy, f64x2.mul(gy, uy)); qzz = f64x2.add(qzz, f64x2.mul(gz, uz));
    qyz = f64x2.add(qyz, f64x2.mul(gy, uz)); qxz = f64x2.add(qxz, f64x2.mul(gx, uz)); qxy = f64x2.add(qxy, f64x2.mul(gx, uy));
  }
  const constant = f64x2.mul(f64x2.mul(c0, c0), both(g0));
  px = f64x2.mul(c0, both(px)); py = f64x2.mul(c0, both(py)); pz = f64x2.mul(c0, both(pz));
  qxx = both(qxx); qyy = both(qyy); qzz = both(qzz); qyz = both(qyz); qxz = both(qxz); qxy = both(qxy);
  const away = f64x2.mul(l, f64x2.sub(f64x2.splat(1), c0));
  let fx = zero, fy = zero, fz = zero, energy = zero;
  for (let o = begin; o < end; o += 16, atoms += 8) {
    const ux = v128.load(o, UX), uy = v128.load(o, UY), uz = v128.load(o, UZ), g = v128.load(o, G);
    const own = f64x2.mul(g, away);
    const vx = f64x2.add(f64x2.add(f64x2.mul(qxx, ux), f64x2.mul(qxy, uy)), f64x2.mul(qxz, uz));
    const vy = f64x2.add(f64x2.add(f64x2.mul(qxy, ux), f64x2.mul(qyy, uy)), f64x2.mul(qyz, uz));
    const vz = f64x2.add(f64x2.add(f64x2.mul(qxz, ux), f64x2.mul(qyz, uy)), f64x2.mul(qzz, uz));
    const square = f64x2.add(f64x2.add(f64x2.mul(vx, ux), f64x2.mul(vy, uy)), f64x2.mul(vz, uz));
    const first = f64x2.add(f64x2.add(f64x2.mul(px, ux), f64x2.mul(py, uy)), f64x2.mul(pz, uz));
    const shared = f64x2.sub(square, first);
    const t = f64x2.sub(shared, own);
    // square - 2 first + constant - own (1 - c0)
    const a = f64x2.add(f64x2.sub(t, first), f64x2.add(constant, f64x2.mul(own, c0)));
    const gr = f64x2.mul(g, v128.load(o, INVERSE));
    const across = f64x2.add(gr, gr);
    const along = f64x2.sub(f64x2.add(v128.load(o, HALF), f64x2.mul(v128.load(o, DG), a)), f64x2.mul(across, shared));
    const gx = f64x2.add(f64x2.mul(along, ux), f64x2.mul(across, f64x2.sub(vx, px)));
    const gy = f64x2.add(f64x2.mul(along, uy), f64x2.mul(across, f64x2.sub(vy, py)));
    const gz = f64x2.add(f64x2.mul(along, uz), f64x2.mul(across, f64x2.sub(vz, pz)));
    if (energies) energy = f64x2.add(energy, f64x2.add(v128.load(o, ENERGY), f64x2.mul(f64x2.splat(0.5), f64x2.mul(g, a))));
    fx = f64x2.add(fx, gx); fy = f64x2.add(fy, gy); fz = f64x2.add(fz, gz);
    scatterForces(F + <usize>load<i32>(atoms), F + <usize>load<i32>(atoms, 4), gx, gy, gz);
  }
  if (energies) addOwn(f, fx, fy, fz, energy);
  else addOwnForce(f, fx, fy, fz);
}

// @ts-ignore: decorator
@inline
function addAtoms(system: System, triplet: usize, batch: usize, first: i32, last: i32, energies: bool): void {
  let o = batch, atoms = batch + ATOM;
  for (let i = first; i < last; i++) {
    const count = <usize>load<i32>(batch + (<usize>(i - first) << 2), COUNT);
    addAtom(system, system.forces + (<usize>i << 5), triplet, atoms, o, o + (count << 3), energies);
    o += count << 3;
    atoms += count << 2;
  }
}

export function stillingerWeberMoments(system: System, parameters: usize, begin: i32, end: i32): void {
  const form = load<i32>(parameters, 16);
  const pair = load<usize>(parameters, 20), triplet = load<usize>(parameters, 24), batch = load<usize>(parameters, 28);
  for (let first = begin; first < end; ) {
    const last = gatherBatch(system, parameters, first, end, batch);
    if (last < 0) return;
    let total = 0;
    for (let i = first; i < last; i++) total += load<i32>(batch + (<usize>(i - first) << 2), COUNT);
    const bound = batch + (<usize>total << 3);
    if (form == 3) radialFactors(pair, batch, bound, true, true);
    else if (form & 1) radialFactors(pair, batch, bound, true, false);
    else radialFactors(pair, batch, bound, false, false);
    if (system.wantsEnergies) addAtoms(system, triplet, batch, first, last, true);
    else addAtoms(system, triplet, batch, first, last, false);
    first = last;
  }
}
