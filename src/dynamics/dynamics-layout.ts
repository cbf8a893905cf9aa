import { layOut } from "../engine/record-layout.js";

/** Twin of `Dynamics` in dynamics.as.ts. */
export const DYNAMICS = layOut({
  timestep: "f64",
  thermalEnergy0: "f64",
  thermalEnergy1: "f64",
  memory: "f64",
  pressure0: "f64",
  pressure1: "f64",
  barostatRate: "f64",
  potential0: "f64",
  potential1: "f64",
  reference0: "f64",
  reference1: "f64",
  degrees: "f64",
  totalMass: "f64",
  forceLimit: "f64",
  moveLimit: "f64",
  potentialFactor: "f64",
  referenceFactor: "f64",
  kinetic: "f64",
  heat: "f64",
  potentialWork: "f64",
  referenceWork: "f64",
  volumeWork: "f64",
  largestForce: "f64",
  largestSpeed: "f64",
  kick: "f64",
  drift: "f64",
  thermalEnergy: "f64",
  scale: "f64",
  evaluator: "usize",
  velocities: "usize",
  noise: "usize",
  kineticTensor: "usize",
  ring: "usize",
  sites: "usize",
  atomSums: "usize",
  stepSums: "usize",
  step: "i32",
  firstStep: "i32",
  lastStep: "i32",
  seedLow: "usize",
  seedHigh: "usize",
  thermostat: "i32",
  freedom: "i32",
  fixCenter: "i32",
  schedule: "i32",
  scalePressure: "i32",
  sampleEvery: "i32",
  ringCapacity: "i32",
  rows: "i32",
  accumulateEvery: "i32",
  accumulateFrom: "i32",
  atomSamples: "i32",
  stepSamples: "i32",
  phase: "i32",
  failure: "i32",
  wantsKinetic: "i32",
});

export type DynamicsField = keyof (typeof DYNAMICS)["fields"];

/** Numbers that a run changes as it goes: with positions, velocities and the last list build, all of its state. */
export const RUNNING_FIELDS = [
  "potentialFactor",
  "referenceFactor",
  "kinetic",
  "heat",
  "potentialWork",
  "referenceWork",
  "volumeWork",
  "largestForce",
  "largestSpeed",
  "atomSamples",
  "stepSamples",
] as const satisfies readonly DynamicsField[];

/** Twins of the namespaces in dynamics.as.ts and schedule.as.ts. */
export const Phase = { ready: 0, moved: 1, start: 2, resume: 3 } as const;
export const Failure = { none: 0, atoms: 1, cell: 2 } as const;
export const THERMOSTATS = ["none", "langevin", "velocity-rescaling"] as const;
export const FREEDOMS = ["fixed", "isotropic", "tetragonal", "orthorhombic", "any", "uniaxial"] as const;
export const SCHEDULES = ["linear", "smooth", "reciprocal"] as const;

/** f64 in a row of the ring, and in the sums over steps. */
export const ROW_LENGTH = 40;
export const STEP_SUMS = 19;
/** Bytes of random numbers that a partition holds at a time. */
export const NOISE_BYTES = 6144;
