/** Partitions of own atoms in space, their ghosts, and passes over ghosts. */
import { System } from "../engine/system.as";
import { firstOf, partitionCount, runJob } from "../engine/team.as";
import { grid } from "./grid.as";
import { Neighborhood } from "./neighborhood.as";

/** Neighbors of an atom stand at most this many planes of bins from its own: bins are half a reach wide. */
export const PLANES_AROUND: i32 = 2;

/** The plane of bins that an own atom or a ghost stood in at the last build. */
// @ts-ignore: decorator
@inline
export function planeOf(hood: Neighborhood, atom: i32): i32 {
  return load<i32>(hood.atomBins + (<usize>atom << 2)) / (grid.count0 * grid.count1);
}

/** First own atom of a plane of bins, or of those after it. */
export function firstAtomOfPlane(hood: Neighborhood, plane: i32): i32 {
  const bin = max(0, min(plane, grid.count2)) * grid.count0 * grid.count1;
  return load<i32>(hood.binOwn + (<usize>bin << 2));
}

/** First ghost from <= g < to whose owner is `owner` or a later atom: ghosts stand in the order of their owners. */
function firstGhostFrom(system: System, from: i32, to: i32, owner: i32): i32 {
  while (from < to) {
    const middle = (from + to) >> 1;
    if (load<i32>(system.positions + (<usize>middle << 5), 28) < owner) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** First ghost of the atoms of a partition in run 0 (those that half lists may hold) or run 1 (the others). */
export function ghostsOf(hood: Neighborhood, run: i32, partition: i32): i32 {
  const system = hood.system;
  const from = run == 0 ? system.ownCount : hood.halfEnd, to = run == 0 ? hood.halfEnd : system.allCount;
  if (partition == partitionCount()) return to;
  return firstGhostFrom(system, from, to, firstOf(system.ownCount, partition));
}

/** First ghost of a partition's share: an index among all atoms. */
export function firstGhost(hood: Neighborhood, partition: i32): i32 {
  const own = hood.system.ownCount;
  return own + firstOf(hood.system.allCount - own, partition);
}

function moveGhosts(argument: usize, partition: i32): void {
  const hood = changetype<Neighborhood>(argument);
  const positions = hood.system.positions, vectors = hood.shiftVectors;
  const from = firstGhost(hood, partition);
  let shift = hood.ghostShifts + (<usize>from << 2);
  const end = positions + (<usize>firstGhost(hood, partition + 1) << 5);
  for (let p = positions + (<usize>from << 5); p < end; p += 32, shift += 4) {
    const owner = positions + (<usize>load<i32>(p, 28) << 5);
    const vector = vectors + (<usize>load<i32>(shift) << 5);
    v128.store(p, f64x2.add(v128.load(owner), v128.load(vector)));
    store<f64>(p, load<f64>(owner, 16) + load<f64>(vector, 16), 16);
  }
}

/** Moves every ghost to the image of its owner. */
export function updateGhosts(hood: Neighborhood): void {
  runJob(moveGhosts, changetype<usize>(hood));
}
