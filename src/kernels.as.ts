/**
 * Composition root of the WebAssembly engine: the one module that links the accelerated twins of neighbors, potentials
 * and dynamics (exempt from the import directions, like index.ts). The host imports the memory.
 */
import { advanceSteps } from "./dynamics/advance.as";
import { Dynamics } from "./dynamics/dynamics.as";
import { System } from "./engine/system.as";
import { build } from "./neighbors/cell-list.as";
import { Neighborhood } from "./neighbors/neighborhood.as";
import { einsteinCrystal } from "./potentials/einstein-crystal.as";
import { embeddedAtom } from "./potentials/embedded-atom.as";
import { evaluateForces, Evaluator } from "./potentials/evaluator.as";
import { lennardJones } from "./potentials/lennard-jones.as";
import { morse } from "./potentials/morse.as";
import { snap } from "./potentials/snap.as";
import { snapMixed } from "./potentials/snap-mixed.as";
import { splineMeam } from "./potentials/spline-meam.as";
import { stillingerWeber } from "./potentials/stillinger-weber.as";
import { tersoff } from "./potentials/tersoff.as";
import { uhlenbeckFord } from "./potentials/uhlenbeck-ford.as";
import { zieglerBiersackLittmark } from "./potentials/ziegler-biersack-littmark.as";

export { fillNormals, uniformAt } from "./random.as";
export { bispectrumDesign } from "./descriptors/bispectrum-design.as";
export { gemm, gemmScratch } from "./math/gemm.as";
export { cholesky } from "./math/cholesky.as";
export { appendRows, appendRowsScratch } from "./math/triangular-factor.as";
export { jacobiSweep } from "./math/jacobi.as";

/**
 * First free address after the module's own data: the planner allocates from here. No kernel may use `new`: the stub
 * runtime would hand out the same memory. Static room comes from memory.data.
 */
export function heapBase(): usize {
  return __heap_base;
}

/**
 * Pass `pass` of one term over own atoms begin <= i < end: adds energies and forces. `kernel` is a number of
 * engine/kernel-numbers.ts, `parameters` what the term's planner packed. Laws of one pass are not told which it is.
 */
function computeTerm(kernel: i32, pass: i32, system: System, parameters: usize, begin: i32, end: i32): void {
  switch (kernel) {
    case 1:
      lennardJones(system, parameters, begin, end);
      break;
    case 2:
      zieglerBiersackLittmark(system, parameters, begin, end);
      break;
    case 3:
      stillingerWeber(system, parameters, begin, end);
      break;
    case 4:
      embeddedAtom(system, parameters, begin, end, pass);
      break;
    case 5:
      snap(system, parameters, begin, end);
      break;
    case 6:
      einsteinCrystal(system, parameters, begin, end);
      break;
    case 7:
      morse(system, parameters, begin, end);
      break;
    case 8:
      uhlenbeckFord(system, parameters, begin, end);
      break;
    case 9:
      tersoff(system, parameters, begin, end);
      break;
    case 10:
      splineMeam(system, parameters, begin, end);
      break;
    case 11:
      snapMixed(system, parameters, begin, end);
      break;
    default:
      unreachable();
  }
}

/** Energies, forces and virial of every term group at the present positions; returns Status bits. */
export function evaluate(evaluator: Evaluator): i32 {
  return evaluateForces(evaluator, computeTerm);
}

/** Runs up to `count` steps of dynamics; returns Status bits. */
export function advance(dynamics: Dynamics, count: i32): i32 {
  return advanceSteps(dynamics, count, computeTerm);
}

export { failedThreads, giveUp, openTeam, serve, stopTeam, teamAtRest } from "./engine/team.as";

/** Builds the neighbor list at the present positions; returns Status bits. */
export function buildNeighbors(neighborhood: Neighborhood, wrap: bool): i32 {
  return build(neighborhood, wrap);
}

/** Bytes of a shared record, for the host to compare with its own layout. */
export function recordBytes(record: i32): usize {
  switch (record) {
    case 0:
      return offsetof<System>();
    case 1:
      return offsetof<Neighborhood>();
    case 2:
      return offsetof<Evaluator>();
    case 3:
      return offsetof<Dynamics>();
    default:
      return 0;
  }
}
