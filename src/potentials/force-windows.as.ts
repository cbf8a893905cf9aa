/**
 * Where partitions add forces: each has its own window, so that none waits for another and the order of sums does not
 * depend on who runs what. A window covers the records that the lists of the partition lead to: a range of own atoms, one
 * of the ghosts that half lists may hold, one of the other ghosts. It is addressed as base + 32 index like an array of all
 * atoms, so that kernels know nothing of it; all windows lie in one region, with the ranges of one in the gaps of others.
 * With one partition the window is the array of forces itself.
 */
import { System } from "../engine/system.as";
import { firstOf, partitionCount, partitionOf, runJob } from "../engine/team.as";
import { FULL_LIST, HALF_LIST, Neighborhood } from "../neighbors/neighborhood.as";

/** Three ranges low <= index < high of atoms that one partition touches, and where index 0 stands in the region. */
@unmanaged
export class Window {
  low: i32;
  high: i32;
  firstLow: i32;
  firstHigh: i32;
  secondLow: i32;
  secondHigh: i32;
  shift: i32;
}

const WINDOW_BYTES: usize = 32;
const WINDOWS: usize = memory.data(2048, 16);
/** [partitions + 1] i32 first entry of each partition in the order of ghosts by owner. */
const GHOST_FIRST: usize = memory.data(272, 16);

// @ts-ignore: decorator
@inline
export function windowOf(partition: i32): Window {
  return changetype<Window>(WINDOWS + <usize>partition * WINDOW_BYTES);
}

/** True where an atom stands in a window. */
// @ts-ignore: decorator
@inline
export function holdsGhost(window: Window, ghost: i32): bool {
  return (ghost >= window.firstLow && ghost < window.firstHigh) || (ghost >= window.secondLow && ghost < window.secondHigh);
}

/** Lowest and highest index in lanes; starts from impossible ones. */
let low: v128 = i32x4.splat(0);
let high: v128 = i32x4.splat(0);

/** Widens low and high by the entries from <= j < to of a row; four at a time, what stands behind the row is masked. */
// @ts-ignore: decorator
@inline
function scan(row: usize, count: i32, from: i32, to: i32): void {
  const a = i32x4.splat(from), b = i32x4.splat(to);
  for (let k = 0; k < count; k += 4, row += 16) {
    const j = v128.load(row);
    const here = v128.and(
      v128.and(i32x4.ge_s(j, a), i32x4.lt_s(j, b)),
      i32x4.lt_s(i32x4.add(i32x4.splat(k), i32x4(0, 1, 2, 3)), i32x4.splat(count)),
    );
    low = i32x4.min_s(low, v128.bitselect(j, i32x4.splat(i32.MAX_VALUE), here));
    high = i32x4.max_s(high, v128.bitselect(j, i32x4.splat(-1), here));
  }
}

/** Scans the rows of atoms begin <= i < end for entries from <= j < to. */
function scanRows(hood: Neighborhood, begin: i32, end: i32, from: i32, to: i32): void {
  const system = hood.system;
  low = i32x4.splat(i32.MAX_VALUE);
  high = i32x4.splat(-1);
  for (let i = begin; i < end; i++) {
    const place = <usize>i << 2;
    if (hood.lists & FULL_LIST)
      scan(system.fullNeighbors + (<usize>load<i32>(system.fullFirst + place) << 2), load<i32>(system.fullCounts + place), from, to);
    if (hood.lists & HALF_LIST)
      scan(system.halfNeighbors + (<usize>load<i32>(system.halfFirst + place) << 2), load<i32>(system.halfCounts + place), from, to);
  }
}

function lowest(): i32 {
  return min(min(i32x4.extract_lane(low, 0), i32x4.extract_lane(low, 1)), min(i32x4.extract_lane(low, 2), i32x4.extract_lane(low, 3)));
}

function highest(): i32 {
  return max(max(i32x4.extract_lane(high, 0), i32x4.extract_lane(high, 1)), max(i32x4.extract_lane(high, 2), i32x4.extract_lane(high, 3)));
}

function measureWindow(argument: usize, partition: i32): void {
  const hood = changetype<Neighborhood>(argument);
  const system = hood.system, own = system.ownCount;
  const window = windowOf(partition);
  const begin = firstOf(own, partition), end = firstOf(own, partition + 1);
  scanRows(hood, begin, end, 0, own);
  window.low = min(begin, lowest());
  window.high = max(end, highest() + 1);
  scanRows(hood, begin, end, own, hood.halfEnd);
  window.firstHigh = max(own, highest() + 1);
  window.firstLow = min(window.firstHigh, lowest());
  scanRows(hood, begin, end, hood.halfEnd, system.allCount);
  window.secondHigh = max(hood.halfEnd, highest() + 1);
  window.secondLow = min(window.secondHigh, lowest());
}

/** How far a range must move on to clear another; 0 where they do not meet. */
// @ts-ignore: decorator
@inline
function clash(low: i32, high: i32, otherLow: i32, otherHigh: i32): i32 {
  return low < otherHigh && otherLow < high ? otherHigh - low : 0;
}

/** The shift of a window at which it meets none of those before it, by first fit. `dummy` belongs to every window. */
function placeWindow(partition: i32, dummy: i32): void {
  const window = windowOf(partition);
  let shift = 0;
  for (let p = 0; p < partition; ) {
    const other = windowOf(p), s = other.shift;
    let move = 0;
    for (let k = 0; k < 4; k++) {
      const from = shift + (k == 0 ? window.low : k == 1 ? window.firstLow : k == 2 ? window.secondLow : dummy);
      const to = shift + (k == 0 ? window.high : k == 1 ? window.firstHigh : k == 2 ? window.secondHigh : dummy + 1);
      move = max(move, clash(from, to, s + other.low, s + other.high));
      move = max(move, clash(from, to, s + other.firstLow, s + other.firstHigh));
      move = max(move, clash(from, to, s + other.secondLow, s + other.secondHigh));
      move = max(move, clash(from, to, s + dummy, s + dummy + 1));
    }
    shift += move;
    p = move > 0 ? 0 : p + 1;
  }
  window.shift = shift;
}

/** Lists ghosts by the partition of their owners, in their own order within each. */
function sortGhosts(system: System, order: usize): void {
  const own = system.ownCount, partitions = partitionCount();
  memory.fill(GHOST_FIRST, 0, <usize>(partitions + 1) << 2);
  for (let g = own; g < system.allCount; g++) {
    const slot = GHOST_FIRST + (<usize>partitionOf(own, load<i32>(system.positions + (<usize>g << 5), 28)) << 2);
    store<i32>(slot, load<i32>(slot, 4) + 1, 4);
  }
  for (let p: usize = 0; p < <usize>partitions; p++) {
    const slot = GHOST_FIRST + (p << 2);
    store<i32>(slot, load<i32>(slot, 4) + load<i32>(slot), 4);
  }
  // Ends of the partitions, filled from the back: the firsts are left behind.
  for (let g = system.allCount - 1; g >= own; g--) {
    const slot = GHOST_FIRST + (<usize>partitionOf(own, load<i32>(system.positions + (<usize>g << 5), 28)) << 2);
    const place = load<i32>(slot, 4) - 1;
    store<i32>(slot, place, 4);
    store<i32>(order + (<usize>place << 2), g);
  }
  // Entry p + 1 now holds the first of partition p.
  memory.copy(GHOST_FIRST, GHOST_FIRST + 4, <usize>partitions << 2);
  store<i32>(GHOST_FIRST + (<usize>partitions << 2), system.allCount - own);
}

/** First entry of a partition in the order of ghosts by owner. */
// @ts-ignore: decorator
@inline
export function firstGhostOf(partition: i32): i32 {
  return load<i32>(GHOST_FIRST + (<usize>partition << 2));
}

/** Fits the windows to the present lists, and sorts ghosts by owner; returns the records that a region must hold. */
export function fitWindows(hood: Neighborhood, ghostOrder: usize): i32 {
  const system = hood.system, dummy = system.dummy;
  const partitions = partitionCount();
  sortGhosts(system, ghostOrder);
  if (partitions == 1) {
    const window = windowOf(0);
    window.low = 0;
    window.high = system.ownCount;
    window.firstLow = system.ownCount;
    window.firstHigh = window.secondLow = hood.halfEnd;
    window.secondHigh = system.allCount;
    window.shift = 0;
    return dummy + 1;
  }
  runJob(measureWindow, changetype<usize>(hood));
  let wanted = 0;
  for (let p = 0; p < partitions; p++) {
    placeWindow(p, dummy);
    wanted = max(wanted, windowOf(p).shift + dummy + 1);
  }
  return wanted;
}

/** Zeroes the records of a partition in a region of records of `size` bytes. */
export function clearWindow(region: usize, partition: i32, size: usize): void {
  const window = windowOf(partition);
  const base = region + <usize>window.shift * size;
  memory.fill(base + <usize>window.low * size, 0, <usize>(window.high - window.low) * size);
  memory.fill(base + <usize>window.firstLow * size, 0, <usize>(window.firstHigh - window.firstLow) * size);
  memory.fill(base + <usize>window.secondLow * size, 0, <usize>(window.secondHigh - window.secondLow) * size);
}

/** The end of the stretch of own atoms from i on that the same windows cover. */
function stretchEnd(i: i32, end: i32): i32 {
  for (let p = 0; p < partitionCount(); p++) {
    const window = windowOf(p);
    if (i < window.low) end = min(end, window.low);
    else if (i < window.high) end = min(end, window.high);
  }
  return end;
}

/** target = sum over the windows, in the order of partitions, of the force records of own atoms begin <= i < end. */
export function gatherForces(region: usize, target: usize, begin: i32, end: i32): void {
  for (let i = begin; i < end; ) {
    const stop = stretchEnd(i, end);
    const bytes = <usize>(stop - i) << 5;
    const out = target + (<usize>i << 5);
    let first = true;
    for (let p = 0; p < partitionCount(); p++) {
      const window = windowOf(p);
      if (i < window.low || i >= window.high) continue;
      const source = region + (<usize>(window.shift + i) << 5);
      if (first) memory.copy(out, source, bytes);
      else
        for (let o: usize = 0; o < bytes; o += 16)
          v128.store(out + o, f64x2.add(v128.load(out + o), v128.load(source + o)));
      first = false;
    }
    i = stop;
  }
}

/** Likewise for a region of f64, one number per atom. */
export function gatherNumbers(region: usize, target: usize, begin: i32, end: i32): void {
  for (let i = begin; i < end; ) {
    const stop = stretchEnd(i, end);
    let first = true;
    for (let p = 0; p < partitionCount(); p++) {
      const window = windowOf(p);
      if (i < window.low || i >= window.high) continue;
      const source = region + (<usize>window.shift << 3);
      for (let k = i; k < stop; k++) {
        const out = target + (<usize>k << 3), value = load<f64>(source + (<usize>k << 3));
        store<f64>(out, first ? value : load<f64>(out) + value);
      }
      first = false;
    }
    i = stop;
  }
}

/** The sum over the windows of the number of one ghost. */
export function ghostNumber(region: usize, ghost: i32): f64 {
  let sum: f64 = 0;
  for (let p = 0; p < partitionCount(); p++) {
    const window = windowOf(p);
    if (holdsGhost(window, ghost)) sum += load<f64>(region + (<usize>(window.shift + ghost) << 3));
  }
  return sum;
}
