import { fixedNumberCode, fixedPointCode } from "../engine/webgpu/control.js";
import type { KernelSource } from "../engine/webgpu/kernel-source.js";
import { elementaryCode } from "../math/elementary.wgsl.js";
import { perAtom, perReplica } from "../neighbors/neighborhood.wgsl.js";
import { randomCode } from "../random.wgsl.js";
import {
  dynamicsCode,
  type Mixture,
  mixtureBindings,
  mixtureCode,
  moveBindings,
  moveCode,
  runBindings,
  vectors,
  velocitiesBinding,
} from "./motion.wgsl.js";

/** B, A and O of BAOAB (B. Leimkuhler, C. Matthews, Appl. Math. Res. Express 2013, 34): exchange with the bath. */
export const exchange = (mixture: Mixture): KernelSource => ({
  name: "exchange",
  threads: 64,
  bindings: [...moveBindings, ...mixtureBindings(mixture), vectors("images", "vec4i", "read")],
  code: `${dynamicsCode}${moveCode}${elementaryCode}${randomCode}${fixedPointCode(4)}${mixtureCode(mixture, false)}${perAtom(`
  let due = moveDue();
  if (inside && due) {
    let old = velocities[i];
    let v = kicked(i, vec4f(carried(old.xyz), old.w), 0.5 * runs[replica].timestep);
    drift(i, 0.5 * runs[replica].timestep * v);
    let noise = normalTriple(u32(images[i].w), word(C_STEP), SITE_LANGEVIN, runs[replica].seed);
    let amplitude = sqrt(thermalEnergy() * (1 - runs[replica].keep * runs[replica].keep) * old.w);
    let next = runs[replica].keep * v + amplitude * noise;
    velocities[i] = vec4f(next, old.w);
    addFixed(0u, -0.5 * dot(v, v) / old.w);
    for (var d = 0u; d < 3u; d++) { addFixed(1u + d, next[d] / old.w); }
  }
  workgroupBarrier();
  if (due && thread == 0u) { addToControl(0u, S_HEAT); }
  if (due && thread > 0u && thread < 4u) { addToControl(thread, S_MOMENTUM + thread - 1u); }`)}`,
});

/** The second A: the center of mass put to rest where asked for, and the heat counted. */
export const driftOn: KernelSource = {
  name: "drift on",
  threads: 64,
  bindings: moveBindings,
  code: `${dynamicsCode}${moveCode}${fixedPointCode(1)}${perAtom(`
  let due = moveDue();
  if (inside && due) {
    let old = velocities[i];
    let center = runs[replica].rest * vec3f(fixedSum(S_MOMENTUM), fixedSum(S_MOMENTUM + 1u), fixedSum(S_MOMENTUM + 2u));
    let v = old.xyz - center;
    velocities[i] = vec4f(v, old.w);
    drift(i, 0.5 * runs[replica].timestep * v);
    addFixed(0u, 0.5 * dot(v, v) / old.w);
  }
  workgroupBarrier();
  if (due && thread == 0u) { addToControl(0u, S_HEAT); }`)}`,
};

/**
 * One thread: the factor of stochastic velocity rescaling (G. Bussi, D. Donadio, M. Parrinello, J. Chem. Phys. 126, 014101
 * (2007), eq. A7), with the gamma deviate of G. Marsaglia, W. W. Tsang, ACM TOMS 26, 363 (2000).
 */
export const drawFactor: KernelSource = {
  name: "draw factor",
  threads: 1,
  bindings: runBindings,
  code: `${dynamicsCode}${elementaryCode}${randomCode}${fixedNumberCode}
fn gammaNormal(index: u32) -> f32 {
  let pair = normalPair(index >> 1u, word(C_STEP), SITE_GAMMA_DEVIATE, runs[replica].seed);
  return select(pair.x, pair.y, (index & 1u) != 0u);
}
/** Logarithm of the acceptance, d (1 - v + ln v) + x^2/2 with v = (1 + t)^3: by its series where t is small. */
fn acceptance(d: f32, t: f32, x: f32) -> f32 {
  if (abs(t) < 0.03) { return d * t * t * t * t * (-0.75 + t * (0.6 - 0.5 * t)); }
  let root = 1.0 + t;
  return 0.5 * x * x + d * (1.0 - root * root * root + 3.0 * logarithm(root));
}
fn sumOfSquares(count: u32) -> f32 {
  if (count <= 64u) {
    var sum = 0.0;
    for (var k = 0u; k < count; k++) {
      let x = gammaNormal(k);
      sum += x * x;
    }
    return sum;
  }
  let d = 0.5 * f32(count) - 1.0 / 3.0;
  let c = 1.0 / sqrt(9.0 * d);
  for (var attempt = 0u; attempt < 1000u; attempt++) {
    let x = gammaNormal(attempt);
    let root = 1.0 + c * x;
    // Uniform numbers of another use-site, the first two of which are the normal deviate below.
    let draw = attempt + 2u;
    let words = philox(draw >> 1u, word(C_STEP), SITE_VELOCITY_RESCALING, runs[replica].seed);
    let u = toUniform(select(words.x, words.z, (draw & 1u) != 0u));
    if (root > 0.0 && logarithm(u) < acceptance(d, c * x, x)) { return 2.0 * d * root * root * root; }
  }
  return f32(count);
}
${perReplica(`
  if (!forcesDue() || word(C_START) == START_RESUME) { return; }
  let kinetic = fixedSum(S_KINETIC_TOTAL);
  var factor = 1.0;
  if (word(C_START) == 0u && kinetic > 0.0) {
    let squares = sumOfSquares(u32(runs[replica].degrees) - 1u);
    let r = normalPair(0u, word(C_STEP), SITE_VELOCITY_RESCALING, runs[replica].seed).x;
    let share = (1.0 - runs[replica].keep) * 0.5 * thermalEnergy() / kinetic;
    let square = runs[replica].keep + share * (r * r + squares) + 2.0 * r * sqrt(runs[replica].keep * share);
    factor = sqrt(max(0.0, square));
    if (share > 0.0) { if (r + sqrt(runs[replica].keep / share) < 0.0) { factor = -factor; } }
  }
  atomicStore(&control[at(C_RESCALE)], bitcast<u32>(factor));`)}`,
};

/** Scales the velocities and counts the heat. */
export const rescale: KernelSource = {
  name: "rescale",
  threads: 64,
  bindings: [...runBindings, velocitiesBinding],
  code: `${dynamicsCode}${fixedPointCode(1)}${perAtom(`
  let due = forcesDue() && word(C_START) == 0u;
  if (inside && due) {
    let old = velocities[i];
    let v = bitcast<f32>(word(C_RESCALE)) * old.xyz;
    velocities[i] = vec4f(v, old.w);
    addFixed(0u, 0.5 * dot(v - old.xyz, v + old.xyz) / old.w);
  }
  workgroupBarrier();
  if (due && thread == 0u) { addToControl(0u, S_HEAT); }`)}`,
};
