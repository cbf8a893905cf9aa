/**
 * The state of a run inside WebAssembly. Time is in sqrt(amu A^2/eV), so that velocities, masses and energies need no
 * factors; the host converts.
 */
import { Evaluator } from "../potentials/evaluator.as";

export namespace Thermostat {
  export const NONE: i32 = 0;
  export const LANGEVIN: i32 = 1;
  export const VELOCITY_RESCALING: i32 = 2;
}

/** What the cell may do, in the order of `CellFreedom`. */
export namespace Freedom {
  export const FIXED: i32 = 0;
  export const ISOTROPIC: i32 = 1;
  export const TETRAGONAL: i32 = 2;
  export const ORTHORHOMBIC: i32 = 3;
  export const ANY: i32 = 4;
  export const UNIAXIAL: i32 = 5;
}

export namespace Phase {
  /** Forces are up to date: the next step can begin. */
  export const READY: i32 = 0;
  /** Atoms have moved; forces and the second half of the step are missing. */
  export const MOVED: i32 = 1;
  /** Nothing is computed yet: forces and a first sample are missing. */
  export const START: i32 = 2;
  /** From a checkpoint: only forces are missing, everything measured was restored. */
  export const RESUME: i32 = 3;
}

export namespace Failure {
  export const NONE: i32 = 0;
  /** A force, a speed or the energy is not finite or beyond its limit. */
  export const ATOMS: i32 = 1;
  /** The cell would have changed by more than a twentieth in one step. */
  export const CELL: i32 = 2;
}

@unmanaged
export class Dynamics {
  timestep: f64;
  /** eV, k T at the first and the last step, linear between. */
  thermalEnergy0: f64;
  thermalEnergy1: f64;
  /** What a step leaves of a velocity (Langevin) or of a deviation of the kinetic energy (rescaling): exp(-dt/tau). */
  memory: f64;
  /** eV/A^3, target at the first and the last step. */
  pressure0: f64;
  pressure1: f64;
  /** Compressibility over relaxation time. */
  barostatRate: f64;
  /** Factors of the two Hamiltonians at the first and the last step. */
  potential0: f64;
  potential1: f64;
  reference0: f64;
  reference1: f64;
  /** Kinetic degrees of freedom. */
  degrees: f64;
  totalMass: f64;
  /** eV/A and A per step beyond which a run has blown up. */
  forceLimit: f64;
  moveLimit: f64;
  /** Present factors of the two Hamiltonians. */
  potentialFactor: f64;
  referenceFactor: f64;
  /** eV. */
  kinetic: f64;
  /** eV, given by the thermostat so far. */
  heat: f64;
  /** eV, done so far by changing the factor of either Hamiltonian, and of P V. */
  potentialWork: f64;
  referenceWork: f64;
  volumeWork: f64;
  /** Squares of the largest force and speed of the last step. */
  largestForce: f64;
  largestSpeed: f64;
  /** What the pass over the atoms that is under way needs: times of kick and drift, k T, a factor of velocities. */
  kick: f64;
  drift: f64;
  thermalEnergy: f64;
  scale: f64;
  evaluator: Evaluator;
  /** [own] records of 32 bytes: f64 vx, vy, vz and 1/mass. */
  velocities: usize;
  /** 6 kB for random numbers of each partition. */
  noise: usize;
  /** [6] f64 sum m v v, xx yy zz yz xz xy. */
  kineticTensor: usize;
  /** Rows of ROW_BYTES. */
  ring: usize;
  /** [own] records of 32 bytes, as the caller numbers atoms: fractional coordinates of the sites of displacements. */
  sites: usize;
  /** [own] records of 32 bytes, as the caller numbers atoms: sums of the displacement and of its square. */
  atomSums: usize;
  /** [SUM_COUNT] f64 sums over steps. */
  stepSums: usize;
  step: i32;
  firstStep: i32;
  lastStep: i32;
  seedLow: u32;
  seedHigh: u32;
  thermostat: i32;
  freedom: i32;
  /** 1 keeps the center of mass at rest whatever the forces. */
  fixCenter: i32;
  schedule: i32;
  /** 1 scales the target pressure along with the factor of the potential. */
  scalePressure: i32;
  sampleEvery: i32;
  ringCapacity: i32;
  rows: i32;
  accumulateEvery: i32;
  accumulateFrom: i32;
  atomSamples: i32;
  stepSamples: i32;
  phase: i32;
  failure: i32;
  /** 1 at steps whose kinetic energy somebody looks at. */
  wantsKinetic: i32;
}
