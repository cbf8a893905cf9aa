import { Status, System } from "../engine/system.as";
import { addOwn, closer, gatherX, gatherY, gatherZ, scatter, sum } from "./pair-rows.as";

/*
 * Three passes over a half list: densities, gathered from all partitions and ghosts; embedding energies and their slopes,
 * spread to ghosts; forces. A pass gathers the pairs inside the cutoff without branches and interpolates two at a time.
 * Parameters: embedded-atom-plan.ts. Scratch: for each own atom the short list of the first pass, 256 bytes: the number of
 * neighbors, and from byte 16 up to KEPT of them with their padding.
 */

const KEPT: i32 = 59;

/** The parts of a record of the radial tables: density at i from j, r phi, and density at j from i (several species). */
const PAIR: usize = 32;
const BACK: usize = 64;

// @ts-ignore: decorator
@inline
function recordBytes(many: bool): usize {
  return many ? 96 : 64;
}

/** Address of the radial tables of an atom's pairs. */
// @ts-ignore: decorator
@inline
function tablesOf(parameters: usize, atom: usize, many: bool): usize {
  const tables = load<usize>(parameters, 48);
  if (!many) return tables;
  return tables + <usize>(load<i32>(atom, 24) * load<i32>(parameters) * load<i32>(parameters, 4)) * recordBytes(many);
}

/** Address of the record of an interval of the tables of a pair. */
// @ts-ignore: decorator
@inline
function recordOf(tables: usize, parameters: usize, neighbor: usize, interval: i32, many: bool): usize {
  const index = many ? load<i32>(neighbor, 24) * load<i32>(parameters, 4) + interval : interval;
  return tables + <usize>index * recordBytes(many);
}

/** Address of what the first pass keeps of an own atom's short list. */
// @ts-ignore: decorator
@inline
function keptOf(system: System, i: i32): usize {
  return system.scratch + (<usize>i << 8);
}

/** Gathers the neighbors inside the cutoff; -1 where there is no room. */
// @ts-ignore: decorator
@inline
function gather(system: System, parameters: usize, i: i32, cutoff2: v128): i32 {
  if (load<i32>(system.halfCounts + (<usize>i << 2)) + 2 > load<i32>(parameters, 12)) {
    system.status |= Status.SHORT_LIST_FULL;
    return -1;
  }
  const list = load<usize>(parameters, 56);
  return closer(system, i, system.halfFirst, system.halfNeighbors, system.halfCounts, cutoff2, list);
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

/** The cubic of two records at an offset. */
// @ts-ignore: decorator
@inline
function value(p: v128, a: usize, b: usize, offset: usize): v128 {
  const a0 = v128.load(a + offset);
  const a1 = v128.load(a + offset, 16);
  const b0 = v128.load(b + offset);
  const b1 = v128.load(b + offset, 16);
  return cubic(
    p,
    v128.shuffle<f64>(a0, b0, 0, 2),
    v128.shuffle<f64>(a0, b0, 1, 3),
    v128.shuffle<f64>(a1, b1, 0, 2),
    v128.shuffle<f64>(a1, b1, 1, 3),
  );
}

/** The slope of the cubic of two records at an offset, per interval. */
// @ts-ignore: decorator
@inline
function slopeOf(p: v128, a: usize, b: usize, offset: usize): v128 {
  const a0 = v128.load(a + offset);
  const b0 = v128.load(b + offset);
  return slope(
    p,
    v128.shuffle<f64>(a0, b0, 0, 2),
    v128.shuffle<f64>(a0, b0, 1, 3),
    v128.load_lane<f64>(b + offset, v128.load_zero<f64>(a + offset, 16), 1, 16),
  );
}

// @ts-ignore: decorator
@inline
function densities(system: System, parameters: usize, begin: i32, end: i32, many: bool): void {
  const cutoff2 = v128.load_splat<f64>(parameters, 16);
  const radialScale = v128.load_splat<f64>(parameters, 24);
  const lastInterval = i32x4.splat(load<i32>(parameters, 4) - 2);
  const list = load<usize>(parameters, 56);
  const X = system.positions;
  const partials = system.partials;
  for (let i = begin; i < end; i++) {
    const count = gather(system, parameters, i, cutoff2);
    if (count < 0) return;
    const kept = keptOf(system, i);
    store<i32>(kept, count);
    if (count <= KEPT) for (let o: usize = 0; o <= <usize>count << 2; o += 16) v128.store(kept + o, v128.load(list + o), 16);
    const xp = X + (<usize>i << 5);
    const tables = tablesOf(parameters, xp, many);
    const xi = v128.load_splat<f64>(xp);
    const yi = v128.load_splat<f64>(xp, 8);
    const zi = v128.load_splat<f64>(xp, 16);
    let density = f64x2.splat(0);
    const last = list + (<usize>count << 2);
    for (let entry = list; entry < last; entry += 8) {
      const j = <usize>load<i32>(entry);
      const k = <usize>load<i32>(entry, 4);
      const a = X + j;
      const b = X + k;
      const dx = f64x2.sub(gatherX(a, b), xi);
      const dy = f64x2.sub(gatherY(a, b), yi);
      const dz = f64x2.sub(gatherZ(a, b), zi);
      const r2 = f64x2.add(f64x2.add(f64x2.mul(dx, dx), f64x2.mul(dy, dy)), f64x2.mul(dz, dz));
      const inside = f64x2.lt(r2, cutoff2);
      const x = f64x2.mul(f64x2.sqrt(r2), radialScale);
      const interval = i32x4.min_s(i32x4.trunc_sat_f64x2_s_zero(x), lastInterval);
      const p = f64x2.pmin(f64x2.sub(x, f64x2.convert_low_i32x4_s(interval)), f64x2.splat(1));
      const ta = recordOf(tables, parameters, a, i32x4.extract_lane(interval, 0), many);
      const tb = recordOf(tables, parameters, b, i32x4.extract_lane(interval, 1), many);
      const here = v128.and(value(p, ta, tb, 0), inside);
      const there = many ? v128.and(value(p, ta, tb, BACK), inside) : here;
      density = f64x2.add(density, here);
      const sa = partials + (j >> 2);
      store<f64>(sa, load<f64>(sa) + f64x2.extract_lane(there, 0));
      const sb = partials + (k >> 2);
      store<f64>(sb, load<f64>(sb) + f64x2.extract_lane(there, 1));
    }
    const own = partials + (<usize>i << 3);
    store<f64>(own, load<f64>(own) + sum(density));
  }
}

/** Turns densities into embedding energies and their slopes. */
function embed(system: System, parameters: usize, begin: i32, end: i32): void {
  const count = load<i32>(parameters, 8);
  const scale = load<f64>(parameters, 32);
  const largest = load<f64>(parameters, 40);
  for (let i = begin; i < end; i++) {
    const own = system.numbers + (<usize>i << 3);
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
    store<f64>(own, slope);
    const energy = system.energies + (<usize>i << 3);
    store<f64>(energy, load<f64>(energy) + ((a * p + b) * p + c) * p + load<f64>(table, 24) + beyond);
  }
}

// @ts-ignore: decorator
@inline
function forces(system: System, parameters: usize, begin: i32, end: i32, many: bool): void {
  const cutoff2 = v128.load_splat<f64>(parameters, 16);
  const radialScale = v128.load_splat<f64>(parameters, 24);
  const lastInterval = i32x4.splat(load<i32>(parameters, 4) - 2);
  const X = system.positions;
  const F = system.forces;
  const slopes = system.numbers;
  for (let i = begin; i < end; i++) {
    const kept = keptOf(system, i);
    const count = load<i32>(kept);
    let list = kept + 16;
    if (count > KEPT) {
      gather(system, parameters, i, cutoff2);
      list = load<usize>(parameters, 56);
    }
    const xp = X + (<usize>i << 5);
    const tables = tablesOf(parameters, xp, many);
    const xi = v128.load_splat<f64>(xp);
    const yi = v128.load_splat<f64>(xp, 8);
    const zi = v128.load_splat<f64>(xp, 16);
    const slopeOwn = v128.load_splat<f64>(slopes + (<usize>i << 3));
    let fx = f64x2.splat(0);
    let fy = fx;
    let fz = fx;
    let energy = fx;
    const last = list + (<usize>count << 2);
    for (let entry = list; entry < last; entry += 8) {
      const j = <usize>load<i32>(entry);
      const k = <usize>load<i32>(entry, 4);
      const a = X + j;
      const b = X + k;
      const dx = f64x2.sub(gatherX(a, b), xi);
      const dy = f64x2.sub(gatherY(a, b), yi);
      const dz = f64x2.sub(gatherZ(a, b), zi);
      const r2 = f64x2.add(f64x2.add(f64x2.mul(dx, dx), f64x2.mul(dy, dy)), f64x2.mul(dz, dz));
      const inside = f64x2.lt(r2, cutoff2);
      const r = f64x2.sqrt(r2);
      const inverse = f64x2.div(f64x2.splat(1), r);
      const x = f64x2.mul(r, radialScale);
      const interval = i32x4.min_s(i32x4.trunc_sat_f64x2_s_zero(x), lastInterval);
      const p = f64x2.pmin(f64x2.sub(x, f64x2.convert_low_i32x4_s(interval)), f64x2.splat(1));
      const ta = recordOf(tables, parameters, a, i32x4.extract_lane(interval, 0), many);
      const tb = recordOf(tables, parameters, b, i32x4.extract_lane(interval, 1), many);
      const densitySlope = slopeOf(p, ta, tb, 0);
      const densitySlopeThere = many ? slopeOf(p, ta, tb, BACK) : densitySlope;
      const phi = f64x2.mul(value(p, ta, tb, PAIR), inverse);
      const pairSlope = f64x2.mul(f64x2.sub(f64x2.mul(slopeOf(p, ta, tb, PAIR), radialScale), phi), inverse);
      const slopeThere = v128.load_lane<f64>(slopes + (k >> 2), v128.load_zero<f64>(slopes + (j >> 2)), 1);
      const embedding = f64x2.add(f64x2.mul(slopeOwn, densitySlope), f64x2.mul(slopeThere, densitySlopeThere));
      const total = f64x2.add(f64x2.mul(embedding, radialScale), pairSlope);
      const g = v128.and(f64x2.mul(total, inverse), inside);
      const gx = f64x2.mul(g, dx);
      const gy = f64x2.mul(g, dy);
      const gz = f64x2.mul(g, dz);
      const e = v128.and(f64x2.mul(f64x2.splat(0.5), phi), inside);
      fx = f64x2.add(fx, gx);
      fy = f64x2.add(fy, gy);
      fz = f64x2.add(fz, gz);
      energy = f64x2.add(energy, e);
      scatter(F + j, F + k, gx, gy, gz, e);
    }
    addOwn(F + (<usize>i << 5), fx, fy, fz, energy);
  }
}

export function embeddedAtom(system: System, parameters: usize, begin: i32, end: i32, pass: i32): void {
  const many = load<i32>(parameters) > 1;
  if (pass == 0) {
    if (many) densities(system, parameters, begin, end, true);
    else densities(system, parameters, begin, end, false);
  } else if (pass == 1) embed(system, parameters, begin, end);
  else if (many) forces(system, parameters, begin, end, true);
  else forces(system, parameters, begin, end, false);
}
