/** Passes over ghosts, a share of them per partition. */
import { firstOf, runJob } from "../engine/team.as";
import { Neighborhood } from "./neighborhood.as";

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
