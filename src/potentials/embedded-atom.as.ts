import { Status, System } from "../engine/system.as";
import { addOwn, scatter, sum } from "./pair-rows.as";

/*
 * Two passes over a half list: densities, folded from ghosts to their owners and turned into slopes of the embedding
 * energy; then forces. A pass gathers the pairs inside the cutoff without branches and interpolates two at a time.
 * Parameters: embedded-atom-plan.ts. Scratch per atom: density and slope, 16 bytes.
 */

// Entries of the short list, 48 bytes: dx, dy, dz, r^2, i32 offset of the atom's record, i32 address of its table.
const R2: usize = 24;
const ATOM: usize = 32;
const TABLE: usize = 36;

/** Gathers the neighbors of an own atom inside the cutoff and pads them to an even number; -1 where there is no room. */
// @ts-ignore: decorator
@inline
function gather(system: System, parameters: usize, i: i32, shortList: usize, many: bool): i32 {
  const X = system.positions;
  const xp = X + (<usize>i << 5);
  const xi = load<f64>(xp);
  const yi = load<f64>(xp, 8);
  const zi = load<f64>(xp, 16);
  const cutoff2 = load<f64>(parameters, 16);
  const tableBytes = load<i32>(parameters, 4) * 96;
  const tables = load<usize>(parameters, 48);
  const row = tables + (many ? <usize>(load<i32>(xp, 24) * load<i32>(parameters) * tableBytes) : 0);
  let entry = system.halfNeighbors + (<usize>load<i32>(system.halfFirst + (<usize>i << 2)) << 2);
  const last = entry + (<usize>load<i32>(system.halfCounts + (<usize>i << 2)) << 2);
  const end = shortList + 48 * <usize>load<i32>(parameters, 12);
  let o = shortList;
  for (; entry < last; entry += 4) {
    const j = <usize>load<i32>(entry) << 5;
    const jp = X + j;
    const dx = load<f64>(jp) - xi;
    const dy = load<f64>(jp, 8) - yi;
    const dz = load<f64>(jp, 16) - zi;
    const r2 = dx * dx + dy * dy + dz * dz;
    store<f64>(o, dx);
    store<f64>(o, dy, 8);
    store<f64>(o, dz, 16);
    store<f64>(o, r2, R2);
    store<i32>(o, <i32>j, ATOM);
    store<i32>(o, <i32>(row + (many ? <usize>(load<i32>(jp, 24) * tableBytes) : 0)), TABLE);
    // The next entry overwrites this one unless it counts.
    o += r2 < cutoff2 ? 48 : 0;
    if (o + 96 > end) {
      system.status |= Status.SHORT_LIST_FULL;
      return -1;
    }
  }
  return <i32>((o - shortList) / 48);
}

// @ts-ignore: decorator
@inline
function cubic(p: v128, a: v128, b: v128, c: v128, d: v128): v128 {
  return f64x2.add(f64x2.mul(f64x2.add(f64x2.mul(f64x2.add(f64x2.mul(a, p), b), p), c), p), d);
}

// @ts-ignore: decorator
@inline
function slope(p: v128, a: v128, b: v128, c: v128): v128 {
  const three = f64x2.mul(f64x2.splat(3), f64x2.mul(a, p));
  return f64x2.add(f64x2.mul(f64x2.add(three, f64x2.add(b, b)), p), c);
}

/** One odd number of pairs: repeats the last one as a partner that must not be added. Returns the mask of lanes. */
// @ts-ignore: decorator
@inline
function lanes(k: i32, count: i32): v128 {
  return k + 1 < count ? i64x2.splat(-1) : i64x2(-1, 0);
}

// @ts-ignore: decorator
@inline
function densities(system: System, parameters: usize, begin: i32, end: i32, many: bool): bool {
  const radialScale = f64x2.splat(load<f64>(parameters, 24));
  const lastInterval = i32x4.splat(load<i32>(parameters, 4) - 2);
  const shortList = load<usize>(parameters, 56);
  const scratch = system.scratch;
  for (let i = begin; i < end; i++) {
    const count = gather(system, parameters, i, shortList, many);
    if (count < 0) return false;
    let density = f64x2.splat(0);
    for (let k = 0; k < count; k += 2) {
      const a = shortList + 48 * <usize>k;
      const b = k + 1 < count ? a + 48 : a;
      const r2 = v128.load_lane<f64>(b, v128.load_zero<f64>(a, R2), 1, R2);
      const x = f64x2.mul(f64x2.sqrt(r2), radialScale);
      const interval = i32x4.min_s(i32x4.trunc_sat_f64x2_s_zero(x), lastInterval);
      const p = f64x2.pmin(f64x2.sub(x, f64x2.convert_low_i32x4_s(interval)), f64x2.splat(1));
      const ta = load<usize>(a, TABLE) + 96 * <usize>i32x4.extract_lane(interval, 0);
      const tb = load<usize>(b, TABLE) + 96 * <usize>i32x4.extract_lane(interval, 1);
      const a0 = v128.load(ta);
      const a1 = v128.load(ta, 16);
      const b0 = v128.load(tb);
      const b1 = v128.load(tb, 16);
      const here = cubic(
        p,
        v128.shuffle<f64>(a0, b0, 0, 2),
        v128.shuffle<f64>(a0, b0, 1, 3),
        v128.shuffle<f64>(a1, b1, 0, 2),
        v128.shuffle<f64>(a1, b1, 1, 3),
      );
      const mask = lanes(k, count);
      density = f64x2.add(density, v128.and(here, mask));
      let there = here;
      if (many) {
        const c0 = v128.load(ta, 64);
        const c1 = v128.load(ta, 80);
        const d0 = v128.load(tb, 64);
        const d1 = v128.load(tb, 80);
        there = cubic(
          p,
          v128.shuffle<f64>(c0, d0, 0, 2),
          v128.shuffle<f64>(c0, d0, 1, 3),
          v128.shuffle<f64>(c1, d1, 0, 2),
          v128.shuffle<f64>(c1, d1, 1, 3),
        );
      }
      there = v128.and(there, mask);
      const sa = scratch + (<usize>load<i32>(a, ATOM) >> 1);
      store<f64>(sa, load<f64>(sa) + f64x2.extract_lane(there, 0));
      const sb = scratch + (<usize>load<i32>(b, ATOM) >> 1);
      store<f64>(sb, load<f64>(sb) + f64x2.extract_lane(there, 1));
    }
    const own = scratch + (<usize>i << 4);
    store<f64>(own, load<f64>(own) + sum(density));
  }
  return true;
}

/** Turns densities into embedding energies and their slopes. */
function embed(system: System, parameters: usize, begin: i32, end: i32): void {
  const count = load<i32>(parameters, 8);
  const scale = load<f64>(parameters, 32);
  const largest = load<f64>(parameters, 40);
  for (let i = begin; i < end; i++) {
    const own = system.scratch + (<usize>i << 4);
    const density = load<f64>(own);
    const x = density * scale;
    const interval = max(0, min(<i32>x, count - 2));
    const p = min(x - <f64>interval, 1);
    const type = load<i32>(system.positions + (<usize>i << 5), 24);
    const table = load<usize>(parameters, 52) + (<usize>(type * count + interval) << 5);
    const a = load<f64>(table);
    const b = load<f64>(table, 8);
    const c = load<f64>(table, 16);
    const slope = ((3 * a * p + 2 * b) * p + c) * scale;
    const beyond = density > largest ? slope * (density - largest) : 0;
    store<f64>(own, slope, 8);
    const energy = system.energies + (<usize>i << 3);
    store<f64>(energy, load<f64>(energy) + ((a * p + b) * p + c) * p + load<f64>(table, 24) + beyond);
  }
}

// @ts-ignore: decorator
@inline
function forces(system: System, parameters: usize, begin: i32, end: i32, many: bool): void {
  const radialScale = f64x2.splat(load<f64>(parameters, 24));
  const lastInterval = i32x4.splat(load<i32>(parameters, 4) - 2);
  const shortList = load<usize>(parameters, 56);
  const scratch = system.scratch;
  const F = system.forces;
  for (let i = begin; i < end; i++) {
    const count = gather(system, parameters, i, shortList, many);
    const slopeOwn = v128.load_splat<f64>(scratch + (<usize>i << 4), 8);
    let fx = f64x2.splat(0);
    let fy = fx;
    let fz = fx;
    let energy = fx;
    for (let k = 0; k < count; k += 2) {
      const a = shortList + 48 * <usize>k;
      const b = k + 1 < count ? a + 48 : a;
      const mask = lanes(k, count);
      const r = f64x2.sqrt(v128.load_lane<f64>(b, v128.load_zero<f64>(a, R2), 1, R2));
      const inverse = f64x2.div(f64x2.splat(1), r);
      const x = f64x2.mul(r, radialScale);
      const interval = i32x4.min_s(i32x4.trunc_sat_f64x2_s_zero(x), lastInterval);
      const p = f64x2.pmin(f64x2.sub(x, f64x2.convert_low_i32x4_s(interval)), f64x2.splat(1));
      const ta = load<usize>(a, TABLE) + 96 * <usize>i32x4.extract_lane(interval, 0);
      const tb = load<usize>(b, TABLE) + 96 * <usize>i32x4.extract_lane(interval, 1);
      const a0 = v128.load(ta);
      const b0 = v128.load(tb);
      const densitySlope = slope(
        p,
        v128.shuffle<f64>(a0, b0, 0, 2),
        v128.shuffle<f64>(a0, b0, 1, 3),
        v128.load_lane<f64>(tb, v128.load_zero<f64>(ta, 16), 1, 16),
      );
      let densitySlopeThere = densitySlope;
      if (many) {
        const c0 = v128.load(ta, 64);
        const d0 = v128.load(tb, 64);
        densitySlopeThere = slope(
          p,
          v128.shuffle<f64>(c0, d0, 0, 2),
          v128.shuffle<f64>(c0, d0, 1, 3),
          v128.load_lane<f64>(tb, v128.load_zero<f64>(ta, 80), 1, 80),
        );
      }
      const e0 = v128.load(ta, 32);
      const e1 = v128.load(ta, 48);
      const h0 = v128.load(tb, 32);
      const h1 = v128.load(tb, 48);
      const z3 = v128.shuffle<f64>(e0, h0, 0, 2);
      const z2 = v128.shuffle<f64>(e0, h0, 1, 3);
      const z1 = v128.shuffle<f64>(e1, h1, 0, 2);
      const phi = f64x2.mul(cubic(p, z3, z2, z1, v128.shuffle<f64>(e1, h1, 1, 3)), inverse);
      const pairSlope = f64x2.mul(f64x2.sub(f64x2.mul(slope(p, z3, z2, z1), radialScale), phi), inverse);
      const ja = <usize>load<i32>(a, ATOM);
      const jb = <usize>load<i32>(b, ATOM);
      const slopeThere = v128.load_lane<f64>(scratch + (jb >> 1), v128.load_zero<f64>(scratch + (ja >> 1), 8), 1, 8);
      const embedding = f64x2.add(f64x2.mul(slopeOwn, densitySlope), f64x2.mul(slopeThere, densitySlopeThere));
      const total = f64x2.add(f64x2.mul(embedding, radialScale), pairSlope);
      const g = v128.and(f64x2.mul(total, inverse), mask);
      const gx = f64x2.mul(g, v128.load_lane<f64>(b, v128.load_zero<f64>(a), 1));
      const gy = f64x2.mul(g, v128.load_lane<f64>(b, v128.load_zero<f64>(a, 8), 1, 8));
      const gz = f64x2.mul(g, v128.load_lane<f64>(b, v128.load_zero<f64>(a, 16), 1, 16));
      const e = v128.and(f64x2.mul(f64x2.splat(0.5), phi), mask);
      fx = f64x2.add(fx, gx);
      fy = f64x2.add(fy, gy);
      fz = f64x2.add(fz, gz);
      energy = f64x2.add(energy, e);
      scatter(F + ja, F + jb, gx, gy, gz, e);
    }
    addOwn(F + (<usize>i << 5), fx, fy, fz, energy);
  }
}

/** The passes need each other's whole result: one thread calls this for all atoms. */
export function embeddedAtom(system: System, parameters: usize, begin: i32, end: i32): void {
  const scratch = system.scratch;
  const own = system.ownCount;
  const all = system.allCount;
  const many = load<i32>(parameters) > 1;
  memory.fill(scratch, 0, <usize>all << 4);
  const enough = many
    ? densities(system, parameters, begin, end, true)
    : densities(system, parameters, begin, end, false);
  if (!enough) return;
  for (let ghost = own; ghost < all; ghost++) {
    const target = scratch + (<usize>load<i32>(system.positions + (<usize>ghost << 5), 28) << 4);
    store<f64>(target, load<f64>(target) + load<f64>(scratch + (<usize>ghost << 4)));
  }
  embed(system, parameters, begin, end);
  for (let ghost = own; ghost < all; ghost++) {
    const source = scratch + (<usize>load<i32>(system.positions + (<usize>ghost << 5), 28) << 4);
    store<f64>(scratch + (<usize>ghost << 4), load<f64>(source, 8), 8);
  }
  if (many) forces(system, parameters, begin, end, true);
  else forces(system, parameters, begin, end, false);
}
