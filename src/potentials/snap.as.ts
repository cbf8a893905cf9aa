/**
 * SNAP energies and forces in reverse mode. Per pair of atoms: expand and sum the neighbors; contract the density to
 * its adjoint Y = dE/dU (straight from the coefficients where those are constants; through the couplings Z where a
 * quadratic head makes them depend on the atom, or where there are several densities); then pull Y back to each
 * neighbor by four sums over its expansion v.
 *
 * The four sums: v is a function of a point (a, b) on the 3-sphere, so that every change of (a, b) is an infinitesimal
 * rotation, which mixes the columns of a row: with i xi = a conj(da) + conj(b) db and eta = conj(b) da - a conj(db),
 * dv[m] = i xi (j - 2m) v[m] + eta (j - m + 1) v[m-1] - conj(eta) (m + 1) v[m+1]. With g = dE/dv, A[m] = (j - m) g[m+1]
 * and B[m] = m g[m-1], dE = xi Z + Re(eta) P - Im(eta) Q, where Z = -Im sum (j - 2m) conj(g) v, P = Re sum conj(A - B) v,
 * Q = Im sum conj(A + B) v; and the switching changes E by its relative change times F = Re sum conj(g) v.
 */
import {
  assembleDensity,
  BispectrumTables,
  contract,
  expandNeighbors,
  SLOT,
  SLOT_ATOM,
  SLOT_ATOM2,
  SLOT_CHANNEL,
  SLOT_COS,
  SLOT_DCOS,
  SLOT_DFADE,
  SLOT_DSIN,
  SLOT_RINV,
  SLOT_SIN,
  SLOT_X,
  SLOT_Y,
  SLOT_Z,
} from "../descriptors/bispectrum.as";
import {
  COUPLING_BYTES,
  COUPLING_CHANNEL,
  COUPLING_COUNT,
  COUPLING_HALF,
  COUPLING_USES,
  COUPLING_Z,
  coupleLayers,
  CouplingTables,
} from "../descriptors/bispectrum-couplings.as";
import { gatherNeighbors } from "../descriptors/gather-neighbors.as";
import { Status, System } from "../engine/system.as";
import { addDifference, addProducts } from "../math/multiply-add.as";

/** What the planner (snap-planner.ts) packs; its twin is `SNAP_PARAMETERS` there. */
@unmanaged
export class SnapParameters {
  tables: BispectrumTables;
  /** 0 where Y comes straight from the coefficients. */
  couplings: CouplingTables;
  quadratic: i32;
  /** Coefficients of `contract`, or couplings. */
  terms: i32;
  /** [types x terms] f64 coefficient of each, for a linear head. */
  termCoefficients: usize;
  /** [types] f64 energy of an atom without its cubic part, eV. */
  constants: usize;
  /** [types x (components + components^2)] f64 linear, then full symmetric quadratic coefficients. */
  quadraticCoefficients: usize;
  /** Scratch: [terms] vectors of the atoms, [components] likewise, Y [channels x halfCount] of 32 bytes. */
  laneTerms: usize;
  laneComponents: usize;
  adjoint: usize;
  /** Scratch: [channels], 64 bytes for each element of an expansion; see `prepareSeeds`. */
  seeds: usize;
  /** Scratch: the sums of two slots, four vectors each; the force on the atom itself, f64 x, y, z; for snap-mixed more. */
  sums: usize;
}

/** Copies the coefficients of an atom's type into its lane. */
export function loadTerms<T>(parameters: SnapParameters, type: i32, lane: i32): void {
  const count = parameters.terms;
  let source = parameters.termCoefficients + ((type * count) << 3);
  let target = parameters.laneTerms + lane * sizeof<T>();
  for (let k = 0; k < count; k++, source += 8, target += 16) store<T>(target, load<f64>(source) as T);
}

/** Quadratic head: energies of both atoms, and the coefficient of every coupling from dE/dB = beta + alpha B. */
function quadraticTerms(parameters: SnapParameters, type0: i32, type1: i32): v128 {
  const couplings = parameters.couplings;
  const count = couplings.components, values = couplings.values, slopes = parameters.laneComponents;
  const width = (count * (count + 1)) << 3;
  const row0 = parameters.quadraticCoefficients + type0 * width, row1 = parameters.quadraticCoefficients + type1 * width;
  let energy = f64x2.splat(0);
  let alpha0 = row0 + (count << 3), alpha1 = row1 + (count << 3);
  for (let k = 0; k < count; k++) {
    let sum = f64x2.splat(0);
    for (let value = values, end = values + (count << 4); value < end; value += 16, alpha0 += 8, alpha1 += 8)
      sum = f64x2.add(sum, f64x2.mul(v128.load64_lane(alpha1, v128.load64_zero(alpha0), 1), v128.load(value)));
    const beta = v128.load64_lane(row1 + (k << 3), v128.load64_zero(row0 + (k << 3)), 1);
    const half = f64x2.add(beta, f64x2.mul(f64x2.splat(0.5), sum));
    energy = f64x2.add(energy, f64x2.mul(half, v128.load(values + (k << 4))));
    v128.store(slopes + (k << 4), f64x2.add(beta, sum));
  }
  let record = couplings.list, use = couplings.uses;
  for (let t = 0; t < couplings.couplings; t++, record += COUPLING_BYTES) {
    let sum = f64x2.splat(0);
    for (let n = load<i32>(record, COUPLING_USES); n > 0; n--, use += 16)
      sum = f64x2.add(sum, f64x2.mul(v128.load_splat<f64>(use, 8), v128.load(slopes + (load<i32>(use) << 4))));
    v128.store(parameters.laneTerms + (t << 4), sum);
  }
  return energy;
}

/** Y = sum over couplings of coefficient times Z. */
export function sumCouplings<T>(parameters: SnapParameters): void {
  const couplings = parameters.couplings;
  const channelBytes = parameters.tables.halfCount << 5;
  let record = couplings.list;
  for (let t = 0; t < couplings.couplings; t++, record += COUPLING_BYTES) {
    const factor = v128.load(parameters.laneTerms + (t << 4));
    let z = couplings.coupled + load<i32>(record, COUPLING_Z);
    let y = parameters.adjoint + load<i32>(record, COUPLING_HALF) + load<i32>(record, COUPLING_CHANNEL) * channelBytes;
    const end = z + (load<i32>(record, COUPLING_COUNT) << 5);
    for (; z < end; z += 32, y += 32) {
      v128.store(y, v128.add<T>(v128.load(y), v128.mul<T>(factor, v128.load(z))));
      v128.store(y, v128.add<T>(v128.load(y, 16), v128.mul<T>(factor, v128.load(z, 16))), 16);
    }
  }
}

/** One third of the sum over all elements of Re(Y conj U): the cubic energy, by homogeneity. */
function cubicEnergy(parameters: SnapParameters): v128 {
  const tables = parameters.tables, count = tables.halfCount;
  let sum = f64x2.splat(0);
  for (let channel = 0; channel < tables.channels; channel++) {
    const y0 = parameters.adjoint + ((channel * count) << 5), u0 = tables.density + ((channel * tables.fullCount) << 5);
    let entry = tables.half, weight = tables.weights;
    for (let k = 0; k < count; k++, entry += 24, weight += 8) {
      const y = y0 + load<i32>(entry), u = u0 + load<i32>(entry, 8);
      const product = f64x2.add(
        f64x2.mul(v128.load(y), v128.load(u)),
        f64x2.mul(v128.load(y, 16), v128.load(u, 16)),
      );
      sum = f64x2.add(sum, f64x2.mul(v128.load_splat<f64>(weight), product));
    }
  }
  return f64x2.mul(sum, f64x2.splat(1 / 3.0));
}

/** g = w c Y of one atom, and what the sums Z, P and Q need of it: 8 numbers T per element of an expansion. */
export function prepareSeeds<T>(parameters: SnapParameters, lane: i32): void {
  const tables = parameters.tables, count = tables.halfCount, size = sizeof<T>();
  // Elements of an expansion have 32 bytes.
  const shift = sizeof<T>() == 8 ? 1 : 0;
  for (let channel = 0; channel < tables.channels; channel++) {
    const adjoint = parameters.adjoint + ((channel * count) << 5) + (lane as usize) * size;
    const seeds = parameters.seeds + ((tables.expansionBytes as usize) << shift) * channel;
    let entry = tables.half;
    for (let k = 0; k < count; k++, entry += 24) {
      const y = adjoint + load<i32>(entry), seed = seeds + (load<i32>(entry, 4) << shift);
      const factor = load<f64>(entry, 16);
      store<T>(seed, (factor * (load<T>(y) as f64)) as T);
      store<T>(seed, (factor * (load<T>(y, 16) as f64)) as T, sizeof<T>());
    }
    for (let j = 0; j <= tables.twojmax; j++) {
      let seed = seeds + (load<i32>(tables.layers + (j << 2)) << shift);
      for (let mb = 0; mb << 1 <= j; mb++)
        for (let m = 0; m <= j; m++, seed += 8 * size) {
          const turn = (j - 2 * m) as T;
          store<T>(seed, turn * load<T>(seed), 2 * sizeof<T>());
          store<T>(seed, turn * load<T>(seed, sizeof<T>()), 3 * sizeof<T>());
          let upRe: T = 0, upIm: T = 0, downRe: T = 0, downIm: T = 0;
          if (m < j) {
            upRe = ((j - m) as T) * load<T>(seed, 8 * sizeof<T>());
            upIm = ((j - m) as T) * load<T>(seed, 9 * sizeof<T>());
          }
          if (m > 0) {
            downRe = (m as T) * load<T>(seed - 8 * size);
            downIm = (m as T) * load<T>(seed - 7 * size);
          }
          store<T>(seed, upRe - downRe, 4 * sizeof<T>());
          store<T>(seed, upIm - downIm, 5 * sizeof<T>());
          store<T>(seed, upRe + downRe, 6 * sizeof<T>());
          store<T>(seed, upIm + downIm, 7 * sizeof<T>());
        }
    }
  }
}

/** The sums F, Z, P and Q of two slots, four vectors of T each, to `sums`. */
export function sumSeeds<T>(tables: BispectrumTables, seeds: usize, first: usize, second: usize, sums: usize): void {
  let f0 = i32x4.splat(0), z0 = f0, p0 = f0, q0 = f0, f1 = f0, z1 = f0, p1 = f0, q1 = f0;
  const across = second - first, size = sizeof<T>();
  for (let j = 0; j <= tables.twojmax; j++) {
    const place = load<i32>(tables.layers + (j << 2));
    let v = first + place, seed = seeds + (place << (sizeof<T>() == 8 ? 1 : 0));
    for (const end = v + ((((j >> 1) + 1) * (j + 1)) << 5); v < end; v += 32, seed += 8 * size) {
      const re0 = v128.load(v), im0 = v128.load(v, 16), re1 = v128.load(v + across), im1 = v128.load(v + across, 16);
      let re = v128.load_splat<T>(seed), im = v128.load_splat<T>(seed, sizeof<T>());
      f0 = addProducts<T>(f0, re, re0, im, im0);
      f1 = addProducts<T>(f1, re, re1, im, im1);
      re = v128.load_splat<T>(seed, 2 * sizeof<T>());
      im = v128.load_splat<T>(seed, 3 * sizeof<T>());
      z0 = addDifference<T>(z0, im, re0, re, im0);
      z1 = addDifference<T>(z1, im, re1, re, im1);
      re = v128.load_splat<T>(seed, 4 * sizeof<T>());
      im = v128.load_splat<T>(seed, 5 * sizeof<T>());
      p0 = addProducts<T>(p0, re, re0, im, im0);
      p1 = addProducts<T>(p1, re, re1, im, im1);
      re = v128.load_splat<T>(seed, 6 * sizeof<T>());
      im = v128.load_splat<T>(seed, 7 * sizeof<T>());
      q0 = addDifference<T>(q0, re, im0, im, re0);
      q1 = addDifference<T>(q1, re, im1, im, re1);
    }
  }
  v128.store(sums, f0);
  v128.store(sums, z0, 16);
  v128.store(sums, p0, 32);
  v128.store(sums, q0, 48);
  v128.store(sums, f1, 64);
  v128.store(sums, z1, 80);
  v128.store(sums, p1, 96);
  v128.store(sums, q1, 112);
}

/** Adds the force of one lane to a neighbor and, opposite, to `own`. */
// @ts-ignore: decorator
@inline
function addForce(forces: usize, own: usize, atom: i32, x: f64, y: f64, z: f64): void {
  const there = forces + ((atom as usize) << 5);
  store<f64>(there, load<f64>(there) - x);
  store<f64>(there, load<f64>(there, 8) - y, 8);
  store<f64>(there, load<f64>(there, 16) - z, 16);
  store<f64>(own, load<f64>(own) + x);
  store<f64>(own, load<f64>(own, 8) + y, 8);
  store<f64>(own, load<f64>(own, 16) + z, 16);
}

/** Forces of a slot from its four sums and the value of its weighted switching, which is the first element of v. */
export function addSlotForces(forces: usize, own: usize, slot: usize, expansion: usize, sums: usize): void {
  const f = v128.load(sums), z = v128.load(sums, 16), p = v128.load(sums, 32), q = v128.load(sums, 48);
  const dx = v128.load(slot, SLOT_X), dy = v128.load(slot, SLOT_Y), dz = v128.load(slot, SLOT_Z), s = v128.load(slot, SLOT_SIN);
  const ar = v128.load(slot, SLOT_COS), ai = f64x2.neg(f64x2.mul(s, dz));
  const br = f64x2.mul(s, dy), bi = f64x2.neg(f64x2.mul(s, dx));
  const gAr = f64x2.add(f64x2.mul(ai, z), f64x2.add(f64x2.mul(br, p), f64x2.mul(bi, q)));
  const gAi = f64x2.sub(f64x2.sub(f64x2.mul(bi, p), f64x2.mul(ar, z)), f64x2.mul(br, q));
  const gBr = f64x2.sub(f64x2.mul(ai, q), f64x2.add(f64x2.mul(bi, z), f64x2.mul(ar, p)));
  const gBi = f64x2.sub(f64x2.mul(br, z), f64x2.add(f64x2.mul(ai, p), f64x2.mul(ar, q)));
  // A neighbor without weight has no sums either: its relative change is taken as zero.
  const value = v128.load(expansion), weightless = f64x2.eq(value, f64x2.splat(0));
  const relative = v128.andnot(f64x2.div(v128.load(slot, SLOT_DFADE), value), weightless);
  // Radial part over r, then the parts of a_i = -s z, b_r = s y, b_i = -s x along their own axis.
  const twist = f64x2.sub(f64x2.mul(dy, gBr), f64x2.add(f64x2.mul(dz, gAi), f64x2.mul(dx, gBi)));
  let radial = f64x2.add(f64x2.mul(gAr, v128.load(slot, SLOT_DCOS)), f64x2.mul(relative, f));
  radial = f64x2.mul(f64x2.add(radial, f64x2.mul(v128.load(slot, SLOT_DSIN), twist)), v128.load(slot, SLOT_RINV));
  const fx = f64x2.sub(f64x2.mul(radial, dx), f64x2.mul(s, gBi));
  const fy = f64x2.add(f64x2.mul(radial, dy), f64x2.mul(s, gBr));
  const fz = f64x2.sub(f64x2.mul(radial, dz), f64x2.mul(s, gAi));
  addForce(forces, own, load<i32>(slot, SLOT_ATOM), f64x2.extract_lane(fx, 0), f64x2.extract_lane(fy, 0), f64x2.extract_lane(fz, 0));
  const second = load<i32>(slot, SLOT_ATOM2);
  if (second >= 0) addForce(forces, own, second, f64x2.extract_lane(fx, 1), f64x2.extract_lane(fy, 1), f64x2.extract_lane(fz, 1));
}

/** Adds the forces of one atom and its neighbors, two slots of the same density at a time. */
function pullBack(system: System, parameters: SnapParameters, i: i32, slot: usize, count: i32, expansion: usize): void {
  const tables = parameters.tables, bytes = tables.expansionBytes as usize, forces = system.forces;
  const sums = parameters.sums, own = sums + 128;
  memory.fill(own, 0, 24);
  for (let n = 0; n < count; ) {
    const channel = load<i32>(slot, SLOT_CHANNEL);
    const both = n + 1 < count && load<i32>(slot + SLOT, SLOT_CHANNEL) == channel;
    const next = both ? expansion + bytes : expansion;
    sumSeeds<f64>(tables, parameters.seeds + 2 * bytes * channel, expansion, next, sums);
    addSlotForces(forces, own, slot, expansion, sums);
    if (both) addSlotForces(forces, own, slot + SLOT, next, sums + 64);
    const step = both ? 2 : 1;
    n += step;
    slot += SLOT * step;
    expansion += bytes * step;
  }
  addOwnForce(forces + ((i as usize) << 5), own);
}

// @ts-ignore: decorator
@inline
export function addOwnForce(here: usize, own: usize): void {
  store<f64>(here, load<f64>(here) + load<f64>(own));
  store<f64>(here, load<f64>(here, 8) + load<f64>(own, 8), 8);
  store<f64>(here, load<f64>(here, 16) + load<f64>(own, 16), 16);
}

/** Adds energies and forces of own atoms begin <= i < end, two at a time. */
export function snap(system: System, address: usize, begin: i32, end: i32): void {
  const parameters = changetype<SnapParameters>(address);
  const tables = parameters.tables, couplings = parameters.couplings;
  const direct = changetype<usize>(couplings) == 0;
  const bytes = tables.expansionBytes as usize, slots = tables.slots, expansions = tables.expansions;
  const room = tables.slotCapacity << 1;
  const adjointBytes = ((tables.channels * tables.halfCount) as usize) << 5;
  let lane0 = -1, lane1 = -1;
  for (let i = begin; i < end; i += 2) {
    const two = i + 1 < end;
    const here = system.positions + ((i as usize) << 5);
    const type0 = load<i32>(here, 24), type1 = two ? load<i32>(here, 56) : type0;
    const channel0 = load<i32>(tables.channelOfType + (type0 << 2)), channel1 = load<i32>(tables.channelOfType + (type1 << 2));
    const count0 = gatherNeighbors(system, tables, i, slots, room);
    const used = (count0 >> 1) as usize;
    const count1 = two && count0 >= 0 ? gatherNeighbors(system, tables, i + 1, slots + used * SLOT, room - count0) : 0;
    if (count0 < 0 || count1 < 0) {
      system.status |= Status.SHORT_LIST_FULL;
      return;
    }
    expandNeighbors(tables, slots, count0 >> 1, expansions);
    assembleDensity<f64>(tables, 0, channel0);
    if (two) {
      expandNeighbors(tables, slots + used * SLOT, count1 >> 1, expansions + used * bytes);
      assembleDensity<f64>(tables, 1, channel1);
    }
    if (!parameters.quadratic) {
      if (type0 != lane0) loadTerms<f64>(parameters, type0, 0);
      if (type1 != lane1) loadTerms<f64>(parameters, type1, 1);
      lane0 = type0;
      lane1 = type1;
    }
    memory.fill(parameters.adjoint, 0, adjointBytes);
    let energy = f64x2.splat(0);
    if (direct) contract<f64>(tables, parameters.laneTerms, parameters.adjoint);
    else {
      coupleLayers(tables, couplings, channel0, channel1);
      if (parameters.quadratic) energy = quadraticTerms(parameters, type0, type1);
      sumCouplings<f64>(parameters);
    }
    if (!parameters.quadratic) energy = cubicEnergy(parameters);
    const energies = system.energies + ((i as usize) << 3);
    store<f64>(energies, load<f64>(energies) + load<f64>(parameters.constants + (type0 << 3)) + f64x2.extract_lane(energy, 0));
    prepareSeeds<f64>(parameters, 0);
    pullBack(system, parameters, i, slots, count0 >> 1, expansions);
    if (two) {
      store<f64>(energies, load<f64>(energies, 8) + load<f64>(parameters.constants + (type1 << 3)) + f64x2.extract_lane(energy, 1), 8);
      prepareSeeds<f64>(parameters, 1);
      pullBack(system, parameters, i + 1, slots + used * SLOT, count1 >> 1, expansions + used * bytes);
    }
  }
}
