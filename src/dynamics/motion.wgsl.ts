import { fixedPointCode } from "../engine/webgpu/control.js";
import type { Binding, KernelSource } from "../engine/webgpu/kernel-source.js";
import { atomsBinding, baseBindings, baseCode, perAtom } from "../neighbors/neighborhood.wgsl.js";

const runBinding: Binding = { name: "runs", type: "array<Run, REPLICAS>", access: "uniform" };
export const vectors = (name: string, type: "vec4f" | "vec4i", access: Binding["access"]): Binding => ({
  name,
  type: `array<${type}>`,
  access,
});
export const velocitiesBinding = vectors("velocities", "vec4f", "read_write");

/** Numbers of a run; twin of `runWords` in webgpu-run.ts. Time in sqrt(amu A^2/eV). */
const runCode = `
struct Run {
  timestep: f32,
  /** What a step leaves of a velocity or of a deviation of the kinetic energy. */
  keep: f32,
  /** eV, k T at the first and the last step. */
  thermalEnergy0: f32, thermalEnergy1: f32,
  /** Squares of the largest force and speed that are not taken for a failure. */
  forceLimit: f32, speedLimit: f32,
  /** One over the total mass where the center of mass is kept at rest, else 0. */
  rest: f32,
  degrees: f32,
  seed: vec2u,
  firstStep: u32, lastStep: u32,
  sampleEvery: u32,
  /** 1 where the thermostat needs the kinetic energy of each step. */
  rescaling: u32,
  /** First step that means go over, and steps between two looks at displacements. */
  averageFrom: u32, averageEvery: u32,
  /** Factors of the potential, then of the reference system, at the first and the last step. */
  factors: vec4f,
  /** eV/A^3, at the first and the last step; compressibility over relaxation time; volume of the first cell, A^3. */
  pressure0: f32, pressure1: f32, barostatRate: f32, volume: f32,
  /** \`FREEDOMS\`, \`SCHEDULES\`; 1 scales the pressure with the potential; 1 sums energies and virials at each step. */
  freedom: u32, schedule: u32, scalePressure: u32, alwaysObserve: u32,
  /** Of the first cell: as in Frame. */
  a: vec4f, b: vec4f, c: vec4f, p: vec4f, q: vec4f, r: vec4f,
  /** What the heights may shrink to, A. */
  leastHeights: vec4f,
}
/** How far the run has come at the end of the step that is being made, from 0 to 1. */
fn progress() -> f32 {
  let length = runs[replica].lastStep - runs[replica].firstStep;
  return select(0.0, f32(word(C_STEP) + 1u - runs[replica].firstStep) / f32(length), length > 0u);
}
/** eV at the end of the step that is being made. */
fn thermalEnergy() -> f32 {
  return runs[replica].thermalEnergy0 + progress() * (runs[replica].thermalEnergy1 - runs[replica].thermalEnergy0);
}
/** Atoms may be moved. */
fn moveDue() -> bool { return running() && word(C_PHASE) == PHASE_READY; }
/** A row is due at a step, or means go over it. */
fn isRecorded(step: u32) -> bool {
  return (step - runs[replica].firstStep) % runs[replica].sampleEvery == 0u || step == runs[replica].lastStep
    || step >= runs[replica].averageFrom;
}
`;

export const runBindings: readonly Binding[] = [...baseBindings, runBinding];
export const dynamicsCode = baseCode + runCode;

/** What forces are made of: one Hamiltonian, or two with factors; and whether these push the center of mass. */
export interface Mixture {
  readonly groups: 1 | 2;
  readonly external: readonly boolean[];
}

export const mixtureBindings = ({ groups }: Mixture): readonly Binding[] => [
  vectors("forces", "vec4f", "read"),
  ...(groups === 2 ? [vectors("forces1", "vec4f", "read")] : []),
];
/**
 * `kicked`, by the mixed force less what would move the center of mass: of the sums that were just made (`measured`, which
 * needs the fixed-point code), or of those kept from the last step.
 */
export const mixtureCode = ({ groups, external }: Mixture, measured: boolean): string => `
fn centerForce(group: u32) -> vec3f {
  ${
    measured
      ? "let first = S_FORCE + 3u * group;\n  return vec3f(fixedSum(first), fixedSum(first + 1u), fixedSum(first + 2u));"
      : "let first = C_CENTER + 3u * group;\n  return vec3f(real(first), real(first + 1u), real(first + 2u));"
  }
}
/** Acceleration of the center of mass, A per squared unit of time. */
fn centerAcceleration() -> vec3f {
  return runs[replica].rest * (real(C_FACTORS) * centerForce(0u) + real(C_FACTORS + 1u) * centerForce(1u));
}
fn forceOn(i: u32) -> vec3f {
  let force = real(C_FACTORS) * forces[i].xyz;
  return ${groups === 2 ? "force + real(C_FACTORS + 1u) * forces1[i].xyz" : "force"};
}
/** Velocity after a kick of a time; the cell may have moved before it. */
fn kicked(i: u32, old: vec4f, time: f32) -> vec3f {
  return old.xyz + (time * old.w) * forceOn(i)${external.some(Boolean) ? " - time * centerAcceleration()" : ""};
}
/** A velocity as the cell takes it along, at the beginning of a step. */
fn carried(v: vec3f) -> vec3f {
  if (runs[replica].freedom == 0u) { return v; }
  let x = vec3f(real(C_CARRY), real(C_CARRY + 1u), real(C_CARRY + 2u));
  let s = vec3f(real(C_CARRY + 3u), real(C_CARRY + 4u), real(C_CARRY + 5u));
  return vec3f(dot(v, vec3f(x.x, s.z, s.y)), dot(v, vec3f(s.z, x.y, s.x)), dot(v, vec3f(s.y, s.x, x.z)));
}
`;

export const moveBindings: readonly Binding[] = [
  ...runBindings,
  atomsBinding("read_write"),
  velocitiesBinding,
  vectors("built", "vec4i", "read"),
];
/** Moves an atom, and says so where it has gone too far for the list. */
export const moveCode = `
fn drift(i: u32, by: vec3f) {
  let place = atoms[i].xyz + vec3i(round(toPlace(by)));
  atoms[i] = vec4i(place, atoms[i].w);
  let moved = toVector(place - built[i].xyz);
  if (dot(moved, moved) > real(C_SLACK)) { atomicStore(&control[at(C_EXPIRED)], 1u); }
}
`;

/** The first half of velocity Verlet. */
export const advance = (mixture: Mixture): KernelSource => ({
  name: "advance",
  threads: 64,
  bindings: [...moveBindings, ...mixtureBindings(mixture)],
  code: `${dynamicsCode}${moveCode}${mixtureCode(mixture, false)}${perAtom(`
  if (!inside || !moveDue()) { return; }
  let old = velocities[i];
  let v = kicked(i, vec4f(carried(old.xyz), old.w), 0.5 * runs[replica].timestep);
  velocities[i] = vec4f(v, old.w);
  drift(i, runs[replica].timestep * v);`)}`,
});

/** The second half: kick, kinetic energies, and whether any force or speed is beyond its limit. */
export const finish = (mixture: Mixture): KernelSource => ({
  name: "finish",
  threads: 64,
  bindings: [...runBindings, velocitiesBinding, ...mixtureBindings(mixture), vectors("images", "vec4i", "read")],
  code: `${dynamicsCode}${fixedPointCode(7)}${mixtureCode(mixture, true)}
/** Also true of what is not a number, whatever the compiler thinks of comparisons. */
fn beyond(square: f32, limit: f32) -> bool {
  return square > limit || (bitcast<u32>(square) & 0x7f800000u) == 0x7f800000u;
}
${perAtom(`
  let due = forcesDue();
  let observed = due && word(C_OBSERVE) != 0u;
  let wanted = runs[replica].rescaling != 0u && word(C_START) != START_RESUME;
  if (inside && due) {
    let old = velocities[i];
    let v = kicked(i, old, select(0.5 * runs[replica].timestep, 0.0, word(C_START) != 0u));
    velocities[i] = vec4f(v, old.w);
    let force = forceOn(i);
    let force2 = dot(force, force);
    let speed2 = dot(v, v);
    if (beyond(force2, runs[replica].forceLimit) || beyond(speed2, runs[replica].speedLimit)) {
      atomicMin(&control[at(C_FAILED_ATOM)], u32(images[i].w));
    }
    if (observed) {
      atomicMax(&control[at(C_LARGEST_FORCE)], bitcast<u32>(force2));
      let mv = v / old.w;
      addFixed(0u, mv.x * v.x);
      addFixed(1u, mv.y * v.y);
      addFixed(2u, mv.z * v.z);
      addFixed(3u, mv.y * v.z);
      addFixed(4u, mv.x * v.z);
      addFixed(5u, mv.x * v.y);
    }
    if (wanted) { addFixed(6u, 0.5 * speed2 / old.w); }
  }
  workgroupBarrier();
  if (due) {
    if (thread < 6u && observed) { addToControl(thread, S_KINETIC + thread); }
    if (thread == 6u && wanted) { addToControl(6u, S_KINETIC_TOTAL); }
  }`)}`,
});
