/**
 * SNAP energies and forces in reverse mode. Per pair of atoms: expand and sum the neighbors; contract the density to
 * its adjoint Y = dE/dU (straight from the coefficients where those are constants; through the couplings Z where a
 * quadratic head makes them depend on the atom, or where there are several densities); then per slot of two neighbors
 * pull Y back through the recursion, which gives dE/da, dE/db and dE/d(switching).
 */
import {
  assembleDensity,
  BispectrumTables,
  closeChannel,
  contract,
  expandNeighbors,
  PAIR_BYTES,
  PAIR_CHANNEL,
  placeNeighbor,
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
import { Status, System } from "../engine/system.as";

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
  /** Scratch: [terms] vectors of the two atoms, [components] likewise, Y [channels x halfCount] of 32 bytes. */
  laneTerms: usize;
  laneComponents: usize;
  adjoint: usize;
  /** Scratch: [channels] expansions, 2 w c Y of one atom in both lanes; two layers of gradients. */
  seeds: usize;
  gradients: usize;
  gradientBytes: i32;
}

/** Lists the neighbors of atom i within the cutoffs; returns their even count, -1 where the slots are full. */
function gather(system: System, tables: BispectrumTables, i: i32, slots: usize, room: i32): i32 {
  const positions = system.positions, here = positions + ((i as usize) << 5);
  const x = load<f64>(here), y = load<f64>(here, 8), z = load<f64>(here, 16);
  const pairs = tables.pairs + ((load<i32>(here, 24) * tables.types) as usize) * PAIR_BYTES;
  const first = system.fullNeighbors + ((load<i32>(system.fullFirst + (i << 2)) as usize) << 2);
  const end = first + (load<i32>(system.fullCounts + (i << 2)) << 2);
  let count = 0;
  for (let channel = 0; channel < tables.channels; channel++) {
    const start = count;
    for (let entry = first; entry < end; entry += 4) {
      const j = load<i32>(entry);
      const there = positions + ((j as usize) << 5);
      const dx = load<f64>(there) - x, dy = load<f64>(there, 8) - y, dz = load<f64>(there, 16) - z;
      const pair = pairs + (load<i32>(there, 24) as usize) * PAIR_BYTES;
      if (dx * dx + dy * dy + dz * dz >= load<f64>(pair) || load<i32>(pair, PAIR_CHANNEL) != channel) continue;
      if (count >= room) return -1;
      placeNeighbor(slots, count++, dx, dy, dz, pair, j);
    }
    count = closeChannel(slots, start, count, channel);
  }
  return count;
}

/** Copies the coefficients of an atom's type into its lane. */
function loadTerms(parameters: SnapParameters, type: i32, lane: i32): void {
  const count = parameters.terms;
  let source = parameters.termCoefficients + ((type * count) << 3);
  let target = parameters.laneTerms + (lane << 3);
  for (let k = 0; k < count; k++, source += 8, target += 16) store<f64>(target, load<f64>(source));
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
function sumCouplings(parameters: SnapParameters): void {
  const couplings = parameters.couplings;
  const channelBytes = parameters.tables.halfCount << 5;
  let record = couplings.list;
  for (let t = 0; t < couplings.couplings; t++, record += COUPLING_BYTES) {
    const factor = v128.load(parameters.laneTerms + (t << 4));
    let z = couplings.coupled + load<i32>(record, COUPLING_Z);
    let y = parameters.adjoint + load<i32>(record, COUPLING_HALF) + load<i32>(record, COUPLING_CHANNEL) * channelBytes;
    const end = z + (load<i32>(record, COUPLING_COUNT) << 5);
    for (; z < end; z += 32, y += 32) {
      v128.store(y, f64x2.add(v128.load(y), f64x2.mul(factor, v128.load(z))));
      v128.store(y, f64x2.add(v128.load(y, 16), f64x2.mul(factor, v128.load(z, 16))), 16);
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

/** Y of one atom times w c, in both lanes, where the expansions have their elements. */
function spreadSeeds(parameters: SnapParameters, lane: i32): void {
  const tables = parameters.tables, count = tables.halfCount;
  for (let channel = 0; channel < tables.channels; channel++) {
    const adjoint = parameters.adjoint + ((channel * count) << 5) + (lane << 3);
    const seeds = parameters.seeds + (tables.expansionBytes as usize) * channel;
    let entry = tables.half;
    for (let k = 0; k < count; k++, entry += 24) {
      const y = adjoint + load<i32>(entry), target = seeds + load<i32>(entry, 4);
      const factor = v128.load_splat<f64>(entry, 16);
      v128.store(target, f64x2.mul(factor, v128.load_splat<f64>(y)));
      v128.store(target, f64x2.mul(factor, v128.load_splat<f64>(y, 16)), 16);
    }
  }
}

/** Adds the forces of one atom and its neighbors: the reverse of `expandNeighbors`. */
function pullBack(system: System, parameters: SnapParameters, i: i32, slots: usize, count: i32, expansions: usize): void {
  const tables = parameters.tables, twojmax = tables.twojmax, layers = tables.layers;
  const bytes = tables.expansionBytes as usize, forces = system.forces;
  const scratch = parameters.gradients, scratch2 = scratch + parameters.gradientBytes;
  let ownX: f64 = 0, ownY: f64 = 0, ownZ: f64 = 0;
  for (let n = 0; n < count; n++, slots += SLOT, expansions += bytes) {
    const dx = v128.load(slots, SLOT_X), dy = v128.load(slots, SLOT_Y), dz = v128.load(slots, SLOT_Z);
    const s = v128.load(slots, SLOT_SIN);
    const ar = v128.load(slots, SLOT_COS), ai = f64x2.neg(f64x2.mul(s, dz));
    const br = f64x2.mul(s, dy), bi = f64x2.neg(f64x2.mul(s, dx));
    const seeds = parameters.seeds + bytes * load<i32>(slots, SLOT_CHANNEL);
    let gAr = f64x2.splat(0), gAi = gAr, gBr = gAr, gBi = gAr;
    let upper = seeds + load<i32>(layers + (twojmax << 2));
    for (let j = twojmax; j >= 1; j--) {
      const place = load<i32>(layers + ((j - 1) << 2));
      let source = expansions + place, seed = seeds + place;
      const lower = j & 1 ? scratch : scratch2;
      let target = lower, g = upper;
      // The middle row of an even layer was made from a mirror image; its gradient goes to the mirrored element.
      const plain = (j >> 1) + (j & 1);
      for (let mb = 0; mb < plain; mb++) {
        let g0r = v128.load(g), g0i = v128.load(g, 16);
        const end = source + (j << 5);
        for (; source < end; source += 32, target += 32, seed += 32) {
          g += 32;
          const g1r = v128.load(g), g1i = v128.load(g, 16);
          const re = v128.load(source), im = v128.load(source, 16);
          v128.store(target, f64x2.add(f64x2.add(v128.load(seed), f64x2.sub(f64x2.mul(g0r, ar), f64x2.mul(g0i, ai))), f64x2.sub(f64x2.mul(g1i, bi), f64x2.mul(g1r, br))));
          v128.store(target, f64x2.sub(f64x2.add(v128.load(seed, 16), f64x2.add(f64x2.mul(g0r, ai), f64x2.mul(g0i, ar))), f64x2.add(f64x2.mul(g1r, bi), f64x2.mul(g1i, br))), 16);
          gAr = f64x2.add(gAr, f64x2.add(f64x2.mul(g0r, re), f64x2.mul(g0i, im)));
          gAi = f64x2.add(gAi, f64x2.sub(f64x2.mul(g0r, im), f64x2.mul(g0i, re)));
          gBr = f64x2.sub(gBr, f64x2.add(f64x2.mul(g1r, re), f64x2.mul(g1i, im)));
          gBi = f64x2.add(gBi, f64x2.sub(f64x2.mul(g1i, re), f64x2.mul(g1r, im)));
          g0r = g1r;
          g0i = g1i;
        }
        g += 32;
      }
      if (!(j & 1)) {
        let g0r = v128.load(g), g0i = v128.load(g, 16);
        let negative = ((j >> 1) + j) & 1;
        const end = source + (j << 5);
        for (target -= 32; source < end; source += 32, target -= 32) {
          g += 32;
          const g1r = v128.load(g), g1i = v128.load(g, 16);
          const re = v128.load(source), im = v128.load(source, 16);
          const tr = f64x2.add(f64x2.sub(f64x2.mul(g0r, ar), f64x2.mul(g0i, ai)), f64x2.sub(f64x2.mul(g1i, bi), f64x2.mul(g1r, br)));
          const ti = f64x2.sub(f64x2.add(f64x2.mul(g0r, ai), f64x2.mul(g0i, ar)), f64x2.add(f64x2.mul(g1r, bi), f64x2.mul(g1i, br)));
          v128.store(target, negative ? f64x2.sub(v128.load(target), tr) : f64x2.add(v128.load(target), tr));
          v128.store(target, negative ? f64x2.add(v128.load(target, 16), ti) : f64x2.sub(v128.load(target, 16), ti), 16);
          negative ^= 1;
          gAr = f64x2.add(gAr, f64x2.add(f64x2.mul(g0r, re), f64x2.mul(g0i, im)));
          gAi = f64x2.add(gAi, f64x2.sub(f64x2.mul(g0r, im), f64x2.mul(g0i, re)));
          gBr = f64x2.sub(gBr, f64x2.add(f64x2.mul(g1r, re), f64x2.mul(g1i, im)));
          gBi = f64x2.add(gBi, f64x2.sub(f64x2.mul(g1i, re), f64x2.mul(g1r, im)));
          g0r = g1r;
          g0i = g1i;
        }
      }
      upper = lower;
    }
    // Radial part over r, then the parts of a_i = -s z, b_r = s y, b_i = -s x along their own axis.
    let radial = f64x2.add(f64x2.mul(gAr, v128.load(slots, SLOT_DCOS)), f64x2.mul(v128.load(slots, SLOT_DFADE), v128.load(upper)));
    const twist = f64x2.sub(f64x2.mul(dy, gBr), f64x2.add(f64x2.mul(dz, gAi), f64x2.mul(dx, gBi)));
    radial = f64x2.mul(f64x2.add(radial, f64x2.mul(v128.load(slots, SLOT_DSIN), twist)), v128.load(slots, SLOT_RINV));
    const fx = f64x2.sub(f64x2.mul(radial, dx), f64x2.mul(s, gBi));
    const fy = f64x2.add(f64x2.mul(radial, dy), f64x2.mul(s, gBr));
    const fz = f64x2.sub(f64x2.mul(radial, dz), f64x2.mul(s, gAi));
    let there = forces + ((load<i32>(slots, SLOT_ATOM) as usize) << 5);
    let x = f64x2.extract_lane(fx, 0), y = f64x2.extract_lane(fy, 0), z = f64x2.extract_lane(fz, 0);
    ownX += x; ownY += y; ownZ += z;
    store<f64>(there, load<f64>(there) - x);
    store<f64>(there, load<f64>(there, 8) - y, 8);
    store<f64>(there, load<f64>(there, 16) - z, 16);
    const second = load<i32>(slots, SLOT_ATOM2);
    if (second < 0) continue;
    there = forces + ((second as usize) << 5);
    x = f64x2.extract_lane(fx, 1); y = f64x2.extract_lane(fy, 1); z = f64x2.extract_lane(fz, 1);
    ownX += x; ownY += y; ownZ += z;
    store<f64>(there, load<f64>(there) - x);
    store<f64>(there, load<f64>(there, 8) - y, 8);
    store<f64>(there, load<f64>(there, 16) - z, 16);
  }
  const here = forces + ((i as usize) << 5);
  store<f64>(here, load<f64>(here) + ownX);
  store<f64>(here, load<f64>(here, 8) + ownY, 8);
  store<f64>(here, load<f64>(here, 16) + ownZ, 16);
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
    const count0 = gather(system, tables, i, slots, room);
    const used = (count0 >> 1) as usize;
    const count1 = two && count0 >= 0 ? gather(system, tables, i + 1, slots + used * SLOT, room - count0) : 0;
    if (count0 < 0 || count1 < 0) {
      system.status |= Status.SHORT_LIST_FULL;
      return;
    }
    expandNeighbors(tables, slots, count0 >> 1, expansions);
    assembleDensity(tables, 0, channel0);
    if (two) {
      expandNeighbors(tables, slots + used * SLOT, count1 >> 1, expansions + used * bytes);
      assembleDensity(tables, 1, channel1);
    }
    if (!parameters.quadratic) {
      if (type0 != lane0) loadTerms(parameters, type0, 0);
      if (type1 != lane1) loadTerms(parameters, type1, 1);
      lane0 = type0;
      lane1 = type1;
    }
    memory.fill(parameters.adjoint, 0, adjointBytes);
    let energy = f64x2.splat(0);
    if (direct) contract(tables, parameters.laneTerms, parameters.adjoint);
    else {
      coupleLayers(tables, couplings, channel0, channel1);
      if (parameters.quadratic) energy = quadraticTerms(parameters, type0, type1);
      sumCouplings(parameters);
    }
    if (!parameters.quadratic) energy = cubicEnergy(parameters);
    const energies = system.energies + ((i as usize) << 3);
    store<f64>(energies, load<f64>(energies) + load<f64>(parameters.constants + (type0 << 3)) + f64x2.extract_lane(energy, 0));
    spreadSeeds(parameters, 0);
    pullBack(system, parameters, i, slots, count0 >> 1, expansions);
    if (two) {
      store<f64>(energies, load<f64>(energies, 8) + load<f64>(parameters.constants + (type1 << 3)) + f64x2.extract_lane(energy, 1), 8);
      spreadSeeds(parameters, 1);
      pullBack(system, parameters, i + 1, slots + used * SLOT, count1 >> 1, expansions + used * bytes);
    }
  }
}
