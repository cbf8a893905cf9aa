/**
 * Components of every atom and what they add to a linear fit: energy, force and stress rows. Derivatives go forward:
 * the expansion of a neighbor is differentiated along x, y and z, and meets Z of every coupling.
 */
import { Status, System } from "../engine/system.as";
import {
  appendMirrorRow,
  assembleDensity,
  BispectrumTables,
  expandNeighbors,
  SLOT,
  SLOT_ATOM,
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
} from "./bispectrum.as";
import {
  COUPLING_BYTES,
  COUPLING_CHANNEL,
  COUPLING_COUNT,
  COUPLING_FIRST,
  COUPLING_FRESH,
  COUPLING_USES,
  COUPLING_Z,
  coupleLayers,
  CouplingTables,
} from "./bispectrum-couplings.as";
import { gatherNeighbors } from "./gather-neighbors.as";

/** What the session (bispectrum-wasm.ts) packs; its twin is `DESIGN_PARAMETERS` there. */
@unmanaged
export class DesignParameters {
  tables: BispectrumTables;
  couplings: CouplingTables;
  quadratic: i32;
  /** Numbers per atom; columns of a row; whether force and stress rows are wanted. */
  length: i32;
  columns: i32;
  slopes: i32;
  /** [types] i32 column where the block of an element starts. */
  columnOfType: usize;
  /** Scratch: three expansions; [3 x components] vectors; [3 x components] and [6 x components] vectors; [components] f64 twice. */
  directions: usize;
  gradient: usize;
  ownGradient: usize;
  strain: usize;
  components: usize;
  change: usize;
  /** Results: [own x length]; [columns]; [3 own x columns]; [6 x columns], times the volume. All f64, zeroed by the caller. */
  values: usize;
  energy: usize;
  forces: usize;
  stress: usize;
}

/** The expansion of a slot differentiated along one axis. */
function differentiate(tables: BispectrumTables, slot: usize, expansion: usize, axis: i32, target0: usize): void {
  const twojmax = tables.twojmax, layers = tables.layers;
  const zero = f64x2.splat(0);
  const dx = v128.load(slot, SLOT_X), dy = v128.load(slot, SLOT_Y), dz = v128.load(slot, SLOT_Z), s = v128.load(slot, SLOT_SIN);
  const direction = f64x2.mul(axis == 0 ? dx : axis == 1 ? dy : dz, v128.load(slot, SLOT_RINV));
  const slope = f64x2.mul(v128.load(slot, SLOT_DSIN), direction);
  const ar = v128.load(slot, SLOT_COS), ai = f64x2.neg(f64x2.mul(s, dz));
  const br = f64x2.mul(s, dy), bi = f64x2.neg(f64x2.mul(s, dx));
  const dar = f64x2.mul(v128.load(slot, SLOT_DCOS), direction);
  const dai = f64x2.neg(f64x2.add(f64x2.mul(slope, dz), axis == 2 ? s : zero));
  const dbr = f64x2.add(f64x2.mul(slope, dy), axis == 1 ? s : zero);
  const dbi = f64x2.neg(f64x2.add(f64x2.mul(slope, dx), axis == 0 ? s : zero));
  v128.store(target0, f64x2.mul(v128.load(slot, SLOT_DFADE), direction));
  v128.store(target0, zero, 16);
  for (let j = 1; j <= twojmax; j++) {
    const below = load<i32>(layers + ((j - 1) << 2));
    let u = expansion + below, du = target0 + below;
    let target = target0 + load<i32>(layers + (j << 2));
    const rows = (j >> 1) + 1;
    for (let mb = 0; mb < rows; mb++) {
      let carryRe = zero, carryIm = zero;
      const end = u + (j << 5);
      for (; u < end; u += 32, du += 32, target += 32) {
        const ur = v128.load(u), ui = v128.load(u, 16), dr = v128.load(du), di = v128.load(du, 16);
        v128.store(target, f64x2.add(carryRe, f64x2.add(
          f64x2.add(f64x2.mul(ar, dr), f64x2.mul(ai, di)),
          f64x2.add(f64x2.mul(dar, ur), f64x2.mul(dai, ui)),
        )));
        v128.store(target, f64x2.add(carryIm, f64x2.add(
          f64x2.sub(f64x2.mul(ar, di), f64x2.mul(ai, dr)),
          f64x2.sub(f64x2.mul(dar, ui), f64x2.mul(dai, ur)),
        )), 16);
        carryRe = f64x2.neg(f64x2.add(
          f64x2.add(f64x2.mul(br, dr), f64x2.mul(bi, di)),
          f64x2.add(f64x2.mul(dbr, ur), f64x2.mul(dbi, ui)),
        ));
        carryIm = f64x2.add(
          f64x2.sub(f64x2.mul(bi, dr), f64x2.mul(br, di)),
          f64x2.sub(f64x2.mul(dbi, ur), f64x2.mul(dbr, ui)),
        );
      }
      v128.store(target, carryRe);
      v128.store(target, carryIm, 16);
      target += 32;
    }
    if (j & 1 && j < twojmax) appendMirrorRow<f64>(target, j);
  }
}

/** Multiplies every Z by w c, so that it meets expansions without square roots. */
function weightCoupled(tables: BispectrumTables, couplings: CouplingTables): void {
  let record = couplings.list;
  for (let t = 0; t < couplings.couplings; t++, record += COUPLING_BYTES) {
    if (!load<i32>(record, COUPLING_FRESH)) continue;
    let z = couplings.coupled + load<i32>(record, COUPLING_Z);
    let half = tables.half + load<i32>(record, COUPLING_FIRST) * 24;
    const end = z + (load<i32>(record, COUPLING_COUNT) << 5);
    for (; z < end; z += 32, half += 24) {
      const factor = v128.load_splat<f64>(half, 16);
      v128.store(z, f64x2.mul(factor, v128.load(z)));
      v128.store(z, f64x2.mul(factor, v128.load(z, 16)), 16);
    }
  }
}

/** Gradients of all components with respect to the two neighbors of a slot, for the atom of one lane. */
function componentGradients(design: DesignParameters, slot: usize, expansion: usize, lane: i32): void {
  const tables = design.tables, couplings = design.couplings, gradient = design.gradient;
  const stride = (couplings.components as usize) << 4, expansionBytes = tables.expansionBytes as usize;
  const channel = load<i32>(slot, SLOT_CHANNEL), channelMask = tables.channels - 1;
  memory.fill(gradient, 0, 3 * stride);
  for (let axis = 0; axis < 3; axis++) differentiate(tables, slot, expansion, axis, design.directions + (axis as usize) * expansionBytes);
  let record = couplings.list, use = couplings.uses;
  const last = record + (couplings.couplings as usize) * COUPLING_BYTES;
  while (record < last) {
    const uses = load<i32>(record, COUPLING_USES);
    if (channelMask && load<i32>(record, COUPLING_CHANNEL) != channel) {
      record += COUPLING_BYTES;
      use += uses << 4;
      continue;
    }
    // Half layers and expansions have their elements in the same order: the mirror rows come last.
    const first = load<i32>(record, COUPLING_FIRST);
    const layer = load<i32>(tables.half + first * 24, 4);
    let d = design.directions + layer;
    const end = d + (load<i32>(record, COUPLING_COUNT) << 5);
    let z = couplings.coupled + load<i32>(record, COUPLING_Z) + (lane << 3);
    record += COUPLING_BYTES;
    const paired = record < last && load<i32>(record, COUPLING_FIRST) == first && load<i32>(record, COUPLING_CHANNEL) == load<i32>(record - COUPLING_BYTES, COUPLING_CHANNEL);
    let x = f64x2.splat(0), y = x, w = x;
    if (!paired) {
      for (; d < end; d += 32, z += 32) {
        const re = v128.load_splat<f64>(z), im = v128.load_splat<f64>(z, 16);
        const e = d + expansionBytes, f = e + expansionBytes;
        x = f64x2.add(x, f64x2.add(f64x2.mul(re, v128.load(d)), f64x2.mul(im, v128.load(d, 16))));
        y = f64x2.add(y, f64x2.add(f64x2.mul(re, v128.load(e)), f64x2.mul(im, v128.load(e, 16))));
        w = f64x2.add(w, f64x2.add(f64x2.mul(re, v128.load(f)), f64x2.mul(im, v128.load(f, 16))));
      }
      use = addUses(gradient, stride, use, uses, x, y, w);
      continue;
    }
    let z2 = couplings.coupled + load<i32>(record, COUPLING_Z) + (lane << 3);
    let x2 = x, y2 = x, w2 = x;
    for (; d < end; d += 32, z += 32, z2 += 32) {
      const re = v128.load_splat<f64>(z), im = v128.load_splat<f64>(z, 16);
      const re2 = v128.load_splat<f64>(z2), im2 = v128.load_splat<f64>(z2, 16);
      const e = d + expansionBytes, f = e + expansionBytes;
      let dr = v128.load(d), di = v128.load(d, 16);
      x = f64x2.add(x, f64x2.add(f64x2.mul(re, dr), f64x2.mul(im, di)));
      x2 = f64x2.add(x2, f64x2.add(f64x2.mul(re2, dr), f64x2.mul(im2, di)));
      dr = v128.load(e);
      di = v128.load(e, 16);
      y = f64x2.add(y, f64x2.add(f64x2.mul(re, dr), f64x2.mul(im, di)));
      y2 = f64x2.add(y2, f64x2.add(f64x2.mul(re2, dr), f64x2.mul(im2, di)));
      dr = v128.load(f);
      di = v128.load(f, 16);
      w = f64x2.add(w, f64x2.add(f64x2.mul(re, dr), f64x2.mul(im, di)));
      w2 = f64x2.add(w2, f64x2.add(f64x2.mul(re2, dr), f64x2.mul(im2, di)));
    }
    use = addUses(gradient, stride, use, uses, x, y, w);
    use = addUses(gradient, stride, use, load<i32>(record, COUPLING_USES), x2, y2, w2);
    record += COUPLING_BYTES;
  }
}

/** Adds what one coupling says to the gradients of the components that use it; returns the next use. */
function addUses(gradient: usize, stride: usize, use: usize, count: i32, x: v128, y: v128, z: v128): usize {
  for (; count > 0; count--, use += 16) {
    const weight = v128.load_splat<f64>(use, 8);
    const gx = gradient + (load<i32>(use) << 4), gy = gx + stride, gz = gy + stride;
    v128.store(gx, f64x2.add(v128.load(gx), f64x2.mul(weight, x)));
    v128.store(gy, f64x2.add(v128.load(gy), f64x2.mul(weight, y)));
    v128.store(gz, f64x2.add(v128.load(gz), f64x2.mul(weight, z)));
  }
  return use;
}

/** Adds `change`, a change of the components, and with quadraticflag that of their products, to a row. */
function addChange(design: DesignParameters, row: usize): void {
  const count = design.couplings.components, change = design.change, components = design.components;
  for (let k = 0; k < count; k++) store<f64>(row + (k << 3), load<f64>(row + (k << 3)) + load<f64>(change + (k << 3)));
  if (!design.quadratic) return;
  row += count << 3;
  for (let k = 0; k < count; k++) {
    const value = load<f64>(components + (k << 3)), slope = load<f64>(change + (k << 3));
    store<f64>(row, load<f64>(row) + value * slope);
    row += 8;
    for (let l = k + 1; l < count; l++, row += 8)
      store<f64>(row, load<f64>(row) + value * load<f64>(change + (l << 3)) + slope * load<f64>(components + (l << 3)));
  }
}

/** Adds sign times lane 0, lane 1 or (2) both lanes of a gradient to a row. */
function addGradient(design: DesignParameters, row: usize, gradient: usize, lane: i32, sign: f64): void {
  const count = design.couplings.components, change = design.change;
  for (let k = 0; k < count; k++) {
    const g = gradient + (k << 4);
    store<f64>(change + (k << 3), sign * (lane == 2 ? load<f64>(g) + load<f64>(g, 8) : load<f64>(g + (lane << 3))));
  }
  addChange(design, row);
}

/** target += factor times source, [components] vectors. */
// @ts-ignore: decorator
@inline
function accumulate(target: usize, source: usize, factor: v128, bytes: usize): void {
  for (let k: usize = 0; k < bytes; k += 16)
    v128.store(target + k, f64x2.add(v128.load(target + k), f64x2.mul(factor, v128.load(source + k))));
}

/** Force and stress rows of one atom, the derivatives of its components by its neighbors. */
function addSlopes(system: System, design: DesignParameters, i: i32, slot: usize, count: i32, expansion: usize, lane: i32, column: usize): void {
  const stride = (design.couplings.components as usize) << 4, bytes = design.tables.expansionBytes as usize;
  const rowBytes = (design.columns as usize) << 3, forces = design.forces + column;
  const gradient = design.gradient, own = design.ownGradient, strain = design.strain;
  const one = f64x2.splat(1);
  memory.fill(own, 0, 3 * stride);
  memory.fill(strain, 0, 6 * stride);
  for (let n = 0; n < count; n++, slot += SLOT, expansion += bytes) {
    componentGradients(design, slot, expansion, lane);
    const x = v128.load(slot, SLOT_X), y = v128.load(slot, SLOT_Y), z = v128.load(slot, SLOT_Z);
    accumulate(own, gradient, one, 3 * stride);
    accumulate(strain, gradient, x, stride);
    accumulate(strain + stride, gradient + stride, y, stride);
    accumulate(strain + 2 * stride, gradient + 2 * stride, z, stride);
    accumulate(strain + 3 * stride, gradient + 2 * stride, y, stride);
    accumulate(strain + 4 * stride, gradient + 2 * stride, x, stride);
    accumulate(strain + 5 * stride, gradient + stride, x, stride);
    for (let k = 0; k < 2; k++) {
      const atom = load<i32>(slot + (k << 3), SLOT_ATOM);
      if (atom < 0) continue;
      const owner = load<i32>(system.positions + ((atom as usize) << 5), 28);
      for (let axis = 0; axis < 3; axis++)
        addGradient(design, forces + ((3 * owner + axis) as usize) * rowBytes, gradient + (axis as usize) * stride, k, -1);
    }
  }
  for (let axis = 0; axis < 3; axis++)
    addGradient(design, forces + ((3 * i + axis) as usize) * rowBytes, own + (axis as usize) * stride, 2, 1);
  for (let voigt = 0; voigt < 6; voigt++)
    addGradient(design, design.stress + column + (voigt as usize) * rowBytes, strain + (voigt as usize) * stride, 2, 1);
}

/** Components of one atom: its row of `values`, and its part of the energy row. */
function addValues(design: DesignParameters, i: i32, lane: i32, column: usize): void {
  const count = design.couplings.components;
  for (let k = 0; k < count; k++)
    store<f64>(design.components + (k << 3), load<f64>(design.couplings.values + (k << 4) + (lane << 3)));
  const values = design.values + ((i * design.length) << 3);
  let place = values;
  for (let k = 0; k < count; k++, place += 8) store<f64>(place, load<f64>(design.components + (k << 3)));
  if (design.quadratic)
    for (let k = 0; k < count; k++)
      for (let l = k; l < count; l++, place += 8)
        store<f64>(place, load<f64>(values + (k << 3)) * load<f64>(values + (l << 3)) * (k == l ? 0.5 : 1));
  const energy = design.energy + column;
  store<f64>(energy - 8, load<f64>(energy - 8) + 1);
  for (let k = 0; k < design.length; k++)
    store<f64>(energy + (k << 3), load<f64>(energy + (k << 3)) + load<f64>(values + (k << 3)));
}

/** Fills the results of DesignParameters for all own atoms, two at a time. */
export function bispectrumDesign(system: System, design: DesignParameters): void {
  const tables = design.tables, couplings = design.couplings;
  const slots = tables.slots, expansions = tables.expansions, bytes = tables.expansionBytes as usize;
  const room = tables.slotCapacity << 1, end = system.ownCount;
  for (let i = 0; i < end; i += 2) {
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
    coupleLayers(tables, couplings, channel0, channel1);
    if (design.slopes) weightCoupled(tables, couplings);
    // Past the constant, the first column of an element.
    const column0 = (load<i32>(design.columnOfType + (type0 << 2)) + 1) << 3;
    addValues(design, i, 0, column0);
    if (design.slopes) addSlopes(system, design, i, slots, count0 >> 1, expansions, 0, column0);
    if (!two) continue;
    const column1 = (load<i32>(design.columnOfType + (type1 << 2)) + 1) << 3;
    addValues(design, i + 1, 1, column1);
    if (design.slopes) addSlopes(system, design, i + 1, slots + used * SLOT, count1 >> 1, expansions + used * bytes, 1, column1);
  }
}
