/**
 * The loop over steps: velocity Verlet, or BAOAB with a Langevin bath, with the cell rescaled before the step and
 * velocities after it. It stops where memory must grow, after any phase, and goes on from there when called again.
 */
import { Wanted } from "../engine/system.as";
import { computeForces, followAtoms, TermFunction } from "../potentials/evaluator.as";
import { rescaleCell } from "./barostat.as";
import { Dynamics, Failure, Freedom, Phase, Thermostat } from "./dynamics.as";
import { kickAndDrift, kickAndMeasure } from "./motion.as";
import { isObserved, needsEnergies, observe } from "./sampling.as";
import { pressureAt, setFactors, switchFactors, thermalEnergyAt } from "./schedule.as";
import { exchangeAndDrift, rescaleVelocities } from "./thermostat.as";

function beginStep(dynamics: Dynamics): void {
  const dt = dynamics.timestep;
  const thermalEnergy = thermalEnergyAt(dynamics, dynamics.step + 1);
  switchFactors(dynamics);
  if (dynamics.freedom != Freedom.FIXED) {
    const scale = dynamics.scalePressure ? dynamics.potentialFactor : 1;
    rescaleCell(dynamics, thermalEnergy, scale * pressureAt(dynamics, dynamics.step + 1));
    if (dynamics.failure) return;
  }
  if (dynamics.thermostat == Thermostat.LANGEVIN) {
    kickAndDrift(dynamics, 0.5 * dt, 0.5 * dt);
    exchangeAndDrift(dynamics, thermalEnergy, 0.5 * dt);
  } else kickAndDrift(dynamics, 0.5 * dt, dt);
}

/** Finds out whether the last step went wrong: written so that what is not a number fails. */
function check(dynamics: Dynamics): void {
  const sums = dynamics.evaluator.sums;
  // Where energies were left out this is zero, and forces tell.
  let energy = load<f64>(sums);
  if (dynamics.evaluator.groupCount == 2) energy += load<f64>(sums, 80);
  const farthest = dynamics.largestSpeed * dynamics.timestep * dynamics.timestep;
  const sound =
    dynamics.largestForce <= dynamics.forceLimit * dynamics.forceLimit &&
    farthest <= dynamics.moveLimit * dynamics.moveLimit &&
    Math.abs(energy) < Infinity;
  if (!sound) dynamics.failure = Failure.ATOMS;
}

/** Runs up to `count` steps, or until the ring of rows is full. Returns Status bits; see Dynamics.failure as well. */
export function advanceSteps(dynamics: Dynamics, count: i32, computeTerm: TermFunction): i32 {
  const hood = dynamics.evaluator.hood;
  let left = count;
  while (true) {
    if (dynamics.phase != Phase.READY) {
      let status = followAtoms(hood);
      if (status) return status;
      const moved = dynamics.phase == Phase.MOVED;
      const looked = !moved || isObserved(dynamics, dynamics.step + 1);
      const counted = looked || needsEnergies(dynamics, dynamics.step + 1);
      hood.system.wantsEnergies = counted ? Wanted.TOTAL : Wanted.NOTHING;
      hood.system.wantsVirial = i32(looked || dynamics.freedom != Freedom.FIXED);
      status = computeForces(dynamics.evaluator, computeTerm);
      if (status) return status;
      if (moved) {
        const steered = dynamics.thermostat == Thermostat.VELOCITY_RESCALING || dynamics.freedom != Freedom.FIXED;
        kickAndMeasure(dynamics, 0.5 * dynamics.timestep, looked || steered);
        if (dynamics.thermostat == Thermostat.VELOCITY_RESCALING)
          rescaleVelocities(dynamics, thermalEnergyAt(dynamics, dynamics.step + 1));
        dynamics.step++;
      } else if (dynamics.phase == Phase.START) {
        setFactors(dynamics, dynamics.step);
        kickAndMeasure(dynamics, 0, true);
      }
      check(dynamics);
      if (dynamics.failure) return 0;
      if (dynamics.phase != Phase.RESUME) observe(dynamics);
      dynamics.phase = Phase.READY;
    }
    if (left-- <= 0 || dynamics.step >= dynamics.lastStep || dynamics.rows >= dynamics.ringCapacity) break;
    beginStep(dynamics);
    if (dynamics.failure) return 0;
    dynamics.phase = Phase.MOVED;
  }
  return 0;
}
