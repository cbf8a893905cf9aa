/**
 * Where partitions add forces: each has its own window, so that none waits for another and the order of sums does not
 * depend on who runs what. A window covers the records that the lists of the partition lead to: a range of own atoms, one
 * of the ghosts that half lists may hold, one of the other ghosts. It is addressed as base + 32 index like an array of all
 * atoms, so that kernels know nothing of it; all windows lie in one region, with the ranges of one in the gaps of others.
 * With one partition the window is the array of forces itself.
 */
import { firstOf, partitionCount, runJob } from "../engine/team.as";
import { FULL_LIST, Neighborhood } from "../neighbors/neighborhood.as";
import { firstAtomOfPlane, planeOf, PLANES_AROUND } from "../neighbors/partitions.as";

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

/** First and last of the ghosts from <= g < to that stand in planes low to high; from the outside, so that it is soon done. */
// @ts-ignore: decorator
@inline
function firstIn(hood: Neighborhood, from: i32, to: i32, low: i32, high: i32): i32 {
  for (; from < to; from++) {
    const plane = planeOf(hood, from);
    if (plane >= low && plane <= high) break;
  }
  return from;
}
// @ts-ignore: decorator
@inline
function endIn(hood: Neighborhood, from: i32, to: i32, low: i32, high: i32): i32 {
  for (; to > from; to--) {
    const plane = planeOf(hood, to - 1);
    if (plane >= low && plane <= high) break;
  }
  return to;
}

/** Whatever a partition touches stands in its planes of bins or in those around. */
function measureWindow(argument: usize, partition: i32): void {
  const hood = changetype<Neighborhood>(argument);
  const system = hood.system, own = system.ownCount;
  const window = windowOf(partition);
  const begin = firstOf(own, partition), end = firstOf(own, partition + 1);
  window.low = begin;
  window.high = end;
  window.firstLow = window.firstHigh = own;
  window.secondLow = window.secondHigh = hood.halfEnd;
  if (begin == end) return;
  const low = planeOf(hood, begin) - PLANES_AROUND, high = planeOf(hood, end - 1) + PLANES_AROUND;
  // A half list leads to later own atoms only.
  if (hood.lists & FULL_LIST) window.low = firstAtomOfPlane(hood, low);
  window.high = firstAtomOfPlane(hood, high + 1);
  window.firstLow = firstIn(hood, own, hood.halfEnd, low, high);
  window.firstHigh = endIn(hood, window.firstLow, hood.halfEnd, low, high);
  window.secondLow = firstIn(hood, hood.halfEnd, system.allCount, low, high);
  window.secondHigh = endIn(hood, window.secondLow, system.allCount, low, high);
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

/** Fits the windows to the present lists; returns the records that a region must hold. */
export function fitWindows(hood: Neighborhood): i32 {
  const system = hood.system, dummy = system.dummy;
  const partitions = partitionCount();
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

/** Zeroes the records of a partition in a region of records of `size` bytes, those of ghosts where asked for. */
export function clearWindow(region: usize, partition: i32, size: usize, ghosts: bool): void {
  const window = windowOf(partition);
  const base = region + <usize>window.shift * size;
  memory.fill(base + <usize>window.low * size, 0, <usize>(window.high - window.low) * size);
  if (!ghosts) return;
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
