import { Status, System } from "../engine/system.as";
import { addOwnForce, closerSquares, gatherX, gatherY, gatherZ, scatterForces, sum } from "./pair-rows.as";

/*
 * Three passes: densities, gathered from all partitions and ghosts; embedding energies and their slopes, spread to ghosts;
 * forces. The first gathers the pairs of a half list that are inside the cutoff without branches, interpolates both tables
 * two pairs at a time and keeps of each pair what the last needs: with the slopes F' of the embedding energies,
 *   -force / r = F'_i rho'_j / r + F'_j rho'_i / r + phi' / r.
 * It does so in short loops one after the other, whose chains of operations overlap, where one long loop would wait.
 * Parameters: embedded-atom-plan.ts. Scratch of a partition: i32 number of pairs of each atom, then the pairs atom by atom,
 * two by two: i32 offsets of their records, and as two f64 each rho'/r at i, phi'/r and, with several species, rho'/r at j.
 * Where there is no more room, the last pass interpolates again.
 */

const SLOPE: usize = 16;
const PAIR_SLOPE: usize = 32;
const SLOPE_BACK: usize = 48;

// Rows of what is known of the short list, in bytes behind its offsets: 1024 of i32, then of f64.
const SQUARE: usize = 4096;
const INVERSE: usize = 12288;
const FRACTION: usize = 20480;
/** i32. */
const INTERVAL: usize = 28672;

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

// @ts-ignore: decorator
@inline
function keptBytes(many: bool): usize {
  return many ? 64 : 48;
}

/** Where the pairs of a partition start, and its scratch ends. */
// @ts-ignore: decorator
@inline
function pairsOf(system: System, begin: i32, end: i32, many: bool): usize {
  return scratchOf(system, begin, many) + ((<usize>(end - begin) * 4 + 15) & ~15);
}
// @ts-ignore: decorator
@inline
function scratchOf(system: System, i: i32, many: bool): usize {
  return system.scratch + <usize>i * (16 + 20 * keptBytes(many));
}

/** Gathers the neighbors inside the cutoff and their squared distances; -1 where there is no room. */
// @ts-ignore: decorator
@inline
function gather(system: System, parameters: usize, i: i32, cutoff2: v128): i32 {
  if (load<i32>(system.halfCounts + (<usize>i << 2)) + 2 > load<i32>(parameters, 12)) {
    system.status |= Status.SHORT_LIST_FULL;
    return -1;
  }
  const list = load<usize>(parameters, 56);
  return closerSquares(system, i, cutoff2, list, list + SQUARE);
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

/** Finds the interval of each pair of the short list, how far into it, and 1/r; 0 for the padding. */
// @ts-ignore: decorator
@inline
function locate(parameters: usize, count: i32, cutoff2: v128): void {
  const list = load<usize>(parameters, 56);
  const radialScale = v128.load_splat<f64>(parameters, 24);
  const lastInterval = i32x4.splat(load<i32>(parameters, 4) - 2);
  const one = f64x2.splat(1);
  for (let k: usize = 0; k < <usize>count << 3; k += 16) {
    const r2 = v128.load(list + k, SQUARE);
    const r = f64x2.sqrt(r2);
    v128.store(list + k, v128.and(f64x2.div(one, r), f64x2.lt(r2, cutoff2)), INVERSE);
    const x = f64x2.mul(r, radialScale);
    const interval = i32x4.min_s(i32x4.trunc_sat_f64x2_s_zero(x), lastInterval);
    v128.store(list + k, f64x2.pmin(f64x2.sub(x, f64x2.convert_low_i32x4_s(interval)), one), FRACTION);
    v128.store64_lane(list + (k >> 1), interval, 0, INTERVAL);
  }
}

/**
 * Interpolates the pairs of the short list, two at a time, and writes what the last pass needs to `kept`. In the first
 * pass (`adds`) densities and, where wanted, energies are added.
 */
// @ts-ignore: decorator
@inline
function interpolate(
  system: System, parameters: usize, i: i32, count: i32, kept: usize, many: bool, adds: bool, energies: bool,
): void {
  const radialScale = v128.load_splat<f64>(parameters, 24);
  const list = load<usize>(parameters, 56);
  const X = system.positions;
  const F = system.forces;
  const partials = system.partials;
  const tables = tablesOf(parameters, X + (<usize>i << 5), many);
  const zero = f64x2.splat(0);
  let density = zero, energy = zero;
  for (let n: usize = 0; n < <usize>count << 2; n += 8, kept += keptBytes(many)) {
    const entry = list + n, known = list + (n << 1);
    const j = <usize>load<i32>(entry);
    const k = <usize>load<i32>(entry, 4);
    const ta = recordOf(tables, parameters, X + j, load<i32>(entry, INTERVAL), many);
    const tb = recordOf(tables, parameters, X + k, load<i32>(entry, INTERVAL + 4), many);
    const p = v128.load(known, FRACTION), inverse = v128.load(known, INVERSE);
    const scaled = f64x2.mul(inverse, radialScale);
    const phi = f64x2.mul(value(p, ta, tb, PAIR), inverse);
    const pull = f64x2.sub(f64x2.mul(slopeOf(p, ta, tb, PAIR), scaled), f64x2.mul(phi, inverse));
    v128.store64_lane(kept, v128.load64_zero(entry), 0);
    v128.store(kept, f64x2.mul(slopeOf(p, ta, tb, 0), scaled), SLOPE);
    v128.store(kept, f64x2.mul(pull, inverse), PAIR_SLOPE);
    if (many) v128.store(kept, f64x2.mul(slopeOf(p, ta, tb, BACK), scaled), SLOPE_BACK);
    if (!adds) continue;
    const inside = f64x2.ne(inverse, zero);
    const here = v128.and(value(p, ta, tb, 0), inside);
    const there = many ? v128.and(value(p, ta, tb, BACK), inside) : here;
    density = f64x2.add(density, here);
    const sa = partials + (j >> 2);
    store<f64>(sa, load<f64>(sa) + f64x2.extract_lane(there, 0));
    const sb = partials + (k >> 2);
    store<f64>(sb, load<f64>(sb) + f64x2.extract_lane(there, 1));
    if (!energies) continue;
    const e = f64x2.mul(f64x2.splat(0.5), phi);
    energy = f64x2.add(energy, e);
    store<f64>(F + j, load<f64>(F + j, 24) + f64x2.extract_lane(e, 0), 24);
    store<f64>(F + k, load<f64>(F + k, 24) + f64x2.extract_lane(e, 1), 24);
  }
  if (!adds) return;
  const own = partials + (<usize>i << 3);
  store<f64>(own, load<f64>(own) + sum(density));
  const f = F + (<usize>i << 5);
  if (energies) store<f64>(f, load<f64>(f, 24) + sum(energy), 24);
}

// @ts-ignore: decorator
@inline
function densities(system: System, parameters: usize, begin: i32, end: i32, many: bool, energies: bool): void {
  const cutoff2 = v128.load_splat<f64>(parameters, 16);
  const limit = scratchOf(system, end, many);
  let counts = scratchOf(system, begin, many), kept = pairsOf(system, begin, end, many);
  for (let i = begin; i < end; i++, counts += 4) {
    const count = gather(system, parameters, i, cutoff2);
    if (count < 0) return;
    store<i32>(counts, count);
    locate(parameters, count, cutoff2);
    const bytes = <usize>((count + 1) >> 1) * keptBytes(many);
    const fits = kept + bytes <= limit;
    interpolate(system, parameters, i, count, fits ? kept : load<usize>(parameters, 60), many, true, energies);
    if (fits) kept += bytes;
  }
}

/** Interpolates a row again that scratch had no room for. */
function repeat(system: System, parameters: usize, i: i32, many: bool): usize {
  const kept = load<usize>(parameters, 60);
  const cutoff2 = v128.load_splat<f64>(parameters, 16);
  const count = gather(system, parameters, i, cutoff2);
  locate(parameters, count, cutoff2);
  if (many) interpolate(system, parameters, i, count, kept, true, false, false);
  else interpolate(system, parameters, i, count, kept, false, false, false);
  return kept;
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
    store<f64>(own, slope);
    if (!system.wantsEnergies) continue;
    const beyond = density > largest ? slope * (density - largest) : 0;
    const energy = system.energies + (<usize>i << 3);
    store<f64>(energy, load<f64>(energy) + ((a * p + b) * p + c) * p + load<f64>(table, 24) + beyond);
  }
}

// @ts-ignore: decorator
@inline
function forces(system: System, parameters: usize, begin: i32, end: i32, many: bool): void {
  const X = system.positions;
  const F = system.forces;
  const slopes = system.numbers;
  const limit = scratchOf(system, end, many);
  let counts = scratchOf(system, begin, many), next = pairsOf(system, begin, end, many);
  for (let i = begin; i < end; i++, counts += 4) {
    const bytes = <usize>((load<i32>(counts) + 1) >> 1) * keptBytes(many);
    const fits = next + bytes <= limit;
    let kept = fits ? next : repeat(system, parameters, i, many);
    if (fits) next += bytes;
    const xp = X + (<usize>i << 5);
    const xi = v128.load_splat<f64>(xp);
    const yi = v128.load_splat<f64>(xp, 8);
    const zi = v128.load_splat<f64>(xp, 16);
    const slopeHere = v128.load_splat<f64>(slopes + (<usize>i << 3));
    let fx = f64x2.splat(0);
    let fy = fx;
    let fz = fx;
    const last = kept + bytes;
    for (; kept < last; kept += keptBytes(many)) {
      const j = <usize>load<i32>(kept);
      const k = <usize>load<i32>(kept, 4);
      const a = X + j;
      const b = X + k;
      const dx = f64x2.sub(gatherX(a, b), xi);
      const dy = f64x2.sub(gatherY(a, b), yi);
      const dz = f64x2.sub(gatherZ(a, b), zi);
      const slopeThere = v128.load_lane<f64>(slopes + (k >> 2), v128.load_zero<f64>(slopes + (j >> 2)), 1);
      const embedding = many
        ? f64x2.add(f64x2.mul(slopeHere, v128.load(kept, SLOPE)), f64x2.mul(slopeThere, v128.load(kept, SLOPE_BACK)))
        : f64x2.mul(f64x2.add(slopeHere, slopeThere), v128.load(kept, SLOPE));
      const g = f64x2.add(embedding, v128.load(kept, PAIR_SLOPE));
      const gx = f64x2.mul(g, dx);
      const gy = f64x2.mul(g, dy);
      const gz = f64x2.mul(g, dz);
      fx = f64x2.add(fx, gx);
      fy = f64x2.add(fy, gy);
      fz = f64x2.add(fz, gz);
      scatterForces(F + j, F + k, gx, gy, gz);
    }
    addOwnForce(F + (<usize>i << 5), fx, fy, fz);
  }
}

export function embeddedAtom(system: System, parameters: usize, begin: i32, end: i32, pass: i32): void {
  const many = load<i32>(parameters) > 1;
  if (pass == 0) {
    if (system.wantsEnergies) {
      if (many) densities(system, parameters, begin, end, true, true);
      else densities(system, parameters, begin, end, false, true);
    } else if (many) densities(system, parameters, begin, end, true, false);
    else densities(system, parameters, begin, end, false, false);
  } else if (pass == 1) embed(system, parameters, begin, end);
  else if (many) forces(system, parameters, begin, end, true);
  else forces(system, parameters, begin, end, false);
}
