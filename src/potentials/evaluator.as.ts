/**
 * Energies, forces and virial of a system: neighbor list when needed, ghosts, terms, folding. Terms stand in groups
 * that are summed apart, so that dynamics can mix two Hamiltonians. Work is done by partition (engine/team.as.ts).
 *
 * A law that needs the whole result of one loop over atoms in the next (embedded atoms) asks for several passes. Its
 * kernel is called as pass 0, 1, ... for every partition, and no pass starts before the one before it has ended
 * everywhere. Between two passes the engine may carry one number per atom across, which is what a pass may use of other
 * partitions' atoms:
 *
 *   GATHER  pass k adds to `system.partials` [all] f64, for own atoms and ghosts; afterwards `system.numbers` of every own
 *           atom holds the sum over partitions and images. The engine zeroes partials before the pass.
 *   SPREAD  pass k sets `system.numbers` of its own atoms begin <= i < end; afterwards ghosts have those of their owners.
 *   BARRIER nothing but the end of the pass.
 *
 * Where several terms exchange, each uses the arrays from its first to its last pass. `system.scratch` of own atoms
 * begin <= i < end is kept from pass to pass; what stands behind `parameters` is not: another thread may run the partition.
 */
import { Status, System, Wanted } from "../engine/system.as";
import { addShares, firstOf, partitionCount, runJob, thread } from "../engine/team.as";
import { build } from "../neighbors/cell-list.as";
import { updateShifts } from "../neighbors/ghosts.as";
import { listIsValid, Neighborhood } from "../neighbors/neighborhood.as";
import { updateGhosts } from "../neighbors/partitions.as";
import { foldPartition, gatherPartition, spreadPartition } from "./fold-forces.as";
import { clearWindow, fitWindows, windowOf } from "./force-windows.as";

/** Pass `pass` of one term over own atoms begin <= i < end: adds energies and forces. */
export type TermFunction = (kernel: i32, pass: i32, system: System, parameters: usize, begin: i32, end: i32) => void;

/** What happens between two passes, four bits each in a term's record, lowest first; 0 after the last pass. */
namespace Exchange {
  export const GATHER: i32 = 1;
  export const SPREAD: i32 = 2;
}

@unmanaged
export class Evaluator {
  hood: Neighborhood;
  termCount: i32;
  /** Records of 16 bytes: i32 kernel, usize addresses of the parameters of each thread, i32 group, i32 exchanges. */
  terms: usize;
  groupCount: i32;
  /** [own] force records of each group; with one partition [all]. */
  forces0: usize;
  forces1: usize;
  /** Per group a record of 80 bytes: f64 energy eV, [9] f64 virial eV. */
  sums: usize;
  /** [partitions] records of 128 bytes: the system as the kernels of a partition see it. */
  systems: usize;
  /** Force records that the windows of partitions lie in, with several partitions. */
  region: usize;
  /** f64 that windows of `partials` lie in, where a term gathers. */
  partials: usize;
  /** Records that either region holds, and what the windows would have needed. */
  regionCapacity: i32;
  regionWanted: i32;
  /** Builds of the list when windows were fitted to it. */
  fitted: i32;
  /** Index of the function that runs terms. */
  computeTerm: i32;
  /** What is being run: a group, a term and a pass of it; 1 before the first pass of a group. */
  group: i32;
  term: i32;
  pass: i32;
  fresh: i32;
  /** Bit g is set where the terms of group g add to their own atoms only: no ghost of it has a force. */
  ownOnly: i32;
}

const SYSTEM_BYTES: usize = 128;

// @ts-ignore
@inline
export function groupForces(evaluator: Evaluator, group: i32): usize {
  return group == 0 ? evaluator.forces0 : evaluator.forces1;
}

// @ts-ignore
@inline
function systemOf(evaluator: Evaluator, partition: i32): System {
  return changetype<System>(evaluator.systems + <usize>partition * SYSTEM_BYTES);
}

// @ts-ignore
@inline
function exchangeAfter(evaluator: Evaluator): i32 {
  return (load<i32>(evaluator.terms + (<usize>evaluator.term << 4), 12) >> (4 * evaluator.pass)) & 15;
}

/** The region that forces are added in: with one partition the forces themselves. */
// @ts-ignore
@inline
function regionOf(evaluator: Evaluator): usize {
  return partitionCount() == 1 ? groupForces(evaluator, evaluator.group) : evaluator.region;
}

/** Whether ghosts may have forces from the group that is being run. */
// @ts-ignore
@inline
function reachesGhosts(evaluator: Evaluator): bool {
  return !((evaluator.ownOnly >> evaluator.group) & 1);
}

/** Shows a partition its own window, empty. */
function openWindow(evaluator: Evaluator, partition: i32): void {
  const system = evaluator.hood.system, mine = systemOf(evaluator, partition);
  const region = regionOf(evaluator), shift = <usize>windowOf(partition).shift;
  memory.copy(changetype<usize>(mine), changetype<usize>(system), offsetof<System>());
  mine.forces = region + (shift << 5);
  mine.partials = evaluator.partials + (shift << 3);
  mine.status = 0;
  clearWindow(region, partition, 32, reachesGhosts(evaluator));
  const begin = firstOf(system.ownCount, partition), end = firstOf(system.ownCount, partition + 1);
  memory.fill(system.energies + (<usize>begin << 3), 0, <usize>(end - begin) << 3);
}

function passPartition(argument: usize, partition: i32): void {
  const evaluator = changetype<Evaluator>(argument);
  if (evaluator.fresh) openWindow(evaluator, partition);
  if (exchangeAfter(evaluator) == Exchange.GATHER) clearWindow(evaluator.partials, partition, 8, true);
  const term = evaluator.terms + (<usize>evaluator.term << 4), own = evaluator.hood.system.ownCount;
  call_indirect<void>(
    evaluator.computeTerm,
    load<i32>(term),
    evaluator.pass,
    changetype<usize>(systemOf(evaluator, partition)),
    load<usize>(load<usize>(term, 4) + (<usize>thread << 2)),
    firstOf(own, partition),
    firstOf(own, partition + 1),
  );
}

function exchangePartition(argument: usize, partition: i32): void {
  const evaluator = changetype<Evaluator>(argument);
  const hood = evaluator.hood, numbers = hood.system.numbers;
  const exchange = exchangeAfter(evaluator);
  if (exchange == Exchange.GATHER) gatherPartition(hood, evaluator.partials, numbers, partition);
  else if (exchange == Exchange.SPREAD) spreadPartition(hood, numbers, partition);
}

function foldGroup(argument: usize, partition: i32): void {
  const evaluator = changetype<Evaluator>(argument);
  const forces = groupForces(evaluator, evaluator.group);
  foldPartition(evaluator.hood, regionOf(evaluator), forces, partition, reachesGhosts(evaluator));
}

/** All passes of one term. Returns Status bits. */
function runTerm(evaluator: Evaluator, term: i32): i32 {
  const argument = changetype<usize>(evaluator);
  evaluator.term = term;
  evaluator.pass = 0;
  while (true) {
    runJob(passPartition, argument);
    evaluator.fresh = 0;
    let status = 0;
    for (let p = 0; p < partitionCount(); p++) status |= systemOf(evaluator, p).status;
    if (status || !exchangeAfter(evaluator)) return status;
    runJob(exchangePartition, argument);
    evaluator.pass++;
  }
}

/** Energies, forces and virial with the ghosts where they are. Returns Status bits. */
export function computeForces(evaluator: Evaluator, computeTerm: TermFunction): i32 {
  const hood = evaluator.hood;
  evaluator.computeTerm = computeTerm.index;
  if (evaluator.fitted != hood.builds) {
    evaluator.regionWanted = fitWindows(hood);
    if (evaluator.regionWanted > evaluator.regionCapacity) return Status.WINDOWS_FULL;
    evaluator.fitted = hood.builds;
  }
  for (let group = 0; group < evaluator.groupCount; group++) {
    evaluator.group = group;
    evaluator.fresh = 1;
    for (let t = 0; t < evaluator.termCount; t++) {
      if (load<i32>(evaluator.terms + (<usize>t << 4), 8) != group) continue;
      const status = runTerm(evaluator, t);
      if (status) return status;
    }
    runJob(foldGroup, changetype<usize>(evaluator));
    addShares(evaluator.sums + 80 * <usize>group, 10);
  }
  return 0;
}

/** Makes the neighborhood fit the present positions: a new list where needed, else ghosts moved along. Status bits. */
export function followAtoms(hood: Neighborhood): i32 {
  if (!listIsValid(hood)) return build(hood, true);
  updateShifts(hood);
  updateGhosts(hood);
  return 0;
}

/** Everything at the present positions. Returns Status bits; results are void unless it returns 0. */
export function evaluateForces(evaluator: Evaluator, computeTerm: TermFunction): i32 {
  evaluator.hood.system.wantsEnergies = Wanted.SHARES;
  evaluator.hood.system.wantsVirial = 1;
  const status = followAtoms(evaluator.hood);
  return status ? status : computeForces(evaluator, computeTerm);
}
