/** Ghosts: the periodic images of own atoms within reach of the cell, for cells of any skew, smaller than the reach too. */
import { Status, System } from "../engine/system.as";
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

// @ts-ignore
@inline
function fraction(inverse: usize, x: f64, y: f64, z: f64, d: usize): f64 {
  const column = inverse + (d << 3);
  return x * load<f64>(column) + y * load<f64>(column, 24) + z * load<f64>(column, 48);
}

/** Brings own atoms back into the cell (when `wrap`), finds the range of their fractions. */
function gather(hood: Neighborhood, wrap: bool): i32 {
  const inverse = hood.inverse;
  const cell = hood.cell;
  const own = hood.system.ownCount;
  for (let d: usize = 0; d < 3; d++) {
    store<f64>(LOWEST + (d << 3), Infinity);
    store<f64>(HIGHEST + (d << 3), -Infinity);
  }
  let p = hood.system.positions;
  let image = hood.images;
  for (let i = 0; i < own; i++, p += 32, image += 16) {
    let x = load<f64>(p), y = load<f64>(p, 8), z = load<f64>(p, 16);
    // The unwrapped place may be far away; the test is also false for what is not a number.
    if (!(Math.abs(x) + Math.abs(y) + Math.abs(z) < FARTHEST)) {
      hood.failedAtom = i;
      return Status.NOT_FINITE;
    }
    if (wrap) {
      for (let d: usize = 0; d < 3; d++) {
        if (!(hood.periodic & (1 << <i32>d))) continue;
        const turns = Math.floor(fraction(inverse, x, y, z, d));
        if (turns == 0) continue;
        const row = cell + 24 * d;
        x -= turns * load<f64>(row);
        y -= turns * load<f64>(row, 8);
        z -= turns * load<f64>(row, 16);
        store<i32>(image + (d << 2), load<i32>(image + (d << 2)) + <i32>turns);
      }
      store<f64>(p, x);
      store<f64>(p, y, 8);
      store<f64>(p, z, 16);
    }
    for (let d: usize = 0; d < 3; d++) {
      const f = fraction(inverse, x, y, z, d);
      store<f64>(LOWEST + (d << 3), Math.min(load<f64>(LOWEST + (d << 3)), f));
      store<f64>(HIGHEST + (d << 3), Math.max(load<f64>(HIGHEST + (d << 3)), f));
    }
  }
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

/** Moves every ghost to the image of its owner. */
export function updateGhosts(hood: Neighborhood): void {
  const system = hood.system;
  const positions = system.positions;
  const vectors = hood.shiftVectors;
  const end = positions + (<usize>system.allCount << 5);
  let shift = hood.ghostShifts + (<usize>system.ownCount << 2);
  for (let p = positions + (<usize>system.ownCount << 5); p < end; p += 32, shift += 4) {
    const owner = positions + (<usize>load<i32>(p, 28) << 5);
    const vector = vectors + (<usize>load<i32>(shift) << 5);
    v128.store(p, f64x2.add(v128.load(owner), v128.load(vector)));
    store<f64>(p, load<f64>(owner, 16) + load<f64>(vector, 16), 16);
  }
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

/** Appends images whose shift stands after (`after`) or before the origin; returns the atoms wanted so far. */
function appendGhosts(hood: Neighborhood, wanted: i32, after: bool): i32 {
  const system = hood.system;
  const span0 = hood.span0, span1 = hood.span1, span2 = hood.span2;
  const origin = ((2 * span0 + 1) * (2 * span1 + 1) * (2 * span2 + 1)) >> 1;
  const own = system.ownCount, room = system.allCapacity;
  for (let j = 0; j < own && wanted < MOST_ATOMS; j++) {
    const p = system.positions + (<usize>j << 5);
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
          if (wanted < room) {
            const ghost = system.positions + (<usize>wanted << 5);
            store<i32>(ghost, load<i32>(p, 24), 24);
            store<i32>(ghost, j, 28);
            store<i32>(hood.ghostShifts + (<usize>wanted << 2), shift);
          }
          wanted++;
        }
  }
  return wanted;
}

/** Wraps own atoms and makes the ghosts that the asked-for lists need. Returns Status bits. */
export function makeGhosts(hood: Neighborhood, wrap: bool): i32 {
  const system = hood.system;
  invert(hood.cell, hood.inverse);
  let status = gather(hood, wrap);
  if (status) return status;
  status = reachOut(hood);
  if (status) return status;
  let wanted = appendGhosts(hood, system.ownCount, true);
  hood.halfEnd = wanted;
  if (hood.lists & FULL_LIST) wanted = appendGhosts(hood, wanted, false);
  if (wanted >= MOST_ATOMS) return Status.CELL_COLLAPSED;
  hood.wantedAll = wanted;
  if (wanted > system.allCapacity) return Status.GHOSTS_FULL;
  system.allCount = wanted;
  updateShifts(hood);
  updateGhosts(hood);
  return 0;
}

/**
 * Adds the virial sum r_a f_b of these forces to [9] f64, folds ghost records (force, energy) back to their owners and
 * adds the folded energies to those of the system. Returns their sum.
 */
export function foldForces(hood: Neighborhood, forces: usize, virial: usize): f64 {
  const system = hood.system;
  const own = system.ownCount, all = system.allCount;
  const vectors = hood.shiftVectors;
  let xx: f64 = 0, xy: f64 = 0, xz: f64 = 0, yx: f64 = 0, yy: f64 = 0, yz: f64 = 0, zx: f64 = 0, zy: f64 = 0, zz: f64 = 0;
  // r f over ghosts and own atoms = shift f over ghosts + r f over own atoms after folding.
  for (let g = own; g < all; g++) {
    const force = forces + (<usize>g << 5);
    const target = forces + (<usize>load<i32>(system.positions + (<usize>g << 5), 28) << 5);
    const vector = vectors + (<usize>load<i32>(hood.ghostShifts + (<usize>g << 2)) << 5);
    const fx = load<f64>(force), fy = load<f64>(force, 8), fz = load<f64>(force, 16);
    store<f64>(target, load<f64>(target) + fx);
    store<f64>(target, load<f64>(target, 8) + fy, 8);
    store<f64>(target, load<f64>(target, 16) + fz, 16);
    store<f64>(target, load<f64>(target, 24) + load<f64>(force, 24), 24);
    const x = load<f64>(vector), y = load<f64>(vector, 8), z = load<f64>(vector, 16);
    xx += x * fx; xy += x * fy; xz += x * fz;
    yx += y * fx; yy += y * fy; yz += y * fz;
    zx += z * fx; zy += z * fy; zz += z * fz;
  }
  let total: f64 = 0;
  for (let i = 0; i < own; i++) {
    const force = forces + (<usize>i << 5), p = system.positions + (<usize>i << 5);
    const slot = system.energies + (<usize>i << 3);
    const energy = load<f64>(slot) + load<f64>(force, 24);
    store<f64>(slot, energy);
    total += energy;
    const fx = load<f64>(force), fy = load<f64>(force, 8), fz = load<f64>(force, 16);
    const x = load<f64>(p), y = load<f64>(p, 8), z = load<f64>(p, 16);
    xx += x * fx; xy += x * fy; xz += x * fz;
    yx += y * fx; yy += y * fy; yz += y * fz;
    zx += z * fx; zy += z * fy; zz += z * fz;
  }
  store<f64>(virial, load<f64>(virial) + xx);
  store<f64>(virial, load<f64>(virial, 8) + xy, 8);
  store<f64>(virial, load<f64>(virial, 16) + xz, 16);
  store<f64>(virial, load<f64>(virial, 24) + yx, 24);
  store<f64>(virial, load<f64>(virial, 32) + yy, 32);
  store<f64>(virial, load<f64>(virial, 40) + yz, 40);
  store<f64>(virial, load<f64>(virial, 48) + zx, 48);
  store<f64>(virial, load<f64>(virial, 56) + zy, 56);
  store<f64>(virial, load<f64>(virial, 64) + zz, 64);
  return total;
}
