/**
 * The bispectrum with f32x4: what bispectrum.as.ts does, for four neighbors at a time, two slots. Distances, angles and the
 * switching are in f64; the expansion and all that follows from it in f32.
 */
import { COUPLING_BYTES, COUPLING_COUNT, COUPLING_DENSITY, COUPLING_FIRST, COUPLING_Z, CouplingTables } from "./bispectrum-couplings.as";
import {
  BispectrumTables,
  contract,
  expandSlot,
  prepareSlot,
  SLOT,
  SLOT_ATOM,
  SLOT_ATOM2,
  SLOT_COS,
  SLOT_SIN,
  SLOT_WEIGHT,
  SLOT_X,
  SLOT_Y,
  SLOT_Z,
} from "./bispectrum.as";

/** Two vectors of f64 as one of f32. */
// @ts-ignore: decorator
@inline
export function toSingle(low: v128, high: v128): v128 {
  return v128.shuffle<f64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
}

/** Gives the last of an odd number of slots a weightless twin, so that they come in twos. Returns how many twos. */
export function closeFours(slots: usize, neighbors: i32): i32 {
  const count = neighbors >> 1;
  if (count & 1) {
    const slot = slots + (count as usize) * SLOT;
    memory.copy(slot, slot - SLOT, SLOT);
    v128.store(slot, f64x2.splat(0), SLOT_WEIGHT);
    store<i32>(slot, -1, SLOT_ATOM);
    store<i32>(slot, -1, SLOT_ATOM2);
  }
  return (count + 1) >> 1;
}

/** Expands the neighbors in `count` pairs of slots and sums them into `totals`, of one density. */
export function expandFours(tables: BispectrumTables, slots: usize, count: i32, expansions: usize): void {
  const totals = tables.totals, bytes = tables.expansionBytes as usize;
  memory.fill(totals, 0, bytes);
  for (let n = 0; n < count; n++, slots += 2 * SLOT, expansions += bytes) {
    const other = slots + SLOT;
    const value = toSingle(prepareSlot(tables, slots), prepareSlot(tables, other));
    const s0 = v128.load(slots, SLOT_SIN), s1 = v128.load(other, SLOT_SIN);
    const ar = toSingle(v128.load(slots, SLOT_COS), v128.load(other, SLOT_COS));
    const ai = f32x4.neg(toSingle(f64x2.mul(s0, v128.load(slots, SLOT_Z)), f64x2.mul(s1, v128.load(other, SLOT_Z))));
    const br = toSingle(f64x2.mul(s0, v128.load(slots, SLOT_Y)), f64x2.mul(s1, v128.load(other, SLOT_Y)));
    const bi = f32x4.neg(toSingle(f64x2.mul(s0, v128.load(slots, SLOT_X)), f64x2.mul(s1, v128.load(other, SLOT_X))));
    expandSlot<f32>(tables, expansions, totals, value, ar, ai, br, bi);
  }
}

/** The upper two lanes as f64. */
// @ts-ignore: decorator
@inline
export function promoteHigh(vector: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f64>(vector, vector, 1, 1));
}

/** Z of all couplings of one density, and B of four atoms: f64 sums of products of f32. */
export function coupleFours(tables: BispectrumTables, couplings: CouplingTables): void {
  memory.fill(couplings.coupled, 0, couplings.coupledBytes);
  contract<f32>(tables, couplings.ones, couplings.coupled);
  let direct = couplings.direct, isolated = couplings.isolated, value = couplings.values;
  for (let k = 0; k < couplings.components; k++, direct += 16, isolated += 8, value += 32) {
    const record = couplings.list + (load<i32>(direct) as usize) * COUPLING_BYTES;
    let z = couplings.coupled + load<i32>(record, COUPLING_Z);
    let u = tables.density + load<i32>(record, COUPLING_DENSITY);
    let weight = tables.weights + (load<i32>(record, COUPLING_FIRST) << 3);
    const end = z + (load<i32>(record, COUPLING_COUNT) << 5);
    let low = f64x2.splat(0), high = low;
    for (; z < end; z += 32, u += 32, weight += 8) {
      const product = f32x4.add(f32x4.mul(v128.load(z), v128.load(u)), f32x4.mul(v128.load(z, 16), v128.load(u, 16)));
      const factor = v128.load_splat<f64>(weight);
      low = f64x2.add(low, f64x2.mul(factor, f64x2.promote_low_f32x4(product)));
      high = f64x2.add(high, f64x2.mul(factor, promoteHigh(product)));
    }
    const norm = v128.load_splat<f64>(direct, 8), alone = v128.load_splat<f64>(isolated);
    v128.store(value, f64x2.sub(f64x2.mul(low, norm), alone));
    v128.store(value, f64x2.sub(f64x2.mul(high, norm), alone), 16);
  }
}
