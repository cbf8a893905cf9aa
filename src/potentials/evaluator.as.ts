/**
 * Energies, forces and virial of a system: neighbor list when needed, ghosts, terms, folding. Terms stand in groups
 * that are summed apart, so that dynamics can mix two Hamiltonians.
 */
import { System } from "../engine/system.as";
import { build } from "../neighbors/cell-list.as";
import { foldForces, updateGhosts, updateShifts } from "../neighbors/ghosts.as";
import { listIsValid, Neighborhood } from "../neighbors/neighborhood.as";

/** Adds one term's energies and forces for own atoms begin <= i < end. */
export type TermFunction = (kernel: i32, system: System, parameters: usize, begin: i32, end: i32) => void;

@unmanaged
export class Evaluator {
  hood: Neighborhood;
  termCount: i32;
  /** Records of 16 bytes: i32 kernel, usize parameters, i32 group, unused. */
  terms: usize;
  groupCount: i32;
  /** [all] force records of each group. */
  forces0: usize;
  forces1: usize;
  /** Per group a record of 80 bytes: f64 energy eV, [9] f64 virial eV. */
  sums: usize;
}

// @ts-ignore
@inline
export function groupForces(evaluator: Evaluator, group: i32): usize {
  return group == 0 ? evaluator.forces0 : evaluator.forces1;
}

/** Energies, forces and virial with the ghosts where they are. Returns Status bits set by the terms. */
export function computeForces(evaluator: Evaluator, computeTerm: TermFunction): i32 {
  const hood = evaluator.hood;
  const system = hood.system;
  const own = system.ownCount;
  system.status = 0;
  memory.fill(evaluator.sums, 0, 80 * <usize>evaluator.groupCount);
  for (let group = 0; group < evaluator.groupCount; group++) {
    const forces = groupForces(evaluator, group);
    const sums = evaluator.sums + 80 * <usize>group;
    system.forces = forces;
    memory.fill(forces, 0, <usize>system.allCount << 5);
    memory.fill(system.energies, 0, <usize>own << 3);
    for (let t = 0; t < evaluator.termCount; t++) {
      const term = evaluator.terms + (<usize>t << 4);
      if (load<i32>(term, 8) == group) computeTerm(load<i32>(term), system, load<usize>(term, 4), 0, own);
    }
    store<f64>(sums, foldForces(hood, forces, sums + 8));
  }
  return system.status;
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
  const status = followAtoms(evaluator.hood);
  return status ? status : computeForces(evaluator, computeTerm);
}
