/** Ghosts: the periodic images of own atoms within reach of the cell, for cells of any skew, smaller than the reach too. */
import { Status, System } from "../engine/system.as";
import { firstOf, partitionCount, runJob, shareOf, threadCount } from "../engine/team.as";
import { binOf, chooseGrid, clearTable, countIn, endBins, HIGHEST_PLACE, insideGrid, LOWEST_PLACE } from "./grid.as";
import { FULL_LIST, invert, Neighborhood } from "./neighborhood.as";

/** Farther than this from everything, an atom has flown away. */
const FARTHEST: f64 = 1e7;
/** More images than this along one direction mean a cell that has collapsed. */
const MOST_IMAGES: f64 = 60;
/** More own and ghost atoms than this do not fit into 4 GiB with their lists. */
const MOST_ATOMS: i32 = 1 << 25;
/** Guards the comparison of fractions against rounding. */
const MARGIN: f64 = 1e-9;

/** Range of fractional coordinates of own atoms along each direction. */
const LOWEST: usize = memory.data(24, 16);
const HIGHEST: usize = memory.data(24, 16);
/** Own atoms with fractions between these have no ghost within reach, [3] f64 each. */
const INNER_LOW: usize = memory.data(24, 16);
const INNER_HIGH: usize = memory.data(24, 16);
/** The record of a ghost that is being made, one of 64 bytes for each partition. */
const IMAGES: usize = memory.data(4096, 64);

// @ts-ignore
@inline
function fraction(inverse: usize, x: f64, y: f64, z: f64, d: usize): f64 {
  const column = inverse + (d << 3);
  return x * load<f64>(column) + y * load<f64>(column, 24) + z * load<f64>(column, 48);
}

/**
 * Brings the own atoms of a partition back into the cell (when `wrap`), finds the ranges of their fractions and of their
 * places. Share: f64 lowest x y, z f2, f0 f1, and highest; i32 the atom that is nowhere, or -1.
 */
// @ts-ignore: decorator
@inline
function gatherRange(hood: Neighborhood, partition: i32, wrap: bool): void {
  const cell = hood.cell, m = hood.inverse;
  const m0 = load<f64>(m), m1 = load<f64>(m, 8), m2 = load<f64>(m, 16);
  const m3 = load<f64>(m, 24), m4 = load<f64>(m, 32), m5 = load<f64>(m, 40);
  const m6 = load<f64>(m, 48), m7 = load<f64>(m, 56), m8 = load<f64>(m, 64);
  const periodic = hood.periodic;
  const own = hood.system.ownCount;
  const begin = firstOf(own, partition), end = firstOf(own, partition + 1);
  const share = shareOf(partition);
  const far = f64x2.splat(Infinity), near = f64x2.splat(-Infinity);
  let lowXY = far, lowZF = far, lowF = far, highXY = near, highZF = near, highF = near;
  let p = hood.system.positions + (<usize>begin << 5);
  let image = hood.images + (<usize>begin << 4);
  store<i32>(share, -1, 96);
  for (let i = begin; i < end; i++, p += 32, image += 16) {
    let x = load<f64>(p), y = load<f64>(p, 8), z = load<f64>(p, 16);
    // The unwrapped place may be far away; the test is also false for what is not a number.
    if (!(Math.abs(x) + Math.abs(y) + Math.abs(z) < FARTHEST)) {
      store<i32>(share, i, 96);
      return;
    }
    let f0 = x * m0 + y * m3 + z * m6, f1 = x * m1 + y * m4 + z * m7, f2 = x * m2 + y * m5 + z * m8;
    if (wrap) {
      const t0 = periodic & 1 ? Math.floor(f0) : 0;
      const t1 = periodic & 2 ? Math.floor(f1) : 0;
      const t2 = periodic & 4 ? Math.floor(f2) : 0;
      if (t0 != 0 || t1 != 0 || t2 != 0) {
        x -= t0 * load<f64>(cell) + t1 * load<f64>(cell, 24) + t2 * load<f64>(cell, 48);
        y -= t0 * load<f64>(cell, 8) + t1 * load<f64>(cell, 32) + t2 * load<f64>(cell, 56);
        z -= t0 * load<f64>(cell, 16) + t1 * load<f64>(cell, 40) + t2 * load<f64>(cell, 64);
        store<i32>(image, load<i32>(image) + <i32>t0);
        store<i32>(image, load<i32>(image, 4) + <i32>t1, 4);
        store<i32>(image, load<i32>(image, 8) + <i32>t2, 8);
        store<f64>(p, x);
        store<f64>(p, y, 8);
        store<f64>(p, z, 16);
        f0 = x * m0 + y * m3 + z * m6;
        f1 = x * m1 + y * m4 + z * m7;
        f2 = x * m2 + y * m5 + z * m8;
      }
    }
    const xy = v128.load(p);
    const zf = f64x2.replace_lane(f64x2.splat(z), 1, f2);
    const f = f64x2.replace_lane(f64x2.splat(f0), 1, f1);
    lowXY = f64x2.pmin(lowXY, xy); highXY = f64x2.pmax(highXY, xy);
    lowZF = f64x2.pmin(lowZF, zf); highZF = f64x2.pmax(highZF, zf);
    lowF = f64x2.pmin(lowF, f); highF = f64x2.pmax(highF, f);
  }
  v128.store(share, lowXY); v128.store(share, lowZF, 16); v128.store(share, lowF, 32);
  v128.store(share, highXY, 48); v128.store(share, highZF, 64); v128.store(share, highF, 80);
}

function gatherWrapped(argument: usize, partition: i32): void {
  gatherRange(changetype<Neighborhood>(argument), partition, true);
}

function gatherAsTheyAre(argument: usize, partition: i32): void {
  gatherRange(changetype<Neighborhood>(argument), partition, false);
}

/** Gathers all own atoms. Returns Status bits. */
function gather(hood: Neighborhood, wrap: bool): i32 {
  if (wrap) runJob(gatherWrapped, changetype<usize>(hood));
  else runJob(gatherAsTheyAre, changetype<usize>(hood));
  const far = f64x2.splat(Infinity), near = f64x2.splat(-Infinity);
  let lowXY = far, lowZF = far, lowF = far, highXY = near, highZF = near, highF = near;
  for (let p = 0; p < partitionCount(); p++) {
    const share = shareOf(p);
    if (load<i32>(share, 96) >= 0) {
      hood.failedAtom = load<i32>(share, 96);
      return Status.NOT_FINITE;
    }
    lowXY = f64x2.pmin(lowXY, v128.load(share)); highXY = f64x2.pmax(highXY, v128.load(share, 48));
    lowZF = f64x2.pmin(lowZF, v128.load(share, 16)); highZF = f64x2.pmax(highZF, v128.load(share, 64));
    lowF = f64x2.pmin(lowF, v128.load(share, 32)); highF = f64x2.pmax(highF, v128.load(share, 80));
  }
  v128.store(LOWEST_PLACE, lowXY); v128.store(HIGHEST_PLACE, highXY);
  store<f64>(LOWEST_PLACE, f64x2.extract_lane(lowZF, 0), 16); store<f64>(HIGHEST_PLACE, f64x2.extract_lane(highZF, 0), 16);
  v128.store(LOWEST, lowF); v128.store(HIGHEST, highF);
  store<f64>(LOWEST, f64x2.extract_lane(lowZF, 1), 16); store<f64>(HIGHEST, f64x2.extract_lane(highZF, 1), 16);
  return 0;
}

/** Widens the ranges by the reach and sets the spans of the shift vectors. */
function reachOut(hood: Neighborhood): i32 {
  const reach = hood.cutoff + hood.skin;
  let count: i32 = 1;
  for (let d: usize = 0; d < 3; d++) {
    const column = hood.inverse + (d << 3);
    const a = load<f64>(column), b = load<f64>(column, 24), c = load<f64>(column, 48);
    // 1/height of the cell along d is the length of a column of the inverse.
    const width = reach * Math.sqrt(a * a + b * b + c * c) + MARGIN;
    const lowest = load<f64>(LOWEST + (d << 3)), highest = load<f64>(HIGHEST + (d << 3));
    const periodic = (hood.periodic & (1 << <i32>d)) != 0;
    const images = periodic ? Math.floor(width + (highest - lowest)) : 0;
    if (!(images <= MOST_IMAGES)) return Status.CELL_COLLAPSED;
    const span = <i32>images;
    if (d == 0) hood.span0 = span;
    else if (d == 1) hood.span1 = span;
    else hood.span2 = span;
    count *= 2 * span + 1;
    store<f64>(LOWEST + (d << 3), lowest - width);
    store<f64>(HIGHEST + (d << 3), highest + width);
    // Images of a fraction above this or below that may be within the reach of an own atom.
    store<f64>(INNER_LOW + (d << 3), periodic ? highest - 1 + width : -Infinity);
    store<f64>(INNER_HIGH + (d << 3), periodic ? lowest + 1 - width : Infinity);
  }
  hood.wantedShifts = count;
  return count > hood.shiftCapacity ? Status.GHOSTS_FULL : 0;
}

/** Recomputes the displacement of each shift for the present cell. */
export function updateShifts(hood: Neighborhood): void {
  const cell = hood.cell;
  let out = hood.shiftVectors;
  for (let i = -hood.span0; i <= hood.span0; i++)
    for (let j = -hood.span1; j <= hood.span1; j++)
      for (let k = -hood.span2; k <= hood.span2; k++, out += 32)
        for (let d: usize = 0; d < 24; d += 8)
          store<f64>(
            out + d,
            <f64>i * load<f64>(cell + d) + <f64>j * load<f64>(cell + d, 24) + <f64>k * load<f64>(cell + d, 48),
          );
}

/** Lowest and highest image number that puts a fraction inside the widened range. */
// @ts-ignore
@inline
function firstImage(f: f64, d: usize, span: i32): i32 {
  return span == 0 ? 0 : max(-span, <i32>Math.ceil(load<f64>(LOWEST + (d << 3)) - f));
}
// @ts-ignore
@inline
function lastImage(f: f64, d: usize, span: i32): i32 {
  return span == 0 ? 0 : min(span, <i32>Math.floor(load<f64>(HIGHEST + (d << 3)) - f));
}

/** Whether an own atom stands so far inside that no ghost is within its reach. */
// @ts-ignore: decorator
@inline
export function isInner(inverse: usize, p: usize): bool {
  const x = load<f64>(p), y = load<f64>(p, 8), z = load<f64>(p, 16);
  const f0 = fraction(inverse, x, y, z, 0), f1 = fraction(inverse, x, y, z, 1), f2 = fraction(inverse, x, y, z, 2);
  return (
    f0 > load<f64>(INNER_LOW) && f0 < load<f64>(INNER_HIGH) &&
    f1 > load<f64>(INNER_LOW, 8) && f1 < load<f64>(INNER_HIGH, 8) &&
    f2 > load<f64>(INNER_LOW, 16) && f2 < load<f64>(INNER_HIGH, 16)
  );
}

/**
 * Images of the atoms of a partition whose shift stands after (`after`) or before the origin, in the order of their
 * owners: counted, or written from index `next` on as far as there is room. Returns the index after the last.
 */
// @ts-ignore: decorator
@inline
function imagesOf(hood: Neighborhood, partition: i32, after: bool, write: bool, next: i32): i32 {
  const system = hood.system;
  const span0 = hood.span0, span1 = hood.span1, span2 = hood.span2;
  const origin = ((2 * span0 + 1) * (2 * span1 + 1) * (2 * span2 + 1)) >> 1;
  const room = system.allCapacity;
  const image = IMAGES + (<usize>partition << 6);
  const end = firstOf(system.ownCount, partition + 1);
  for (let j = firstOf(system.ownCount, partition); j < end && next < MOST_ATOMS; j++) {
    const p = system.positions + (<usize>j << 5);
    if (isInner(hood.inverse, p)) continue;
    const x = load<f64>(p), y = load<f64>(p, 8), z = load<f64>(p, 16);
    const f0 = fraction(hood.inverse, x, y, z, 0);
    const f1 = fraction(hood.inverse, x, y, z, 1);
    const f2 = fraction(hood.inverse, x, y, z, 2);
    const first1 = firstImage(f1, 1, span1), last1 = lastImage(f1, 1, span1);
    const first2 = firstImage(f2, 2, span2), last2 = lastImage(f2, 2, span2);
    for (let s0 = firstImage(f0, 0, span0); s0 <= lastImage(f0, 0, span0); s0++)
      for (let s1 = first1; s1 <= last1; s1++)
        for (let s2 = first2; s2 <= last2; s2++) {
          const shift = ((s0 + span0) * (2 * span1 + 1) + s1 + span1) * (2 * span2 + 1) + s2 + span2;
          if (shift == origin || shift > origin != after) continue;
          const vector = hood.shiftVectors + (<usize>shift << 5);
          v128.store(image, f64x2.add(v128.load(p), v128.load(vector)));
          store<f64>(image, z + load<f64>(vector, 16), 16);
          if (!insideGrid(image)) continue;
          if (write && next < room) {
            store<i32>(image, load<i32>(p, 24), 24);
            store<i32>(image, j, 28);
            memory.copy(system.positions + (<usize>next << 5), image, 32);
            store<i32>(hood.ghostShifts + (<usize>next << 2), shift);
            store<i32>(hood.atomBins + (<usize>next << 2), binOf(image));
          }
          next++;
        }
  }
  return next;
}

/** Share: how many images of either kind the atoms of a partition have. */
function countAfter(argument: usize, partition: i32): void {
  store<i32>(shareOf(partition), imagesOf(changetype<Neighborhood>(argument), partition, true, false, 0));
}
function countBefore(argument: usize, partition: i32): void {
  store<i32>(shareOf(partition), imagesOf(changetype<Neighborhood>(argument), partition, false, false, 0));
}
/** Share: the index of a partition's first image. */
function writeAfter(argument: usize, partition: i32): void {
  imagesOf(changetype<Neighborhood>(argument), partition, true, true, load<i32>(shareOf(partition)));
}
function writeBefore(argument: usize, partition: i32): void {
  imagesOf(changetype<Neighborhood>(argument), partition, false, true, load<i32>(shareOf(partition)));
}

/** Appends the images of all atoms from index `next` on and counts them in a table of bins; returns the atoms wanted. */
function appendGhosts(hood: Neighborhood, next: i32, after: bool, table: usize): i32 {
  const argument = changetype<usize>(hood);
  const first = next;
  if (threadCount() > 1) {
    // Where each partition writes follows from what those before it have.
    runJob(after ? countAfter : countBefore, argument);
    for (let p = 0; p < partitionCount() && next < MOST_ATOMS; p++) {
      const count = load<i32>(shareOf(p));
      store<i32>(shareOf(p), next);
      next += count;
    }
    if (next < MOST_ATOMS) runJob(after ? writeAfter : writeBefore, argument);
  } else for (let p = 0; p < partitionCount(); p++) next = imagesOf(hood, p, after, true, next);
  if (next >= MOST_ATOMS) return next;
  clearTable(table);
  const last = min(next, hood.system.allCapacity);
  for (let ghost = first; ghost < last; ghost++) countIn(table, load<i32>(hood.atomBins + (<usize>ghost << 2)));
  endBins(table);
  return next;
}

/** Wraps own atoms and chooses the grid for them. Returns Status bits. */
export function wrapAtoms(hood: Neighborhood, wrap: bool): i32 {
  invert(hood.cell, hood.inverse);
  let status = gather(hood, wrap);
  if (status) return status;
  status = reachOut(hood);
  if (status) return status;
  updateShifts(hood);
  chooseGrid(hood);
  return 0;
}

/** Makes the ghosts that the asked-for lists need. Returns Status bits. */
export function makeGhosts(hood: Neighborhood): i32 {
  const system = hood.system;
  let wanted = appendGhosts(hood, system.ownCount, true, hood.binAfter);
  hood.halfEnd = wanted;
  if (hood.lists & FULL_LIST) wanted = appendGhosts(hood, wanted, false, hood.binBefore);
  if (wanted >= MOST_ATOMS) return Status.CELL_COLLAPSED;
  hood.wantedAll = wanted;
  if (wanted > system.allCapacity) return Status.GHOSTS_FULL;
  system.allCount = wanted;
  return 0;
}
