/**
 * How a periodic system becomes own atoms and ghosts. Own atoms are kept near their cell: when a list is built, an
 * atom outside is brought back by whole cell vectors, counted in `images`, so that its unwrapped position is
 * record + images . cell. Between builds records move freely, so that displacements are measured without wrapping.
 */
import { System } from "../engine/system.as";
import { firstOf, partitionCount, runJob, shareOf } from "../engine/team.as";

/** Kinds of list, as bits of Neighborhood.lists. */
export const FULL_LIST: i32 = 1;
export const HALF_LIST: i32 = 2;

@unmanaged
export class Neighborhood {
  /** A, the largest cutoff of the terms. */
  cutoff: f64;
  /** A, added to it, so that a list lasts while atoms move. */
  skin: f64;
  system: System;
  /** [9] f64 A, rows; open directions completed with unit vectors. */
  cell: usize;
  /** [9] f64 1/A, inverse of the cell at the last build. */
  inverse: usize;
  /** [9] f64 A, the cell at the last build. */
  builtCell: usize;
  /** [own] records of 32 bytes: f64 x, y, z at the last build. */
  builtPositions: usize;
  /** [own] records of 16 bytes: three i32 cell vectors that an own atom was moved back by. */
  images: usize;
  /** [shiftCapacity] records of 32 bytes: f64 x, y, z of the displacement by whole cell vectors. */
  shiftVectors: usize;
  /** [allCapacity] i32 index of each ghost's shift vector; entries of own atoms are unused. */
  ghostShifts: usize;
  /** [binCapacity + 1] i32 each: first own atom of each bin, first ghost that half lists may hold, first other ghost. */
  binOwn: usize;
  binAfter: usize;
  binBefore: usize;
  /** [allCapacity] i32 bin of each atom. */
  atomBins: usize;
  /** Three columns of `columnBytes`: f32 coordinates of all atoms in the frame of the grid; before, room for sorting. */
  workspace: usize;
  columnBytes: usize;
  /** [own] records of 32 bytes that belong to the atoms and are sorted with them (velocities), or 0. */
  carried: usize;
  /** [2, 65] f64: how the room of a full and of a half list is divided among partitions; see cell-list.as.ts. */
  segments: usize;
  /** Bit d is set where direction d is periodic. */
  periodic: i32;
  lists: i32;
  shiftCapacity: i32;
  binCapacity: i32;
  fullCapacity: i32;
  halfCapacity: i32;
  /** Shift vectors are n0, n1, n2 with |n_d| <= span_d, the last fastest. */
  span0: i32;
  span1: i32;
  span2: i32;
  /** Atoms below this index may stand in a half list: own, and ghosts whose shift comes after the origin. */
  halfEnd: i32;
  /** 1 after a successful build. */
  built: i32;
  /** Number of builds so far. */
  builds: i32;
  /** What a build would have needed, where it ran out of room. */
  wantedShifts: i32;
  wantedAll: i32;
  wantedFull: i32;
  wantedHalf: i32;
  /** The atom that is not finite, where a status says so. */
  failedAtom: i32;
}

/** Inverse of a 3 x 3 matrix, by cofactors. */
export function invert(m: usize, inverse: usize): void {
  const a = load<f64>(m), b = load<f64>(m, 8), c = load<f64>(m, 16);
  const d = load<f64>(m, 24), e = load<f64>(m, 32), f = load<f64>(m, 40);
  const g = load<f64>(m, 48), h = load<f64>(m, 56), k = load<f64>(m, 64);
  const A = e * k - f * h, B = f * g - d * k, C = d * h - e * g;
  const scale = 1 / (a * A + b * B + c * C);
  store<f64>(inverse, A * scale);
  store<f64>(inverse, (c * h - b * k) * scale, 8);
  store<f64>(inverse, (b * f - c * e) * scale, 16);
  store<f64>(inverse, B * scale, 24);
  store<f64>(inverse, (a * k - c * g) * scale, 32);
  store<f64>(inverse, (c * d - a * f) * scale, 40);
  store<f64>(inverse, C * scale, 48);
  store<f64>(inverse, (b * g - a * h) * scale, 56);
  store<f64>(inverse, (a * e - b * d) * scale, 64);
}

function sameCell(p: usize, q: usize): bool {
  for (let k: usize = 0; k < 72; k += 8) if (load<f64>(p + k) != load<f64>(q + k)) return false;
  return true;
}

/** Squared distance that an atom may have moved against the flow of the cell before a pair could be missed. */
function allowedSquare(hood: Neighborhood, map: usize): f64 {
  if (sameCell(hood.cell, hood.builtCell)) {
    for (let k: usize = 0; k < 72; k += 8) store<f64>(map + k, 0);
    return 0.25 * hood.skin * hood.skin;
  }
  // map = inverse(built cell) cell - 1; a length shrinks at most by its Frobenius norm.
  let norm: f64 = 0;
  for (let i: usize = 0; i < 3; i++)
    for (let j: usize = 0; j < 3; j++) {
      let sum: f64 = i == j ? -1 : 0;
      for (let k: usize = 0; k < 3; k++)
        sum += load<f64>(hood.inverse + ((3 * i + k) << 3)) * load<f64>(hood.cell + ((3 * k + j) << 3));
      store<f64>(map + ((3 * i + j) << 3), sum);
      norm += sum * sum;
    }
  const slack = (1 - Math.sqrt(norm)) * (hood.cutoff + hood.skin) - hood.cutoff;
  return slack > 0 ? 0.25 * slack * slack : -1;
}

const MAP: usize = memory.data(72, 16);
const ALLOWED: usize = memory.data(8, 16);

/** Share: 1 where an atom of a partition has moved too far. */
function findFarAtom(argument: usize, partition: i32): void {
  const hood = changetype<Neighborhood>(argument);
  const allowed = load<f64>(ALLOWED);
  const m0 = load<f64>(MAP), m1 = load<f64>(MAP, 8), m2 = load<f64>(MAP, 16);
  const m3 = load<f64>(MAP, 24), m4 = load<f64>(MAP, 32), m5 = load<f64>(MAP, 40);
  const m6 = load<f64>(MAP, 48), m7 = load<f64>(MAP, 56), m8 = load<f64>(MAP, 64);
  const own = hood.system.ownCount;
  const begin = <usize>firstOf(own, partition) << 5;
  const end = hood.system.positions + (<usize>firstOf(own, partition + 1) << 5);
  let p = hood.system.positions + begin;
  let q = hood.builtPositions + begin;
  let far = 0;
  for (; p < end; p += 32, q += 32) {
    const x0 = load<f64>(q), y0 = load<f64>(q, 8), z0 = load<f64>(q, 16);
    const ux = load<f64>(p) - x0 - (x0 * m0 + y0 * m3 + z0 * m6);
    const uy = load<f64>(p, 8) - y0 - (x0 * m1 + y0 * m4 + z0 * m7);
    const uz = load<f64>(p, 16) - z0 - (x0 * m2 + y0 * m5 + z0 * m8);
    // Written so that a displacement that is not a number ends the list as well.
    if (!(ux * ux + uy * uy + uz * uz <= allowed)) {
      far = 1;
      break;
    }
  }
  store<i32>(shareOf(partition), far);
}

/**
 * True while the list holds every pair within the cutoff. With r0 a distance at the build and S the deformation of the
 * cell since, r >= sigma(S) r0 - 2 max|u|, u being displacements relative to the deformed places of the build.
 */
export function listIsValid(hood: Neighborhood): bool {
  if (!hood.built) return false;
  const allowed = allowedSquare(hood, MAP);
  if (allowed < 0) return false;
  store<f64>(ALLOWED, allowed);
  runJob(findFarAtom, changetype<usize>(hood));
  for (let p = 0; p < partitionCount(); p++) if (load<i32>(shareOf(p))) return false;
  return true;
}
