/** What a run tells: rows of thermodynamics for the host, sums over steps, and displacements of atoms from their sites. */
import { firstOf, runJob } from "../engine/team.as";
import { mixedVirial } from "./barostat.as";
import { volumeOf } from "./cell.as";
import { Dynamics } from "./dynamics.as";
import { pressureAt, thermalEnergyAt } from "./schedule.as";

/** Bytes of a row: 40 f64, in the order of `writeRow`. */
export const ROW_BYTES: usize = 320;

/** Appends a row to the ring. */
export function writeRow(dynamics: Dynamics): void {
  const row = dynamics.ring + <usize>dynamics.rows * ROW_BYTES;
  const sums = dynamics.evaluator.sums;
  const cell = dynamics.evaluator.hood.cell;
  store<f64>(row, <f64>dynamics.step);
  store<f64>(row, load<f64>(sums), 8);
  store<f64>(row, dynamics.evaluator.groupCount == 2 ? load<f64>(sums, 80) : 0, 16);
  store<f64>(row, dynamics.kinetic, 24);
  store<f64>(row, volumeOf(cell), 32);
  store<f64>(row, dynamics.potentialFactor, 40);
  store<f64>(row, dynamics.referenceFactor, 48);
  store<f64>(row, dynamics.heat, 56);
  store<f64>(row, dynamics.potentialWork, 64);
  store<f64>(row, dynamics.referenceWork, 72);
  store<f64>(row, dynamics.volumeWork, 80);
  store<f64>(row, Math.sqrt(dynamics.largestForce), 88);
  memory.copy(row + 96, dynamics.kineticTensor, 48);
  for (let k = 0; k < 6; k++) store<f64>(row + 144 + (<usize>k << 3), mixedVirial(dynamics, k));
  memory.copy(row + 192, cell, 72);
  store<f64>(row, thermalEnergyAt(dynamics, dynamics.step), 264);
  const scale = dynamics.scalePressure ? dynamics.potentialFactor : 1;
  store<f64>(row, scale * pressureAt(dynamics, dynamics.step), 272);
  dynamics.rows++;
}

// @ts-ignore: decorator
@inline
function add(sums: usize, index: i32, value: f64): void {
  const slot = sums + (<usize>index << 3);
  store<f64>(slot, load<f64>(slot) + value);
}

/** Sums over steps: 0 potential, 1 reference, 2 kinetic energy, 3 volume, 4 to 9 pressure tensor, 10 to 18 cell. */
function addStep(dynamics: Dynamics): void {
  const sums = dynamics.stepSums;
  const cell = dynamics.evaluator.hood.cell;
  const volume = volumeOf(cell);
  add(sums, 0, load<f64>(dynamics.evaluator.sums));
  if (dynamics.evaluator.groupCount == 2) add(sums, 1, load<f64>(dynamics.evaluator.sums, 80));
  add(sums, 2, dynamics.kinetic);
  add(sums, 3, volume);
  for (let k = 0; k < 6; k++)
    add(sums, 4 + k, (load<f64>(dynamics.kineticTensor + (<usize>k << 3)) + mixedVirial(dynamics, k)) / volume);
  for (let k = 0; k < 9; k++) add(sums, 10 + k, load<f64>(cell + (<usize>k << 3)));
  dynamics.stepSamples++;
}

/** Adds the displacements of a partition's atoms from their sites, which move with the cell. */
function addDisplacements(argument: usize, partition: i32): void {
  const dynamics = changetype<Dynamics>(argument);
  const hood = dynamics.evaluator.hood;
  const system = hood.system;
  const cell = hood.cell;
  const end = firstOf(system.ownCount, partition + 1);
  for (let i = firstOf(system.ownCount, partition); i < end; i++) {
    const x = system.positions + (<usize>i << 5), image = hood.images + (<usize>i << 4);
    const atom = <usize>load<i32>(system.atoms + (<usize>i << 2)) << 5;
    const site = dynamics.sites + atom, sums = dynamics.atomSums + atom;
    // Position + images . cell - fraction of the site . cell.
    const a = <f64>load<i32>(image) - load<f64>(site);
    const b = <f64>load<i32>(image, 4) - load<f64>(site, 8);
    const c = <f64>load<i32>(image, 8) - load<f64>(site, 16);
    let square: f64 = 0;
    for (let d: usize = 0; d < 24; d += 8) {
      const u = load<f64>(x + d) + (a * load<f64>(cell + d) + b * load<f64>(cell + d, 24) + c * load<f64>(cell + d, 48));
      store<f64>(sums + d, load<f64>(sums + d) + u);
      square += u * u;
    }
    store<f64>(sums, load<f64>(sums, 24) + square, 24);
  }
}

function isAccumulated(dynamics: Dynamics, step: i32): bool {
  return dynamics.accumulateEvery > 0 && step >= dynamics.accumulateFrom;
}

function isSampled(dynamics: Dynamics, step: i32): bool {
  return (step - dynamics.firstStep) % dynamics.sampleEvery == 0 || step == dynamics.lastStep;
}

/** Whether a step will be recorded or averaged. */
export function isObserved(dynamics: Dynamics, step: i32): bool {
  return isAccumulated(dynamics, step) || isSampled(dynamics, step);
}

/** Whether anybody will look at the potential energy of a step: to record it, or to count the work of switching. */
export function needsEnergies(dynamics: Dynamics, step: i32): bool {
  return (
    isObserved(dynamics, step) ||
    dynamics.evaluator.groupCount == 2 ||
    dynamics.potential0 != dynamics.potential1
  );
}

/** Samples and accumulates what is due at the present step. */
export function observe(dynamics: Dynamics): void {
  const step = dynamics.step;
  if (isAccumulated(dynamics, step)) {
    addStep(dynamics);
    if ((step - dynamics.accumulateFrom) % dynamics.accumulateEvery == 0) {
      runJob(addDisplacements, changetype<usize>(dynamics));
      dynamics.atomSamples++;
    }
  }
  if (isSampled(dynamics, step)) writeRow(dynamics);
}
