import { InputError } from "../errors.js";
import { exponential, logarithm } from "../math/elementary.js";
import type { Session } from "../potentials/potential.js";
import { randomStream } from "../random.js";
import type { Structure } from "../structure/structure.js";
import { BOLTZMANN, TIME_UNIT_FS } from "../units.js";
import type { Ensemble } from "./ensemble.js";
import { kineticEnergy, massesOf, restCenter } from "./velocities.js";

/** Atoms of a run of the reference integrator. */
export interface ReferenceState {
  /** [3N] A. */
  readonly positions: Float64Array;
  /** [3N] A/fs. */
  readonly velocities: Float64Array;
  /** eV. */
  readonly potentialEnergy: number;
}

export interface ReferenceRun {
  readonly structure: Structure;
  /** [3N] A/fs. */
  readonly velocities: Float64Array;
  /** nve or nvt with one temperature. */
  readonly ensemble: Ensemble;
  /** fs. */
  readonly timestep: number;
  readonly steps: number;
  readonly seed: number;
  /** Kinetic degrees of freedom. */
  readonly degrees: number;
}

/**
 * The integrators of the WebAssembly engine written plainly: velocity Verlet, BAOAB, stochastic velocity rescaling, with
 * the same random numbers, so that trajectories agree until chaos has amplified the rounding. Time in fs; the session
 * must have been opened on the run's structure.
 */
export async function runReference(session: Session, run: ReferenceRun): Promise<ReferenceState> {
  const { structure, ensemble, timestep, steps, seed, degrees } = run;
  if (ensemble.kind === "npt")
    throw new InputError({ what: "ensemble.kind", value: "npt", expected: "nve or nvt in the reference integrator" });
  const masses = massesOf(structure);
  const positions = structure.positions.slice();
  const velocities = run.velocities.slice();
  const kT = BOLTZMANN * ensemble.temperature[0];
  const keep = exponential(-timestep / ensemble.thermostatTime);
  const fixed = ensemble.center === "fixed";
  const kick = (forces: Float64Array, time: number): void => {
    // eV/(A amu) is A per internal unit of time squared.
    for (let i = 0; i < masses.length; i++)
      for (let d = 3 * i; d < 3 * i + 3; d++) velocities[d]! += ((forces[d]! / masses[i]!) * time) / TIME_UNIT_FS ** 2;
  };
  const drift = (time: number): void => {
    for (let k = 0; k < positions.length; k++) positions[k]! += velocities[k]! * time;
  };

  let evaluation = await session.evaluate({ positions });
  for (let step = 0; step < steps; step++) {
    kick(evaluation.forces, timestep / 2);
    if (ensemble.thermostat === "langevin") {
      drift(timestep / 2);
      const noise = randomStream(seed, "langevin", step);
      for (let i = 0; i < masses.length; i++) {
        const amplitude = Math.sqrt((kT * (1 - keep ** 2)) / masses[i]!) / TIME_UNIT_FS;
        for (let d = 3 * i; d < 3 * i + 3; d++) velocities[d] = keep * velocities[d]! + amplitude * noise.normal();
      }
      if (fixed) restCenter(masses, velocities);
      drift(timestep / 2);
    } else drift(timestep);
    evaluation = await session.evaluate({ positions });
    kick(evaluation.forces, timestep / 2);
    if (ensemble.thermostat === "velocity-rescaling") {
      const factor = rescaling(kineticEnergy(masses, velocities), kT, degrees, keep, seed, step);
      for (let k = 0; k < velocities.length; k++) velocities[k]! *= factor;
    }
  }
  return { positions, velocities, potentialEnergy: evaluation.energy };
}

/** Factor of the velocities in one step: Bussi, Donadio and Parrinello, J. Chem. Phys. 126, 014101 (2007), eq. A7. */
function rescaling(kinetic: number, kT: number, degrees: number, keep: number, seed: number, step: number): number {
  if (kinetic === 0) return 1;
  const uniforms = randomStream(seed, "velocityRescaling", step);
  const r = uniforms.normal();
  const normals = randomStream(seed, "gammaDeviate", step);
  const squares = sumOfSquares(degrees - 1, () => normals.normal(), uniforms.uniform);
  const share = ((1 - keep) * 0.5 * kT) / kinetic;
  const square = keep + share * (r * r + squares) + 2 * r * Math.sqrt(keep * share);
  return Math.sign(r + Math.sqrt(keep / share)) * Math.sqrt(square);
}

/** Sum of `count` squared normal deviates: twice a gamma deviate, by Marsaglia and Tsang where there are many. */
function sumOfSquares(count: number, normal: () => number, uniform: () => number): number {
  if (count <= 64) {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += normal() ** 2;
    return sum;
  }
  const d = 0.5 * count - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal();
    const v = (1 + c * x) ** 3;
    const u = uniform();
    if (v > 0 && logarithm(u) < 0.5 * x * x + d - d * v + d * logarithm(v)) return 2 * d * v;
  }
}
