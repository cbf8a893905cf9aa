/**
 * Cartesian bins over the own atoms and a reach around them: in rows, rows in planes, planes along the longest axis.
 * Short along rows, so that a run of bins fits the sphere around an atom; half a reach across.
 */
import { Neighborhood } from "./neighborhood.as";

const BINS_ALONG: f64 = 8;
const BINS_ACROSS: f64 = 2;
/** Own atoms are seen this much farther than the reach, A, against rounding at the edges of bins. */
const HAIR: f64 = 1e-6;
/** One axis is longer than another if it is by this factor: where all are the same, noise does not decide. */
const LONGER: f64 = 1.01;

@unmanaged
class Grid {
  /** Along rows, across rows within a plane, across planes. */
  count0: i32;
  count1: i32;
  count2: i32;
  /** Byte offsets of these coordinates in a record. */
  axis0: usize;
  axis1: usize;
  axis2: usize;
  low0: f64;
  low1: f64;
  low2: f64;
  high0: f64;
  high1: f64;
  high2: f64;
  size0: f64;
  size1: f64;
  size2: f64;
  scale0: f64;
  scale1: f64;
  scale2: f64;
}

export const grid = changetype<Grid>(memory.data(160, 16));

/** Bounds of the own atoms, [3] f64 each. */
export const LOWEST_PLACE: usize = memory.data(24, 16);
export const HIGHEST_PLACE: usize = memory.data(24, 16);

/** How far a neighbor is looked for. */
// @ts-ignore: decorator
@inline
export function farthest(hood: Neighborhood): f64 {
  return hood.cutoff + hood.skin + HAIR;
}

/** Bins along a length, at least as wide as wished. */
// @ts-ignore: decorator
@inline
function binsAlong(length: f64, size: f64): i32 {
  return max(1, <i32>Math.min(1e6, Math.floor(length / size)));
}

// @ts-ignore: decorator
@inline
function extent(axis: usize): f64 {
  return load<f64>(HIGHEST_PLACE + axis) - load<f64>(LOWEST_PLACE + axis);
}

function chooseAxes(): void {
  let slow: usize = 16;
  if (extent(8) > LONGER * extent(slow)) slow = 8;
  if (extent(0) > LONGER * extent(slow)) slow = 0;
  grid.axis2 = slow;
  grid.axis0 = slow == 0 ? 8 : 0;
  grid.axis1 = 24 - grid.axis0 - slow;
}

/** Chooses the grid for the bounds of the own atoms; a sparse system gets wider bins, so that the tables stay small. */
export function chooseGrid(hood: Neighborhood): void {
  chooseAxes();
  const far = farthest(hood);
  const around = hood.periodic ? far : 0;
  const a0 = grid.axis0, a1 = grid.axis1, a2 = grid.axis2;
  grid.low0 = load<f64>(LOWEST_PLACE + a0) - around; grid.high0 = load<f64>(HIGHEST_PLACE + a0) + around;
  grid.low1 = load<f64>(LOWEST_PLACE + a1) - around; grid.high1 = load<f64>(HIGHEST_PLACE + a1) + around;
  grid.low2 = load<f64>(LOWEST_PLACE + a2) - around; grid.high2 = load<f64>(HIGHEST_PLACE + a2) + around;
  const l0 = grid.high0 - grid.low0, l1 = grid.high1 - grid.low1, l2 = grid.high2 - grid.low2;
  let wish = far;
  let n0 = 0, n1 = 0, n2 = 0;
  for (; ; wish *= 1.3) {
    n0 = binsAlong(l0, wish / BINS_ALONG);
    n1 = binsAlong(l1, wish / BINS_ACROSS);
    n2 = binsAlong(l2, wish / BINS_ACROSS);
    if (<f64>n0 * <f64>n1 * <f64>n2 <= <f64>hood.binCapacity) break;
  }
  grid.count0 = n0; grid.count1 = n1; grid.count2 = n2;
  grid.size0 = Math.max(l0 / <f64>n0, 1e-3); grid.scale0 = 1 / grid.size0;
  grid.size1 = Math.max(l1 / <f64>n1, 1e-3); grid.scale1 = 1 / grid.size1;
  grid.size2 = Math.max(l2 / <f64>n2, 1e-3); grid.scale2 = 1 / grid.size2;
}

// @ts-ignore: decorator
@inline
function binAlong(x: f64, low: f64, scale: f64, count: i32): i32 {
  return max(0, min(count - 1, <i32>((x - low) * scale)));
}

/** The bin of a place x, y, z. */
// @ts-ignore: decorator
@inline
export function binOf(p: usize): i32 {
  const b0 = binAlong(load<f64>(p + grid.axis0), grid.low0, grid.scale0, grid.count0);
  const b1 = binAlong(load<f64>(p + grid.axis1), grid.low1, grid.scale1, grid.count1);
  const b2 = binAlong(load<f64>(p + grid.axis2), grid.low2, grid.scale2, grid.count2);
  return (b2 * grid.count1 + b1) * grid.count0 + b0;
}

/** Whether a place is within reach of the own atoms at all. */
// @ts-ignore: decorator
@inline
export function insideGrid(p: usize): bool {
  const x0 = load<f64>(p + grid.axis0), x1 = load<f64>(p + grid.axis1), x2 = load<f64>(p + grid.axis2);
  return (
    x0 >= grid.low0 && x0 <= grid.high0 && x1 >= grid.low1 && x1 <= grid.high1 && x2 >= grid.low2 && x2 <= grid.high2
  );
}

// A table of bins is made in three steps: atoms are counted, counts become ends, and places are taken from the back, which
// leaves the first entry of each bin behind and the total after the last.

export function clearTable(table: usize): void {
  memory.fill(table, 0, <usize>(grid.count0 * grid.count1 * grid.count2 + 1) << 2);
}

// @ts-ignore: decorator
@inline
export function countIn(table: usize, bin: i32): void {
  const slot = table + (<usize>bin << 2);
  store<i32>(slot, load<i32>(slot) + 1);
}

export function endBins(table: usize): void {
  const last = table + (<usize>(grid.count0 * grid.count1 * grid.count2) << 2);
  let sum = 0;
  for (let slot = table; slot <= last; slot += 4) {
    sum += load<i32>(slot);
    store<i32>(slot, sum);
  }
}

// @ts-ignore: decorator
@inline
export function takePlace(table: usize, bin: i32): i32 {
  const slot = table + (<usize>bin << 2);
  const place = load<i32>(slot) - 1;
  store<i32>(slot, place);
  return place;
}
