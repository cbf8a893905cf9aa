/**
 * The neighbor list in linear time. Own atoms are sorted into bins (sort-atoms.as.ts), ghosts are told by bin; an atom
 * looks through rows of bins, each a run of consecutive atoms, four at a time in f32. A list may hold pairs a little
 * farther apart than asked for, never fewer: every kernel has its own cutoff.
 */
import { Status, System } from "../engine/system.as";
import { firstOf, MOST_PARTITIONS, partitionCount, runJob, shareOf } from "../engine/team.as";
import { isInner, makeGhosts, wrapAtoms } from "./ghosts.as";
import { farthest, grid, takePlace } from "./grid.as";
import { FULL_LIST, HALF_LIST, Neighborhood } from "./neighborhood.as";
import { sortAtoms } from "./sort-atoms.as";

/** Moves the lanes of the set bits of the index to the front: 16 patterns for i8x16.swizzle. */
const FRONT: usize = memory.data(256, 16);
/** Bytes of `Stencil.rows`: 25 rows of two i32. */
const MOST_ROWS: i32 = 25;

/** Rows of bins around a row: first bin of the row and how many bins to look to either side. */
@unmanaged
class Stencil {
  /** The row that this is about; rows from `later` on come after it. */
  row: i32;
  count: i32;
  later: i32;
  own: i32;
}

/** One of 256 bytes for each partition. */
const STENCILS: usize = memory.data(16384, 64);

/**
 * Each partition fills a segment of the list of its own: [partitions + 1] f64 for either kind of list, where segments end
 * as shares of the room. Equal at first; partitions that run out of room get more of it.
 */
// @ts-ignore: decorator
@inline
function segmentsOf(hood: Neighborhood, half: bool): usize {
  return hood.segments + (half ? <usize>(MOST_PARTITIONS + 1) << 3 : 0);
}

/** First entry of a partition's segment, a multiple of 4. */
function segmentFirst(hood: Neighborhood, half: bool, partition: i32): i32 {
  const capacity = half ? hood.halfCapacity : hood.fullCapacity;
  return <i32>(<f64>capacity * load<f64>(segmentsOf(hood, half) + (<usize>partition << 3))) & ~3;
}

/** Divides the room by the entries that partitions want, the i32 in their shares; returns how many all want together. */
function divideRoom(hood: Neighborhood, half: bool): f64 {
  let total: f64 = 0;
  for (let p = 0; p < partitionCount(); p++) total += <f64>load<i32>(shareOf(p));
  let sum: f64 = 0;
  for (let p = 0; p < partitionCount(); p++) {
    sum += <f64>load<i32>(shareOf(p));
    store<f64>(segmentsOf(hood, half) + (<usize>(p + 1) << 3), p + 1 < partitionCount() ? sum / total : 1);
  }
  return total;
}

function fillFront(): void {
  if (load<u8>(FRONT + 255) == 15) return;
  for (let bits: usize = 0; bits < 16; bits++) {
    let out = FRONT + (bits << 4);
    for (let lane: usize = 0; lane < 4; lane++)
      if (bits & ((<usize>1) << lane)) {
        for (let byte: usize = 0; byte < 4; byte++) store<u8>(out + byte, <u8>(4 * lane + byte));
        out += 4;
      }
  }
}

/** Writes the coordinates of an atom into the columns. */
// @ts-ignore: decorator
@inline
function fillColumn(hood: Neighborhood, atom: i32, place: i32): usize {
  const column = hood.columnBytes;
  const p = hood.system.positions + (<usize>atom << 5);
  const to = hood.workspace + (<usize>place << 2);
  store<f32>(to, <f32>(load<f64>(p + grid.axis0) - grid.low0));
  store<f32>(to + column, <f32>(load<f64>(p + grid.axis1) - grid.low1));
  store<f32>(to + 2 * column, <f32>(load<f64>(p + grid.axis2) - grid.low2));
  return to + 3 * column;
}

/** Own atoms in the columns as they stand; their places are kept, to measure how far they move. */
function fillOwnColumns(argument: usize, partition: i32): void {
  const hood = changetype<Neighborhood>(argument), own = hood.system.ownCount;
  const begin = firstOf(own, partition), end = firstOf(own, partition + 1);
  for (let i = begin; i < end; i++) fillColumn(hood, i, i);
  const first = <usize>begin << 5;
  memory.copy(hood.builtPositions + first, hood.system.positions + first, <usize>(end - begin) << 5);
}

/** Ghosts in the columns in the order of bins, with their indices beside. */
function fillGhostColumns(hood: Neighborhood): void {
  const own = hood.system.ownCount, all = hood.system.allCount, halfEnd = hood.halfEnd;
  for (let i = own; i < all; i++) {
    const bin = load<i32>(hood.atomBins + (<usize>i << 2));
    const place = i < halfEnd ? own + takePlace(hood.binAfter, bin) : halfEnd + takePlace(hood.binBefore, bin);
    store<i32>(fillColumn(hood, i, place), i);
  }
}

/** Finds the rows of bins that may hold neighbors of atoms in a row. */
function fillStencil(stencil: Stencil, far: f64, row: i32): void {
  const rows = changetype<usize>(stencil) + 16;
  const b1 = row % grid.count1, b2 = row / grid.count1;
  let count = 0;
  stencil.row = row;
  // Bins are at least half a reach wide, or there is one only.
  for (let d2 = -2; d2 <= 2; d2++)
    for (let d1 = -2; d1 <= 2; d1++) {
      if (d1 == 0 && d2 == 0) stencil.own = count;
      if (b1 + d1 < 0 || b1 + d1 >= grid.count1 || b2 + d2 < 0 || b2 + d2 >= grid.count2) continue;
      const gap1 = <f64>max(0, abs(d1) - 1) * grid.size1, gap2 = <f64>max(0, abs(d2) - 1) * grid.size2;
      const left = far * far - gap1 * gap1 - gap2 * gap2;
      if (left < 0) continue;
      store<i32>(rows + (<usize>count << 3), (row + d2 * grid.count1 + d1) * grid.count0);
      store<i32>(rows + (<usize>count << 3), <i32>Math.ceil(Math.sqrt(left) * grid.scale0), 4);
      count++;
    }
  stencil.count = count;
}

/** Appends those of the atoms from <= k < to in the columns that are near enough, four at a time. */
// @ts-ignore: decorator
@inline
function appendRun(
  columns: usize, column: usize, from: i32, to: i32, x: v128, y: v128, z: v128, square: v128, own: bool, top: usize,
): usize {
  const end = i32x4.splat(to);
  for (let k = from; k < to; k += 4) {
    const place = columns + (<usize>k << 2);
    const dx = f32x4.sub(v128.load(place), x);
    const dy = f32x4.sub(v128.load(place + column), y);
    const dz = f32x4.sub(v128.load(place + 2 * column), z);
    const r2 = f32x4.add(f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy)), f32x4.mul(dz, dz));
    const index = i32x4.add(i32x4.splat(k), i32x4(0, 1, 2, 3));
    const bits = i32x4.bitmask(v128.and(f32x4.lt(r2, square), i32x4.lt_s(index, end)));
    const atoms = own ? index : v128.load(place + 3 * column);
    v128.store(top, i8x16.swizzle(atoms, v128.load(FRONT + (<usize>bits << 4))));
    top += <usize>popcnt(bits) << 2;
  }
  return top;
}

/** First and last entry of a run of bins: [b0 - width, b0 + width] of the row at `base`. */
// @ts-ignore: decorator
@inline
function runFirst(table: usize, base: i32, b0: i32, width: i32): i32 {
  return load<i32>(table + (<usize>(base + max(0, b0 - width)) << 2));
}
// @ts-ignore: decorator
@inline
function runEnd(table: usize, base: i32, b0: i32, width: i32): i32 {
  return load<i32>(table + (<usize>(base + min(grid.count0 - 1, b0 + width)) << 2), 4);
}

/**
 * Fills the rows of a partition in one list. A half list keeps own atoms that stand later, and ghosts whose shift stands
 * after the origin: whole numbers decide, so that rounding can neither lose nor double a pair. Share: i32 entries that the
 * partition wants, i32 1 where it had less room: the list is then unusable.
 */
// @ts-ignore: decorator
@inline
function fill(hood: Neighborhood, partition: i32, half: bool, counts: usize, firsts: usize, entries: usize): void {
  const system = hood.system;
  const begin = firstOf(system.ownCount, partition), rowsEnd = firstOf(system.ownCount, partition + 1);
  const own = system.ownCount, halfEnd = hood.halfEnd;
  const far = farthest(hood);
  const columns = hood.workspace, column = hood.columnBytes;
  const n0 = grid.count0;
  // Coordinates are rounded to 2^-24 of the largest.
  const largest = Math.max(grid.high0 - grid.low0, Math.max(grid.high1 - grid.low1, grid.high2 - grid.low2));
  const reach = far + 5e-7 * (largest + far);
  const square = f32x4.splat(<f32>(reach * reach));
  const binOwn = hood.binOwn, binAfter = hood.binAfter, binBefore = hood.binBefore;
  const stencil = changetype<Stencil>(STENCILS + (<usize>partition << 8));
  const rows = changetype<usize>(stencil) + 16;
  const segment = entries + (<usize>segmentFirst(hood, half, partition) << 2);
  const limit = entries + (<usize>segmentFirst(hood, half, partition + 1) << 2);
  stencil.row = -1;
  let top = segment, rowEnd = 0, rowStart = 0;
  for (let i = begin; i < rowsEnd; i++) {
    const bin = load<i32>(hood.atomBins + (<usize>i << 2));
    if (bin >= rowEnd) {
      const row = bin / n0;
      rowStart = row * n0;
      rowEnd = rowStart + n0;
      fillStencil(stencil, far, row);
    }
    const b0 = bin - rowStart;
    const at = columns + (<usize>i << 2);
    const x = v128.load32_splat(at), y = v128.load32_splat(at + column), z = v128.load32_splat(at + 2 * column);
    const start = top;
    const lastRow = rows + (<usize>stencil.count << 3);
    const ownRow = rows + (<usize>stencil.own << 3);
    let room = (limit - top) as i32 >> 2;
    for (let r = half ? ownRow : rows; r < lastRow; r += 8) {
      const base = load<i32>(r), width = load<i32>(r, 4);
      let from = runFirst(binOwn, base, b0, width);
      const to = runEnd(binOwn, base, b0, width);
      room = (<i32>(limit - top) >> 2) - (to - from) - 8;
      if (room < 0) break;
      if (r == ownRow) {
        if (!half) top = appendRun(columns, column, from, i, x, y, z, square, true, top);
        from = i + 1;
      }
      top = appendRun(columns, column, from, to, x, y, z, square, true, top);
    }
    if (room >= 0 && !isInner(hood.inverse, system.positions + (<usize>i << 5)))
      for (let r = rows; r < lastRow; r += 8) {
        const base = load<i32>(r), width = load<i32>(r, 4);
        const from = runFirst(binAfter, base, b0, width), to = runEnd(binAfter, base, b0, width);
        room = (<i32>(limit - top) >> 2) - (to - from) - 8;
        if (room < 0) break;
        top = appendRun(columns, column, own + from, own + to, x, y, z, square, false, top);
        if (half) continue;
        const fromBefore = runFirst(binBefore, base, b0, width), toBefore = runEnd(binBefore, base, b0, width);
        room = (<i32>(limit - top) >> 2) - (toBefore - fromBefore) - 8;
        if (room < 0) break;
        top = appendRun(columns, column, halfEnd + fromBefore, halfEnd + toBefore, x, y, z, square, false, top);
      }
    if (room < 0) {
      const soFar = <f64>(<i32>((top - segment) >> 2) - room + 64);
      const wanted = (soFar * <f64>(rowsEnd - begin) / <f64>(i - begin + 1)) * 1.1 + 64;
      store<i32>(shareOf(partition), <i32>Math.min(2e9 / <f64>MOST_PARTITIONS, wanted));
      store<i32>(shareOf(partition), 1, 4);
      return;
    }
    const count = <i32>((top - start) >> 2);
    store<i32>(counts + (<usize>i << 2), count);
    store<i32>(firsts + (<usize>i << 2), <i32>((start - entries) >> 2));
    if (count & 1) {
      store<i32>(top, system.dummy);
      top += 4;
    }
  }
  // Appending reaches up to eight entries ahead.
  store<i32>(shareOf(partition), <i32>((top - segment) >> 2) + 16);
  store<i32>(shareOf(partition), 0, 4);
}

function fillFull(argument: usize, partition: i32): void {
  const hood = changetype<Neighborhood>(argument), system = hood.system;
  fill(hood, partition, false, system.fullCounts, system.fullFirst, system.fullNeighbors);
}

function fillHalf(argument: usize, partition: i32): void {
  const hood = changetype<Neighborhood>(argument), system = hood.system;
  fill(hood, partition, true, system.halfCounts, system.halfFirst, system.halfNeighbors);
}

/** Fills a list in all partitions; returns the entries wanted where there is no room for them, else 0. */
function fillAll(hood: Neighborhood, half: bool): i32 {
  const capacity = half ? hood.halfCapacity : hood.fullCapacity;
  const segments = segmentsOf(hood, half);
  if (load<f64>(segments + (<usize>partitionCount() << 3)) == 0)
    for (let p = 0; p <= partitionCount(); p++)
      store<f64>(segments + (<usize>p << 3), <f64>firstOf(hood.system.ownCount, p) / <f64>hood.system.ownCount);
  let divided = false;
  while (true) {
    if (half) runJob(fillHalf, changetype<usize>(hood));
    else runJob(fillFull, changetype<usize>(hood));
    let full = 0;
    for (let p = 0; p < partitionCount(); p++) full |= load<i32>(shareOf(p), 4);
    if (!full) return 0;
    // The room may do when it is divided otherwise.
    const wanted = divideRoom(hood, half);
    if (wanted > <f64>capacity || divided) return <i32>Math.min(2e9, Math.max(wanted, <f64>capacity));
    divided = true;
  }
}

/** Builds the asked-for lists at the present positions. Returns Status bits; a list that ran out of room is void. */
export function build(hood: Neighborhood, wrap: bool): i32 {
  const system = hood.system;
  hood.built = 0;
  let status = wrapAtoms(hood, wrap);
  if (status) return status;
  sortAtoms(hood);
  status = makeGhosts(hood);
  if (status) return status;
  fillFront();
  runJob(fillOwnColumns, changetype<usize>(hood));
  fillGhostColumns(hood);
  hood.wantedFull = hood.lists & FULL_LIST ? fillAll(hood, false) : 0;
  hood.wantedHalf = hood.lists & HALF_LIST ? fillAll(hood, true) : 0;
  if (hood.wantedFull > 0 || hood.wantedHalf > 0) return Status.LIST_FULL;
  memory.copy(hood.builtCell, hood.cell, 72);
  hood.built = 1;
  hood.builds++;
  return 0;
}
