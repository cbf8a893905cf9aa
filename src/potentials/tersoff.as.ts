import { Status, System } from "../engine/system.as";
import { vexp, vlog } from "../math/exponential.as";
import { addOwn, closer, gatherRow, gatherX, gatherY, gatherZ, scatter } from "./pair-rows.as";
import { findAngles, findStretches, spreadZetas, sumZetas } from "./tersoff-pairs.as";
import {
  add,
  ALONG,
  ATOM,
  BLOCK,
  cutoffFunction,
  DFA,
  DFC,
  ENERGY,
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
 * Atoms are taken in batches through one loop after the other: neighbors inside the cutoff, exponentials, zeta_ij over the
 * triplets, bond orders, their slopes P_j = dE/dzeta_ij over the triplets, forces. For one atom all this is one long chain of
 * operations; in each loop those of many neighbors overlap.
 * With unit vectors u, dE/dr_k = along_k u_k + (W_k - (W_k . u_k) u_k) / r_k, where W_k is the sum over j of u_j times the
 * slope of the energy with respect to cos theta_jik.
 * Parameters: tersoff-plan.ts.
 */

/** Where beta zeta is below, there is nothing around the bond. */
const TINY: f64 = 1e-280;

/** Records of the atoms of a batch: i32 addresses of the rows of its bonds, of its blocks, of their end, of what is kept. */
const ATOM_BYTES: usize = 16;

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

/** Fills blocks with places and cutoff functions of the neighbors of a list. */
// @ts-ignore: decorator
@inline
function neighbors(system: System, row: usize, xp: usize, list: usize, o: usize, last: usize, many: bool): void {
  const X = system.positions;
  const zero = f64x2.splat(0);
  const xi = v128.load_splat<f64>(xp);
  const yi = v128.load_splat<f64>(xp, 8);
  const zi = v128.load_splat<f64>(xp, 16);
  let end = v128.load_splat<f64>(row, 8);
  let middle = v128.load_splat<f64>(row, 16);
  let inner = v128.load_splat<f64>(row, 24);
  let turn = v128.load_splat<f64>(row, 32);
  for (; o < last; o += BLOCK) {
    const ja = X + <usize>load<i32>(list);
    const jb = X + <usize>load<i32>(list, 4);
    store<u64>(o, load<u64>(list), ATOM);
    list += 8;
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
    }
    const dx = f64x2.sub(gatherX(ja, jb), xi);
    const dy = f64x2.sub(gatherY(ja, jb), yi);
    const dz = f64x2.sub(gatherZ(ja, jb), zi);
    const r = f64x2.sqrt(f64x2.add(f64x2.add(f64x2.mul(dx, dx), f64x2.mul(dy, dy)), f64x2.mul(dz, dz)));
    const inverse = f64x2.div(f64x2.splat(1), r);
    // Never the dummy: what follows is finite there, and its cutoff function 0.
    const inside = f64x2.lt(r, end);
    v128.store(o, f64x2.mul(dx, inverse), UX);
    v128.store(o, f64x2.mul(dy, inverse), UY);
    v128.store(o, f64x2.mul(dz, inverse), UZ);
    v128.store(o, inverse, INVERSE);
    v128.store(o, r, R);
    v128.store(o, cutoffFunction(r, inside, middle, inner, turn), FC);
    v128.store(o, fall, DFC);
    v128.store(o, zero, ZETA);
    v128.store(o, zero, WX);
    v128.store(o, zero, WY);
    v128.store(o, zero, WZ);
  }
}

/** Two-body energies and slopes of the bonds of one center, or of all centers where they have one element. */
// @ts-ignore: decorator
@inline
function twoBodies(row: usize, o: usize, last: usize, many: bool): void {
  let A = v128.load_splat<f64>(row, 40);
  let lambda1 = v128.load_splat<f64>(row, 48);
  let B = v128.load_splat<f64>(row, 56);
  let lambda2 = v128.load_splat<f64>(row, 64);
  for (; o < last; o += BLOCK) {
    if (many) {
      const a = row + <usize>load<i32>(o, TYPE);
      const b = row + <usize>load<i32>(o, TYPE + 4);
      A = gatherRow(a, b, 40);
      lambda1 = gatherRow(a, b, 48);
      B = gatherRow(a, b, 56);
      lambda2 = gatherRow(a, b, 64);
    }
    const r = v128.load(o, R);
    const f = v128.load(o, FC);
    const df = v128.load(o, DFC);
    const repulsion = f64x2.mul(A, vexp(f64x2.neg(f64x2.mul(lambda1, r))));
    const attraction = f64x2.mul(B, vexp(f64x2.neg(f64x2.mul(lambda2, r))));
    v128.store(o, f64x2.mul(f, attraction), FA);
    v128.store(o, f64x2.mul(f64x2.sub(df, f64x2.mul(lambda2, f)), attraction), DFA);
    const slope = f64x2.mul(f64x2.sub(df, f64x2.mul(lambda1, f)), repulsion);
    v128.store(o, f64x2.mul(f64x2.splat(0.5), slope), ALONG);
    v128.store(o, f64x2.mul(f64x2.splat(0.5), f64x2.mul(f, repulsion)), ENERGY);
  }
}

/**
 * Bond orders of the bonds of one center, or of all where they have one element: leaves dE/dzeta and takes the attraction
 * off energies and slopes. A power is an exponential of a logarithm; each of these four gets a loop of its own, in which
 * many of them overlap.
 */
// @ts-ignore: decorator
@inline
function bondOrders(row: usize, first: usize, last: usize, many: bool): void {
  const one = f64x2.splat(1);
  const tiny = f64x2.splat(TINY);
  let beta = v128.load_splat<f64>(row, 72);
  let n = v128.load_splat<f64>(row, 80);
  let root = v128.load_splat<f64>(row, 88);
  for (let o = first; o < last; o += BLOCK) {
    if (many) {
      beta = gatherRow(row + <usize>load<i32>(o, TYPE), row + <usize>load<i32>(o, TYPE + 4), 72);
      n = gatherRow(row + <usize>load<i32>(o, TYPE), row + <usize>load<i32>(o, TYPE + 4), 80);
    }
    const x = f64x2.mul(beta, v128.load(o, ZETA));
    v128.store(o, f64x2.mul(n, vlog(f64x2.pmax(x, tiny))), P);
    v128.store(o, f64x2.gt(x, tiny), Y);
  }
  for (let o = first; o < last; o += BLOCK) v128.store(o, vexp(v128.load(o, P)), P);
  for (let o = first; o < last; o += BLOCK) {
    if (many) root = gatherRow(row + <usize>load<i32>(o, TYPE), row + <usize>load<i32>(o, TYPE + 4), 88);
    const power = v128.load(o, P);
    const sum = f64x2.add(one, power);
    const ratio = f64x2.div(power, f64x2.mul(sum, v128.load(o, ZETA)));
    v128.store(o, v128.and(f64x2.mul(ratio, f64x2.splat(0.25)), v128.load(o, Y)), P);
    v128.store(o, f64x2.mul(root, vlog(sum)), Y);
  }
  for (let o = first; o < last; o += BLOCK) {
    const b = vexp(v128.load(o, Y));
    const attraction = f64x2.mul(b, v128.load(o, FA));
    // dE/dzeta = -f_A / 2 db/dzeta, db/dzeta = -b / 2 power / (1 + power) / zeta
    v128.store(o, f64x2.mul(v128.load(o, P), attraction), P);
    const half = f64x2.splat(-0.5);
    add(o, ALONG, f64x2.mul(half, f64x2.mul(b, v128.load(o, DFA))));
    add(o, ENERGY, f64x2.mul(half, attraction));
    v128.store(o, f64x2.splat(0), Y);
  }
}

/** Gradients and energies of all bonds go to the forces. */
// @ts-ignore: decorator
@inline
function addForces(system: System, i: i32, o: usize, last: usize): void {
  const F = system.forces;
  let fx = f64x2.splat(0);
  let fy = fx;
  let fz = fx;
  let energy = fx;
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
    energy = f64x2.add(energy, v128.load(o, ENERGY));
    scatter(F + <usize>load<i32>(o, ATOM), F + <usize>load<i32>(o, ATOM + 4), gx, gy, gz, f64x2.splat(0));
  }
  addOwn(F + (<usize>i << 5), fx, fy, fz, energy);
}

// @ts-ignore: decorator
@inline
function atoms(system: System, parameters: usize, begin: i32, end: i32, many: bool, stretched: bool): void {
  const species = load<i32>(parameters);
  const room = load<i32>(parameters, 4);
  const largest2 = v128.load_splat<f64>(parameters, 8);
  const near = load<i32>(parameters, 16);
  const bonds = load<usize>(parameters, 24);
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
      neighbors(system, row, xp, list, block, last, many);
      store<usize>(record, row);
      store<usize>(record, block, 4);
      store<usize>(record, last, 8);
      block = last;
      record += ATOM_BYTES;
    }
    triplets(parameters, blocks, block, batch, record, many, stretched);
    let k = first;
    for (let atom = batch; atom < record; atom += ATOM_BYTES)
      addForces(system, k++, load<usize>(atom, 4), load<usize>(atom, 8));
  }
}

/** From the neighbors of a batch to the gradients of its bonds. */
// @ts-ignore: decorator
@inline
function triplets(
  parameters: usize,
  blocks: usize,
  lastBlock: usize,
  batch: usize,
  last: usize,
  many: bool,
  stretched: bool,
): void {
  const tables = load<usize>(parameters, 28);
  const start = load<usize>(parameters, 40);
  let kept = start;
  if (!many) {
    twoBodies(load<usize>(batch), blocks, lastBlock, false);
    for (let atom = batch; atom < last; atom += ATOM_BYTES) {
      store<usize>(atom, kept, 12);
      kept = findAngles(tables, load<usize>(atom, 4), load<usize>(atom, 8), kept, stretched);
    }
    if (stretched) findStretches(start, kept);
    for (let atom = batch; atom < last; atom += ATOM_BYTES)
      sumZetas(load<usize>(atom, 4), load<usize>(atom, 8), load<usize>(atom, 12), stretched);
    bondOrders(load<usize>(batch), blocks, lastBlock, false);
    for (let atom = batch; atom < last; atom += ATOM_BYTES)
      spreadZetas(load<usize>(atom, 4), load<usize>(atom, 8), load<usize>(atom, 12), stretched);
    return;
  }
  const species = load<i32>(parameters);
  const bonds = load<usize>(parameters, 24);
  for (let atom = batch; atom < last; atom += ATOM_BYTES) {
    const row = load<usize>(atom);
    const first = load<usize>(atom, 4);
    const end = load<usize>(atom, 8);
    twoBodies(row, first, end, true);
    // Rows of bonds and records of triplets of one center: [species] and [species][species] of 128 bytes.
    sumZetasOfMany(tables + (row - bonds) * <usize>species, species, first, end, start);
    bondOrders(row, first, end, true);
    spreadZetasOfMany(first, end, start);
  }
}

export function tersoff(system: System, parameters: usize, begin: i32, end: i32): void {
  if (load<i32>(parameters) > 1) atoms(system, parameters, begin, end, true, true);
  else if (load<i32>(parameters, 20) == 1) atoms(system, parameters, begin, end, false, true);
  else atoms(system, parameters, begin, end, false, false);
}
