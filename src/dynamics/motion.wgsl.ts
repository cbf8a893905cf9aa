import { fixedPointCode } from "../engine/webgpu/control.js";
import type { Binding, KernelSource } from "../engine/webgpu/kernel-source.js";
import { atomsBinding, baseBindings, baseCode, perAtom } from "../neighbors/neighborhood.wgsl.js";

const runBinding: Binding = { name: "run", type: "Run", access: "uniform" };
const vectors = (name: string, type: "vec4f" | "vec4i", access: Binding["access"]): Binding => ({
  name,
  type: `array<${type}>`,
  access,
});
export const velocitiesBinding = vectors("velocities", "vec4f", "read_write");

/** Numbers of a run; twin of `runWords` in webgpu-dynamics.ts. Time in sqrt(amu A^2/eV). */
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
  sampleEvery: u32, rescaling: u32, pad0: u32, pad1: u32,
}
/** eV at the end of the step that is being made. */
fn thermalEnergy() -> f32 {
  let length = run.lastStep - run.firstStep;
  let s = select(0.0, f32(word(C_STEP) + 1u - run.firstStep) / f32(length), length > 0u);
  return run.thermalEnergy0 + s * (run.thermalEnergy1 - run.thermalEnergy0);
}
/** Atoms may be moved. */
fn moveDue() -> bool { return running() && word(C_PHASE) == PHASE_READY; }
`;

export const runBindings: readonly Binding[] = [...baseBindings, runBinding];
export const dynamicsCode = baseCode + runCode;

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
  if (dot(moved, moved) > frame.slack) { atomicStore(&control[C_EXPIRED], 1u); }
}
`;

/** The first half of velocity Verlet. */
export const advance: KernelSource = {
  name: "advance",
  threads: 64,
  bindings: [...moveBindings, vectors("forces", "vec4f", "read")],
  code: `${dynamicsCode}${moveCode}${perAtom(`
  if (i >= frame.count || !moveDue()) { return; }
  let old = velocities[i];
  let v = old.xyz + (0.5 * run.timestep * old.w) * forces[i].xyz;
  velocities[i] = vec4f(v, old.w);
  drift(i, run.timestep * v);`)}`,
};

/** The second half: kick, kinetic energies, and whether any force or speed is beyond its limit. */
export const finish: KernelSource = {
  name: "finish",
  threads: 64,
  bindings: [...runBindings, velocitiesBinding, vectors("forces", "vec4f", "read"), vectors("images", "vec4i", "read")],
  code: `${dynamicsCode}${fixedPointCode(7)}
/** Also true of what is not a number, whatever the compiler thinks of comparisons. */
fn beyond(square: f32, limit: f32) -> bool {
  return square > limit || (bitcast<u32>(square) & 0x7f800000u) == 0x7f800000u;
}
${perAtom(`
  let due = forcesDue();
  let observed = due && word(C_OBSERVE) != 0u;
  if (i < frame.count && due) {
    let old = velocities[i];
    let force = forces[i].xyz;
    let kick = select(0.5 * run.timestep * old.w, 0.0, word(C_START) != 0u);
    let v = old.xyz + kick * force;
    velocities[i] = vec4f(v, old.w);
    let force2 = dot(force, force);
    let speed2 = dot(v, v);
    if (beyond(force2, run.forceLimit) || beyond(speed2, run.speedLimit)) {
      atomicMin(&control[C_FAILED_ATOM], u32(images[i].w));
    }
    if (observed) {
      atomicMax(&control[C_LARGEST_FORCE], bitcast<u32>(force2));
      let mv = v / old.w;
      addFixed(0u, mv.x * v.x);
      addFixed(1u, mv.y * v.y);
      addFixed(2u, mv.z * v.z);
      addFixed(3u, mv.y * v.z);
      addFixed(4u, mv.x * v.z);
      addFixed(5u, mv.x * v.y);
    }
    if (run.rescaling != 0u) { addFixed(6u, 0.5 * speed2 / old.w); }
  }
  workgroupBarrier();
  if (due) {
    if (thread < 6u && observed) { addToControl(thread, S_KINETIC + thread); }
    if (thread == 6u && run.rescaling != 0u) { addToControl(6u, S_KINETIC_TOTAL); }
  }`)}`,
};
