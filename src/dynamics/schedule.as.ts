/** What changes along a run: temperature, pressure, and how much of either Hamiltonian is felt. */
import { volumeOf } from "./cell.as";
import { Dynamics } from "./dynamics.as";

export namespace Schedule {
  export const LINEAR: i32 = 0;
  /** s^5 (70 s^4 - 315 s^3 + 540 s^2 - 420 s + 126): flat at both ends, where switching dissipates most. */
  export const SMOOTH: i32 = 1;
  /** Linear in the inverse of the factor: temperature runs linearly in reversible scaling. */
  export const RECIPROCAL: i32 = 2;
}

/** How far the run has come at a step, from 0 to 1. */
function progressAt(dynamics: Dynamics, step: i32): f64 {
  const length = dynamics.lastStep - dynamics.firstStep;
  return length > 0 ? <f64>(step - dynamics.firstStep) / <f64>length : 0;
}

/** eV, k T at a step. */
export function thermalEnergyAt(dynamics: Dynamics, step: i32): f64 {
  const s = progressAt(dynamics, step);
  return dynamics.thermalEnergy0 + s * (dynamics.thermalEnergy1 - dynamics.thermalEnergy0);
}

/** eV/A^3 at a step, without the scaling by the factor of the potential. */
export function pressureAt(dynamics: Dynamics, step: i32): f64 {
  const s = progressAt(dynamics, step);
  return dynamics.pressure0 + s * (dynamics.pressure1 - dynamics.pressure0);
}

function factorAt(first: f64, last: f64, s: f64, schedule: i32): f64 {
  if (first == last) return first;
  if (schedule == Schedule.RECIPROCAL) return (first * last) / (last + s * (first - last));
  if (schedule == Schedule.LINEAR) return first + s * (last - first);
  const s2 = s * s;
  const smooth = s2 * s2 * s * ((((70 * s - 315) * s + 540) * s - 420) * s + 126);
  return first + smooth * (last - first);
}

/** Sets the factors of a step without counting work. */
export function setFactors(dynamics: Dynamics, step: i32): void {
  const s = progressAt(dynamics, step);
  dynamics.potentialFactor = factorAt(dynamics.potential0, dynamics.potential1, s, dynamics.schedule);
  dynamics.referenceFactor = factorAt(dynamics.reference0, dynamics.reference1, s, dynamics.schedule);
}

/**
 * Takes the factors to the next step with the atoms where they are, and counts the work: the sum over steps of
 * (change of factor) U is exact for a path of sudden changes and relaxations (Crooks, J. Stat. Phys. 90, 1481 (1998)).
 */
export function switchFactors(dynamics: Dynamics): void {
  const a = dynamics.potentialFactor, b = dynamics.referenceFactor;
  setFactors(dynamics, dynamics.step + 1);
  const sums = dynamics.evaluator.sums;
  dynamics.potentialWork += (dynamics.potentialFactor - a) * load<f64>(sums);
  if (dynamics.evaluator.groupCount == 2) dynamics.referenceWork += (dynamics.referenceFactor - b) * load<f64>(sums, 80);
  if (dynamics.scalePressure)
    dynamics.volumeWork +=
      (dynamics.potentialFactor - a) *
      pressureAt(dynamics, dynamics.step) *
      volumeOf(dynamics.evaluator.hood.cell);
}
