import { DEFORMATION_QUANTUM, fixedNumberCode } from "../engine/webgpu/control.js";
import type { KernelSource } from "../engine/webgpu/kernel-source.js";
import { elementaryCode } from "../math/elementary.wgsl.js";
import { movingFrameBinding, perReplica } from "../neighbors/neighborhood.wgsl.js";
import { randomCode } from "../random.wgsl.js";
import { dynamicsCode, runBindings } from "./motion.wgsl.js";
import { clearCode } from "./sampling.wgsl.js";

/** Ratio of the quanta of sums and of the deformation. */
const FINER = 2 ** -30 / DEFORMATION_QUANTUM;

/** The frame that follows from the deformation, and what is left of the skin; for a kernel of one thread. */
const reshapeCode = `
fn deformationAt(first: u32) -> mat3x3f {
  var rows = mat3x3f(1, 0, 0, 0, 1, 0, 0, 0, 1);
  for (var i = 0u; i < 3u; i++) {
    for (var j = 0u; j < 3u; j++) {
      let low = first + 6u * i + 2u * j;
      rows[i][j] += fromFixed(vec2u(word(low), word(low + 1u))) * ${1 / FINER};
    }
  }
  return rows;
}
/** Columns of the inverse of a matrix given by its rows. */
fn inverseColumns(rows: mat3x3f) -> mat3x3f {
  let volume = dot(rows[0], cross(rows[1], rows[2]));
  return mat3x3f(
    cross(rows[1], rows[2]) / volume,
    cross(rows[2], rows[0]) / volume,
    cross(rows[0], rows[1]) / volume);
}
/** A row vector times a matrix given by its rows. */
fn rowTimes(v: vec3f, rows: mat3x3f) -> vec3f { return v.x * rows[0] + v.y * rows[1] + v.z * rows[2]; }
fn reshape() {
  let rows = deformationAt(C_DEFORMATION);
  let columns = inverseColumns(rows);
  let first = runs[replica];
  frames[replica].a = vec4f(rowTimes(first.a.xyz, rows), 0);
  frames[replica].b = vec4f(rowTimes(first.b.xyz, rows), 0);
  frames[replica].c = vec4f(rowTimes(first.c.xyz, rows), 0);
  let back = mat3x3f(first.p.xyz, first.q.xyz, first.r.xyz);
  let p = rowTimes(vec3f(columns[0].x, columns[1].x, columns[2].x), back);
  let q = rowTimes(vec3f(columns[0].y, columns[1].y, columns[2].y), back);
  let r = rowTimes(vec3f(columns[0].z, columns[1].z, columns[2].z), back);
  frames[replica].p = vec4f(p, 0);
  frames[replica].q = vec4f(q, 0);
  frames[replica].r = vec4f(r, 0);
  let safe = frame.reach * 1.0001 + 1e-4 * frame.skin;
  for (var d = 0u; d < 3u; d++) {
    let height = exp2(f32(frame.bits[d])) / length(vec3f(p[d], q[d], r[d]));
    if (!(height > first.leastHeights[d])) { atomicOr(&control[at(C_HALT)], HALT_CELL); }
    frames[replica].span[d] = i32(ceil(safe / height * f32(frame.bins[d])));
  }
  // Lengths are sigma times those at the list build or more: sigma is one less the size of F_built^-1 F - 1.
  let before = inverseColumns(deformationAt(C_BUILT_DEFORMATION));
  var square = 0.0;
  for (var i = 0u; i < 3u; i++) {
    let change = rowTimes(vec3f(before[0][i], before[1][i], before[2][i]), rows);
    var identity = vec3f(0);
    identity[i] = 1.0;
    square += dot(change - identity, change - identity);
  }
  let left = 0.4999 * ((1.0 - sqrt(square)) * frame.reach - frame.cutoff);
  setReal(C_SLACK, max(left, 0.0) * max(left, 0.0));
  if (left <= 0) { atomicStore(&control[at(C_EXPIRED)], 1u); }
}
`;

/** One thread: the frame anew, of a run that goes on from a checkpoint. */
export const reshapeFrame: KernelSource = {
  name: "reshape frame",
  threads: 1,
  bindings: runBindings.map((binding) => (binding.name === "frames" ? movingFrameBinding : binding)),
  code: `${dynamicsCode}${fixedNumberCode}${reshapeCode}${perReplica("  reshape();")}`,
};

/** How factors go along a run; schedule.as.ts says what they are. */
const scheduleCode = `
fn smooth5(s: f32) -> f32 {
  let s2 = s * s;
  return s2 * s2 * s * ((((70.0 * s - 315.0) * s + 540.0) * s - 420.0) * s + 126.0);
}
fn factorAt(first: f32, last: f32, s: f32) -> f32 {
  if (first == last || s <= 0) { return first; }
  if (s >= 1) { return last; }
  if (runs[replica].schedule == 2u) { return first * last / (last + s * (first - last)); }
  if (runs[replica].schedule == 0u) { return first + s * (last - first); }
  // From the nearer end: the polynomial is a small difference of large terms near 1.
  if (s > 0.5) { return last + smooth5(1.0 - s) * (first - last); }
  return first + smooth5(s) * (last - first);
}
/** eV/A^3, of a progress from 0 to 1, without the scaling by the factor of the potential. */
fn pressureAt(s: f32) -> f32 { return runs[replica].pressure0 + s * (runs[replica].pressure1 - runs[replica].pressure0); }
/** Takes the factors to the next step with the atoms at rest, and counts the work. */
fn switchFactors(volume: f32) {
  let s = progress();
  let old = vec2f(real(C_FACTORS), real(C_FACTORS + 1u));
  let f = runs[replica].factors;
  let next = vec2f(factorAt(f.x, f.y, s), factorAt(f.z, f.w, s));
  setReal(C_FACTORS, next.x);
  setReal(C_FACTORS + 1u, next.y);
  addWords(C_SUMS + 2u * S_POTENTIAL_WORK, toFixed((next.x - old.x) * fixedSum(S_ENERGY)));
  addWords(C_SUMS + 2u * S_REFERENCE_WORK, toFixed((next.y - old.y) * fixedSum(S_REFERENCE_ENERGY)));
  if (runs[replica].scalePressure == 0u) { return; }
  let length = f32(max(1u, runs[replica].lastStep - runs[replica].firstStep));
  let now = f32(word(C_STEP) - runs[replica].firstStep) / length;
  addWords(C_SUMS + 2u * S_VOLUME_WORK, toFixed((next.x - old.x) * pressureAt(now) * volume));
}
`;

/** The law of barostat.as.ts, on the device. */
const rescaleCode = `
const LARGEST = 0.05;
fn barostatNormal(index: u32) -> f32 {
  let pair = normalPair(index >> 1u, word(C_STEP), SITE_BAROSTAT, runs[replica].seed);
  return select(pair.x, pair.y, (index & 1u) != 0u);
}
/** Symmetric matrix of xx yy zz and yz xz xy, times another. */
fn symmetric(x: vec3f, s: vec3f) -> mat3x3f { return mat3x3f(x.x, s.z, s.y, s.z, x.y, s.x, s.y, s.x, x.z); }
/** exp(e) - 1 to third order. */
fn exponentialLess(e: mat3x3f) -> mat3x3f {
  let square = e * e;
  return e + 0.5 * square + (1.0 / 6.0) * (square * e);
}
fn rescaleCell(volume: f32) {
  let thermal = thermalEnergy();
  let rate = runs[replica].barostatRate * runs[replica].timestep / 3.0;
  let amplitude = sqrt(2.0 * rate * thermal / volume);
  let scale = select(1.0, real(C_FACTORS), runs[replica].scalePressure != 0u);
  let atRest = runs[replica].degrees < 3.0 * f32(frame.count);
  let goal = scale * pressureAt(progress()) - select(0.0, thermal / volume, atRest);
  let square = real(C_RESCALE) * real(C_RESCALE);
  var e = array<f32, 6>();
  var largest = 0.0;
  for (var k = 0u; k < 6u; k++) {
    let row = select(select(0u, 1u, k == 3u), k, k < 3u);
    let column = select(select(2u, 1u, k == 5u), k, k < 3u);
    let noise = 0.5 * (barostatNormal(3u * row + column) + barostatNormal(3u * column + row));
    let virial = real(C_FACTORS) * fixedSum(S_VIRIAL + k) + real(C_FACTORS + 1u) * fixedSum(S_REFERENCE_VIRIAL + k);
    let internal = (square * fixedSum(S_KINETIC + k) + virial) / volume;
    e[k] = rate * (internal - select(0.0, goal, k < 3u)) + amplitude * noise;
    largest = max(largest, abs(e[k]));
  }
  if (!(largest < LARGEST)) {
    atomicOr(&control[at(C_HALT)], HALT_CELL);
    return;
  }
  var x = vec3f(e[0], e[1], e[2]);
  var s = vec3f(e[3], e[4], e[5]);
  let freedom = runs[replica].freedom;
  if (freedom != 4u) { s = vec3f(0); }
  if (freedom == 1u) { x = vec3f((x.x + x.y + x.z) / 3.0); }
  if (freedom == 2u) { x = vec3f(0.5 * (x.x + x.y), 0.5 * (x.x + x.y), x.z); }
  let grown = exponentialLess(symmetric(x, s));
  let rows = deformationAt(C_DEFORMATION);
  for (var i = 0u; i < 3u; i++) {
    let change = rowTimes(rows[i], grown);
    for (var j = 0u; j < 3u; j++) { addWords(C_DEFORMATION + 6u * i + 2u * j, toFixed(${FINER} * change[j])); }
  }
  let carry = exponentialLess(symmetric(-x, -s));
  setReal(C_CARRY, 1.0 + carry[0][0]);
  setReal(C_CARRY + 1u, 1.0 + carry[1][1]);
  setReal(C_CARRY + 2u, 1.0 + carry[2][2]);
  setReal(C_CARRY + 3u, carry[1][2]);
  setReal(C_CARRY + 4u, carry[0][2]);
  setReal(C_CARRY + 5u, carry[0][1]);
  reshape();
}
`;

/** One thread: before a step, the factors of the Hamiltonians and the cell; then the sums of the last step are cleared. */
export const beginStep: KernelSource = {
  name: "begin step",
  threads: 1,
  bindings: reshapeFrame.bindings,
  code: `${dynamicsCode}${fixedNumberCode}${elementaryCode}${randomCode}${clearCode}${reshapeCode}${scheduleCode}${rescaleCode}${perReplica(`
  if (!moveDue()) { return; }
  let rows = deformationAt(C_DEFORMATION);
  let volume = runs[replica].volume * dot(rows[0], cross(rows[1], rows[2]));
  switchFactors(volume);
  if (runs[replica].freedom != 0u) {
    rescaleCell(volume);
    if (word(C_HALT) != 0u) { return; }
  }
  clearSums();`)}`,
};
