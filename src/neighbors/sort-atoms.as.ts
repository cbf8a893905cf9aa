/**
 * Sorts own atoms by bin, within a bin as the caller numbers them. All that is kept per own atom moves along: what
 * stands near in space stands near in memory.
 */
import { firstOf, runJob } from "../engine/team.as";
import { binOf, clearTable, countIn, endBins, takePlace } from "./grid.as";
import { Neighborhood } from "./neighborhood.as";

/** What is being put in order: records of 2^shift bytes, the next at `place` stood at order[place]. */
@unmanaged
class Arrangement {
  records: usize;
  shift: usize;
  order: usize;
  room: usize;
  count: i32;
}

const arrangement = changetype<Arrangement>(memory.data(32, 16));

function collect(_argument: usize, partition: i32): void {
  const records = arrangement.records, shift = arrangement.shift, order = arrangement.order;
  const end = firstOf(arrangement.count, partition + 1);
  let place = firstOf(arrangement.count, partition);
  let to = arrangement.room + (<usize>place << shift);
  for (; place < end; place++, to += (<usize>1) << shift) {
    const from = records + (<usize>load<i32>(order + (<usize>place << 2)) << shift);
    if (shift == 2) store<i32>(to, load<i32>(from));
    else {
      v128.store(to, v128.load(from));
      if (shift == 5) v128.store(to, v128.load(from, 16), 16);
    }
  }
}

function putBack(_argument: usize, partition: i32): void {
  const shift = arrangement.shift;
  const first = <usize>firstOf(arrangement.count, partition), end = <usize>firstOf(arrangement.count, partition + 1);
  memory.copy(arrangement.records + (first << shift), arrangement.room + (first << shift), (end - first) << shift);
}

function rearrange(records: usize, shift: usize, order: usize, count: i32, room: usize): void {
  arrangement.records = records;
  arrangement.shift = shift;
  arrangement.order = order;
  arrangement.room = room;
  arrangement.count = count;
  runJob(collect, 0);
  runJob(putBack, 0);
}

function findBins(argument: usize, partition: i32): void {
  const hood = changetype<Neighborhood>(argument), system = hood.system;
  const end = firstOf(system.ownCount, partition + 1);
  for (let i = firstOf(system.ownCount, partition); i < end; i++)
    store<i32>(hood.atomBins + (<usize>i << 2), binOf(system.positions + (<usize>i << 5)));
}

/** Tells every atom of a partition where it stands, and the caller's atoms where to find them. */
function tellPlaces(argument: usize, partition: i32): void {
  const system = changetype<Neighborhood>(argument).system;
  const end = firstOf(system.ownCount, partition + 1);
  for (let place = firstOf(system.ownCount, partition); place < end; place++) {
    store<i32>(system.positions + (<usize>place << 5), place, 28);
    store<i32>(system.places + (<usize>load<i32>(system.atoms + (<usize>place << 2)) << 2), place);
  }
}

/** Fills order[place] with where the atom that belongs there stands now, and the table of bins. False: nothing moves. */
function findOrder(hood: Neighborhood, order: usize): bool {
  const system = hood.system;
  const own = system.ownCount;
  const table = hood.binOwn, bins = hood.atomBins, atoms = system.atoms;
  clearTable(table);
  runJob(findBins, changetype<usize>(hood));
  for (let i = 0; i < own; i++) countIn(table, load<i32>(bins + (<usize>i << 2)));
  endBins(table);
  for (let i = own - 1; i >= 0; i--)
    store<i32>(order + (<usize>takePlace(table, load<i32>(bins + (<usize>i << 2))) << 2), i);
  let moved = false;
  for (let place = 0; place < own; place++) {
    const from = load<i32>(order + (<usize>place << 2));
    const atom = load<i32>(atoms + (<usize>from << 2));
    const first = load<i32>(table + (<usize>load<i32>(bins + (<usize>from << 2)) << 2));
    // Bins hold few atoms: insertion.
    let k = place;
    for (; k > first; k--) {
      const before = load<i32>(order + (<usize>(k - 1) << 2));
      if (load<i32>(atoms + (<usize>before << 2)) < atom) break;
      store<i32>(order + (<usize>k << 2), before);
    }
    store<i32>(order + (<usize>k << 2), from);
    moved = moved || from != place || k != place;
  }
  return moved;
}

/** Sorts the own atoms and keeps the bin of each in `atomBins`. */
export function sortAtoms(hood: Neighborhood): void {
  const system = hood.system;
  const own = system.ownCount;
  const order = hood.workspace;
  if (!findOrder(hood, order)) return;
  // Overwritten at the end of the build.
  const room = hood.builtPositions;
  rearrange(system.positions, 5, order, own, room);
  rearrange(hood.images, 4, order, own, room);
  rearrange(system.atoms, 2, order, own, room);
  rearrange(hood.atomBins, 2, order, own, room);
  if (hood.carried) rearrange(hood.carried, 5, order, own, room);
  runJob(tellPlaces, changetype<usize>(hood));
}
