import { Status, System } from "../engine/system.as";
import { vexp, vlog } from "../math/exponential.as";
import { addOwn, closer, gatherRow, gatherX, gatherY, gatherZ, scatter, sum } from "./pair-rows.as";
import { spreadZetas, sumZetas } from "./tersoff-pairs.as";
import {
  ALONG,
  ATOM,
  BLOCK,
  cutoffFunction,
  DFA,
  DFC,
  fall,
  FA,
  FC,
  INVERSE,
  P,
  R,
  TYPE,
  UX,
  UY,
  UZ,
  WX,
  WY,
  WZ,
  Y,
  ZETA,
} from "./tersoff-rows.as";
import { spreadZetasOfMany, sumZetasOfMany } from "./tersoff-triplets.as";

/*
 * Atoms are taken in batches, each through five loops: neighbors inside the cutoff with their exponentials, zeta_ij over the
 * triplets, bond orders, their slopes P_j = dE/dzeta_ij over the triplets, forces. Each of these is a long chain of
 * operations for one atom; within a loop those of several atoms overlap.
 * With unit vectors u, dE/dr_k = along_k u_k + (W_k - (W_k . u_k) u_k) / r_k, where W_k is the sum over j of u_j times the
 * slope of the energy with respect to cos theta_jik.
 * Parameters: tersoff-plan.ts.
 */

/** Where beta zeta is below, there is nothing around the bond. */
const TINY: f64 = 1e-280;

/** Records of the atoms of a batch, 32 bytes: i32 first block, i32 end of its blocks, i32 what is kept, f64 energy at 16. */
const ATOM_BYTES: usize = 32;

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

/** Fills blocks with the neighbors of a list; returns their two-body energy. */
// @ts-ignore: decorator
@inline
function neighbors(system: System, row: usize, xp: usize, list: usize, o: usize, last: usize, many: bool): v128 {
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
  let entry = list;
  for (; o < last; o += BLOCK) {
    const ja = X + <usize>load<i32>(entry);
    const jb = X + <usize>load<i32>(entry, 4);
    store<u64>(o, load<u64>(entry), ATOM);
    entry += 8;
    if (many) {
      const ta = <usize>load<i32>(ja, 24) << 7;
      const tb = <usize>load<i32>(jb, 24) << 7;
      store<i32>(o, <i32>ta, TYPE);
      store<i32>(o, <i32>tb, TYPE + 4);
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

/** Bond orders: leaves dE/dzeta and takes the attraction off the slopes. Returns its energy. */
// @ts-ignore: decorator
@inline
function bondOrders(row: usize, o: usize, last: usize, many: bool): v128 {
  const one = f64x2.splat(1);
  const half = f64x2.splat(-0.5);
  let beta = v128.load_splat<f64>(row, 72);
  let n = v128.load_splat<f64>(row, 80);
  let root = v128.load_splat<f64>(row, 88);
  let energy = f64x2.splat(0);
  for (; o < last; o += BLOCK) {
    if (many) {
      const a = row + <usize>load<i32>(o, TYPE);
      const b = row + <usize>load<i32>(o, TYPE + 4);
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
function addForces(system: System, i: i32, o: usize, last: usize, energy: f64): void {
  const F = system.forces;
  let fx = f64x2.splat(0);
  let fy = fx;
  let fz = fx;
  for (; o < last; o += BLOCK) {
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
    scatter(F + <usize>load<i32>(o, ATOM), F + <usize>load<i32>(o, ATOM + 4), gx, gy, gz, f64x2.splat(0));
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
  const blocks = load<usize>(parameters, 36);
  const batch = load<usize>(parameters, 44);
  const full = blocks + <usize>(near >> 1) * BLOCK;
  const batchEnd = batch + <usize>load<i32>(parameters, 48) * ATOM_BYTES;
  for (let i = begin; i < end; ) {
    const first = i;
    let block = blocks;
    let record = batch;
    for (; i < end && block < full && record < batchEnd; i++) {
      if (load<i32>(system.fullCounts + (<usize>i << 2)) + 2 > room) {
        system.status |= Status.SHORT_LIST_FULL;
        return;
      }
      const xp = system.positions + (<usize>i << 5);
      let count = closer(system, i, system.fullFirst, system.fullNeighbors, system.fullCounts, largest2, list);
      const row = bonds + (many ? <usize>(load<i32>(xp, 24) * species) << 7 : 0);
      if (many) count = filter(system, row, xp, list, count);
      if (count > near) {
        system.status |= Status.SHORT_LIST_FULL;
        return;
      }
      const last = block + <usize>((count + 1) >> 1) * BLOCK;
      store<usize>(record, block);
      store<usize>(record, last, 4);
      v128.store(record, neighbors(system, row, xp, list, block, last, many), 16);
      block = last;
      record += ATOM_BYTES;
    }
    const recordEnd = record;
    let kept = load<usize>(parameters, 40);
    let atom = system.positions + (<usize>first << 5);
    for (record = batch; record < recordEnd; record += ATOM_BYTES) {
      store<usize>(record, kept, 8);
      if (many) {
        const records = triplets + (<usize>(load<i32>(atom, 24) * species * species) << 7);
        kept = sumZetasOfMany(records, species, load<usize>(record), load<usize>(record, 4), kept);
      } else kept = sumZetas(triplets, load<usize>(record), load<usize>(record, 4), kept, stretched);
      atom += 32;
    }
    atom = system.positions + (<usize>first << 5);
    for (record = batch; record < recordEnd; record += ATOM_BYTES) {
      const row = bonds + (many ? <usize>(load<i32>(atom, 24) * species) << 7 : 0);
      const attraction = bondOrders(row, load<usize>(record), load<usize>(record, 4), many);
      v128.store(record, f64x2.add(v128.load(record, 16), attraction), 16);
      atom += 32;
    }
    for (record = batch; record < recordEnd; record += ATOM_BYTES) {
      if (many) spreadZetasOfMany(load<usize>(record), load<usize>(record, 4), load<usize>(record, 8));
      else spreadZetas(load<usize>(record), load<usize>(record, 4), load<usize>(record, 8), stretched);
    }
    let k = first;
    for (record = batch; record < recordEnd; record += ATOM_BYTES) {
      addForces(system, k, load<usize>(record), load<usize>(record, 4), 0.5 * sum(v128.load(record, 16)));
      k++;
    }
  }
}

export function tersoff(system: System, parameters: usize, begin: i32, end: i32): void {
  if (load<i32>(parameters) > 1) atoms(system, parameters, begin, end, true, true);
  else if (load<i32>(parameters, 20) == 1) atoms(system, parameters, begin, end, false, true);
  else atoms(system, parameters, begin, end, false, false);
}
