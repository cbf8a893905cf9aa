/**
 * The neighbor list in linear time. Own atoms and ghosts are sorted into Cartesian bins; an atom looks through rows of
 * bins along x, each a contiguous run of sorted atoms, trimmed to the sphere around it.
 */
import { Status, System } from "../engine/system.as";
import { makeGhosts } from "./ghosts.as";
import { FULL_LIST, HALF_LIST, Neighborhood } from "./neighborhood.as";

/** Bins per reach: across the rows few, for long runs; along them many, so that a run fits the sphere. */
const BINS_ACROSS: f64 = 2;
const BINS_ALONG: f64 = 4;

@unmanaged
class Grid {
  count0: i32;
  count1: i32;
  count2: i32;
  low0: f64;
  low1: f64;
  low2: f64;
  size0: f64;
  size1: f64;
  size2: f64;
}

const grid = changetype<Grid>(memory.data(64, 16));

/** Bins along a length, at least as wide as wished and few enough to fit. */
// @ts-ignore
@inline
function binsAlong(length: f64, size: f64): i32 {
  return max(1, <i32>Math.min(1e6, Math.floor(length / size)));
}

/** Chooses a grid over the bounding box of all atoms; a sparse box gets wider bins so that the table stays small. */
function chooseGrid(hood: Neighborhood): void {
  const system = hood.system;
  let lx = Infinity, ly = Infinity, lz = Infinity, hx = -Infinity, hy = -Infinity, hz = -Infinity;
  const end = system.positions + (<usize>system.allCount << 5);
  for (let p = system.positions; p < end; p += 32) {
    const x = load<f64>(p), y = load<f64>(p, 8), z = load<f64>(p, 16);
    lx = Math.min(lx, x); hx = Math.max(hx, x);
    ly = Math.min(ly, y); hy = Math.max(hy, y);
    lz = Math.min(lz, z); hz = Math.max(hz, z);
  }
  let reach = hood.cutoff + hood.skin;
  let n0 = binsAlong(hx - lx, reach / BINS_ALONG);
  let n1 = binsAlong(hy - ly, reach / BINS_ACROSS), n2 = binsAlong(hz - lz, reach / BINS_ACROSS);
  // The limit depends on the atoms alone: the order of a list must not depend on how often memory grew.
  const most = Math.min(<f64>hood.binCapacity, 4 * <f64>system.allCount + 64);
  while (<f64>n0 * <f64>n1 * <f64>n2 > most) {
    reach *= 1.3;
    n0 = binsAlong(hx - lx, reach / BINS_ALONG);
    n1 = binsAlong(hy - ly, reach / BINS_ACROSS);
    n2 = binsAlong(hz - lz, reach / BINS_ACROSS);
  }
  grid.count0 = n0; grid.count1 = n1; grid.count2 = n2;
  grid.low0 = lx; grid.low1 = ly; grid.low2 = lz;
  grid.size0 = Math.max((hx - lx) / <f64>n0, 1e-3);
  grid.size1 = Math.max((hy - ly) / <f64>n1, 1e-3);
  grid.size2 = Math.max((hz - lz) / <f64>n2, 1e-3);
}

// @ts-ignore
@inline
function binOf(x: f64, low: f64, scale: f64, count: i32): i32 {
  return max(0, min(count - 1, <i32>((x - low) * scale)));
}

/** Counting sort of all atoms by bin, x fastest. */
function sortIntoBins(hood: Neighborhood): void {
  const system = hood.system;
  const all = system.allCount;
  const first = hood.binFirst, ghosts = hood.binGhosts;
  const own = system.ownCount;
  const column = <usize>system.allCapacity << 3;
  const bins = <usize>(grid.count0 * grid.count1 * grid.count2);
  const scale0 = 1 / grid.size0, scale1 = 1 / grid.size1, scale2 = 1 / grid.size2;
  memory.fill(first, 0, (bins + 1) << 2);
  memory.fill(ghosts, 0, (bins + 1) << 2);
  for (let i = 0; i < all; i++) {
    const p = system.positions + (<usize>i << 5);
    const b0 = binOf(load<f64>(p), grid.low0, scale0, grid.count0);
    const b1 = binOf(load<f64>(p, 8), grid.low1, scale1, grid.count1);
    const b2 = binOf(load<f64>(p, 16), grid.low2, scale2, grid.count2);
    const bin = (b2 * grid.count1 + b1) * grid.count0 + b0;
    store<i32>(hood.atomBins + (<usize>i << 2), bin);
    const slot = first + (<usize>bin << 2);
    store<i32>(slot, load<i32>(slot) + 1);
    // Ghosts before the next bin.
    if (i >= own) store<i32>(ghosts + (<usize>bin << 2), load<i32>(ghosts + (<usize>bin << 2), 4) + 1, 4);
  }
  // Ends of the bins, then filled from the back: a bin's first entry is left behind.
  let sum = 0, ghostSum = 0;
  for (let b: usize = 0; b <= bins; b++) {
    sum += load<i32>(first + (b << 2));
    store<i32>(first + (b << 2), sum);
    ghostSum += load<i32>(ghosts + (b << 2));
    store<i32>(ghosts + (b << 2), ghostSum);
  }
  for (let i = all - 1; i >= 0; i--) {
    const slot = first + (<usize>load<i32>(hood.atomBins + (<usize>i << 2)) << 2);
    const place = load<i32>(slot) - 1;
    store<i32>(slot, place);
    // From here on the table holds places in the order of bins.
    store<i32>(hood.atomBins + (<usize>i << 2), place);
    const from = system.positions + (<usize>i << 5);
    const to = hood.sorted + (<usize>place << 3);
    store<f64>(to, load<f64>(from));
    store<f64>(to + column, load<f64>(from, 8));
    store<f64>(to + 2 * column, load<f64>(from, 16));
    store<i32>(hood.sorted + 3 * column + (<usize>place << 2), i);
  }
}

/** Distance from a coordinate to bin `b` of a direction. */
// @ts-ignore
@inline
function gap(x: f64, low: f64, size: f64, b: i32): f64 {
  const left = low + <f64>b * size;
  return Math.max(0, Math.max(left - x, x - left - size));
}

/** Appends atoms low <= j < low + span of one run of sorted atoms that are near enough to a row, two at a time. */
// @ts-ignore: decorator
@inline
function appendRun(
  sorted: usize, column: usize, from: i32, to: i32, x: v128, y: v128, z: v128, square: v128, low: i32, span: u32, top: usize,
): usize {
  let place = sorted + (<usize>from << 3);
  let atoms = sorted + 3 * column + (<usize>from << 2);
  for (let k = from; k < to; k += 2, place += 16, atoms += 8) {
    const dx = f64x2.sub(v128.load(place), x);
    const dy = f64x2.sub(v128.load(place + column), y);
    const dz = f64x2.sub(v128.load(place + 2 * column), z);
    const r2 = f64x2.add(f64x2.add(f64x2.mul(dx, dx), f64x2.mul(dy, dy)), f64x2.mul(dz, dz));
    const near = i64x2.bitmask(f64x2.lt(r2, square));
    const j = load<i32>(atoms), l = load<i32>(atoms, 4);
    store<i32>(top, j);
    top += <usize>((near & i32(<u32>(j - low) < span)) << 2);
    store<i32>(top, l);
    // The second of the last two may stand beyond the run.
    top += <usize>(((near >> 1) & i32(<u32>(l - low) < span) & i32(k + 1 < to)) << 2);
  }
  return top;
}

/**
 * Fills one list. A half list keeps own atoms that come later in the order of bins, and ghosts whose shift stands after
 * the origin: whole numbers decide, so that rounding can neither lose nor double a pair. Runs before an atom then matter
 * only for their ghosts. Returns the room wanted where it needs more than `capacity`: the list is then unusable; else 0.
 */
// @ts-ignore: decorator
@inline
function fill(hood: Neighborhood, half: bool, counts: usize, firsts: usize, entries: usize, capacity: i32): i32 {
  const system = hood.system;
  const own = system.ownCount;
  const reach = hood.cutoff + hood.skin;
  const square = f64x2.splat(reach * reach);
  // Bins are looked through a hair farther than the reach, against rounding at their edges.
  const far = reach + 1e-6;
  const scale0 = 1 / grid.size0, scale1 = 1 / grid.size1, scale2 = 1 / grid.size2;
  const low0 = grid.low0, low1 = grid.low1, low2 = grid.low2;
  const n0 = grid.count0, n1 = grid.count1, n2 = grid.count2;
  const sorted = hood.sorted, binFirst = hood.binFirst, binGhosts = hood.binGhosts;
  const column = <usize>system.allCapacity << 3;
  const end = <u32>(half ? hood.halfEnd : system.allCount);
  let top = entries;
  const limit = entries + (<usize>capacity << 2);
  for (let i = 0; i < own; i++) {
    const p = system.positions + (<usize>i << 5);
    const x = load<f64>(p), y = load<f64>(p, 8), z = load<f64>(p, 16);
    const vx = f64x2.splat(x), vy = f64x2.splat(y), vz = f64x2.splat(z);
    const start = top;
    const place = load<i32>(hood.atomBins + (<usize>i << 2));
    const z0 = binOf(z - far, low2, scale2, n2), z1 = binOf(z + far, low2, scale2, n2);
    const y0 = binOf(y - far, low1, scale1, n1), y1 = binOf(y + far, low1, scale1, n1);
    for (let b2 = z0; b2 <= z1; b2++) {
      const gapZ = gap(z, low2, grid.size2, b2);
      for (let b1 = y0; b1 <= y1; b1++) {
        const gapY = gap(y, low1, grid.size1, b1);
        const left = far * far - gapZ * gapZ - gapY * gapY;
        if (left < 0) continue;
        const width = Math.sqrt(left);
        const row = (b2 * n1 + b1) * n0;
        const first = <usize>(row + binOf(x - width, low0, scale0, n0)) << 2;
        const last = <usize>(row + binOf(x + width, low0, scale0, n0)) << 2;
        const from = load<i32>(binFirst + first), to = load<i32>(binFirst + last, 4);
        if (top + (<usize>(to - from + 2) << 2) > limit) {
          const soFar = <f64>(<i32>((top - entries) >> 2) + to - from + 64);
          return <i32>Math.min(2e9, (soFar * <f64>own / <f64>(i + 1)) * 1.1 + 64);
        }
        // Up to the atom itself, and after it.
        const middle = max(from, min(to, place));
        const after = place >= from && place < to ? place + 1 : middle;
        if (!half) top = appendRun(sorted, column, from, middle, vx, vy, vz, square, 0, end, top);
        else if (load<i32>(binGhosts + last, 4) > load<i32>(binGhosts + first))
          top = appendRun(sorted, column, from, middle, vx, vy, vz, square, own, end - own, top);
        top = appendRun(sorted, column, after, to, vx, vy, vz, square, 0, end, top);
      }
    }
    const count = <i32>((top - start) >> 2);
    store<i32>(counts + (<usize>i << 2), count);
    store<i32>(firsts + (<usize>i << 2), <i32>((start - entries) >> 2));
    if (count & 1) {
      store<i32>(top, system.dummy);
      top += 4;
    }
  }
  return 0;
}

function fillFull(hood: Neighborhood): i32 {
  const system = hood.system;
  return fill(hood, false, system.fullCounts, system.fullFirst, system.fullNeighbors, hood.fullCapacity);
}

function fillHalf(hood: Neighborhood): i32 {
  const system = hood.system;
  return fill(hood, true, system.halfCounts, system.halfFirst, system.halfNeighbors, hood.halfCapacity);
}

/** Builds the asked-for lists at the present positions. Returns Status bits; a list that ran out of room is void. */
export function build(hood: Neighborhood, wrap: bool): i32 {
  const system = hood.system;
  hood.built = 0;
  const status = makeGhosts(hood, wrap);
  if (status) return status;
  chooseGrid(hood);
  sortIntoBins(hood);
  hood.wantedFull = hood.lists & FULL_LIST ? fillFull(hood) : 0;
  hood.wantedHalf = hood.lists & HALF_LIST ? fillHalf(hood) : 0;
  if (hood.wantedFull > 0 || hood.wantedHalf > 0) return Status.LIST_FULL;
  memory.copy(hood.builtCell, hood.cell, 72);
  memory.copy(hood.builtPositions, system.positions, <usize>system.ownCount << 5);
  hood.built = 1;
  hood.builds++;
  return 0;
}
