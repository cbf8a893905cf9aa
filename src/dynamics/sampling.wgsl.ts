import { DEFORMATION_WORDS, fixedNumberCode, SUM } from "../engine/webgpu/control.js";
import type { KernelSource } from "../engine/webgpu/kernel-source.js";
import { atomsBinding, perAtom, perReplica } from "../neighbors/neighborhood.wgsl.js";
import { sitesBinding } from "../potentials/webgpu-law.wgsl.js";
import { dynamicsCode, runBindings, vectors } from "./motion.wgsl.js";

/** Rows of a replica that the device keeps before they are overwritten. */
export const RING_ROWS = 256;
/** u32 words in a row: step, bits of four f32, then the deformation and the sums. */
export const ROW = { step: 0, force: 1, rescale: 2, factors: 3, deformation: 5, sums: 5 + DEFORMATION_WORDS } as const;
export const ROW_WORDS = ROW.sums + 2 * SUM.count;

/** Puts the sums of a step that is over back to zero; for a kernel of one thread. */
export const clearCode = `
fn clearSums() {
  atomicStore(&control[at(C_LARGEST_FORCE)], 0u);
  for (var k = 0u; k < 2u * S_HEAT; k++) { atomicStore(&control[at(C_SUMS + k)], 0u); }
}
`;

/** The kick of the next step needs the sums of forces after they are cleared. */
const KEEP_FORCES = `for (var k = 0u; k < 6u; k++) {
    setReal(C_CENTER + k, fixedSum(S_FORCE + k));
    atomicStore(&control[at(C_SUMS + 2u * (S_FORCE + k))], 0u);
    atomicStore(&control[at(C_SUMS + 2u * (S_FORCE + k) + 1u)], 0u);
  }`;

/**
 * One thread: ends a step, writes its row where it is observed, and decides what comes next. The sums are cleared here
 * unless something looks at them when the next step begins.
 */
export const endStep = (prepared: boolean, external: boolean): KernelSource => ({
  name: "end step",
  threads: 1,
  bindings: [...runBindings, { name: "ring", type: "array<u32>", access: "read_write" }],
  code: `${dynamicsCode}${fixedNumberCode}${clearCode}${perReplica(`
  if (!running()) { return; }
  if (word(C_EXPIRED) != 0u) {
    // Atoms have moved; the step goes on when there is a list.
    atomicStore(&control[at(C_PHASE)], PHASE_MOVED);
    return;
  }
  if (word(C_FAILED_ATOM) != ${0xffffffff}u) {
    atomicOr(&control[at(C_HALT)], HALT_BLOWN_UP);
    return;
  }
  let step = word(C_STEP) + select(1u, 0u, word(C_START) != 0u);
  atomicStore(&control[at(C_STEP)], step);
  if (word(C_RECORD) != 0u && word(C_START) != START_RESUME) {
    let row = (replica * ${RING_ROWS}u + word(C_ROWS) % ${RING_ROWS}u) * ${ROW_WORDS}u;
    ring[row] = step;
    ring[row + ${ROW.force}u] = word(C_LARGEST_FORCE);
    ring[row + ${ROW.rescale}u] = word(C_RESCALE);
    for (var k = 0u; k < 2u; k++) { ring[row + ${ROW.factors}u + k] = word(C_FACTORS + k); }
    for (var k = 0u; k < ${DEFORMATION_WORDS}u; k++) { ring[row + ${ROW.deformation}u + k] = word(C_DEFORMATION + k); }
    for (var k = 0u; k < ${2 * SUM.count}u; k++) { ring[row + ${ROW.sums}u + k] = word(C_SUMS + k); }
    atomicAdd(&control[at(C_ROWS)], 1u);
  }
  atomicStore(&control[at(C_START)], 0u);
  ${external ? KEEP_FORCES : ""}
  ${prepared ? "" : "clearSums();"}
  let recorded = isRecorded(step + 1u);
  atomicStore(&control[at(C_RECORD)], select(0u, 1u, recorded));
  atomicStore(&control[at(C_OBSERVE)], select(runs[replica].alwaysObserve, 1u, recorded));
  atomicStore(&control[at(C_PHASE)], select(PHASE_READY, PHASE_IDLE, step >= word(C_GOAL)));`)}`,
});

/** Words of the sums over displacements of an atom: x, y, z and the square. */
export const DISPLACEMENT_WORDS = 8;

/** Adds displacements of atoms from their sites, which move with the cell, where they are looked at. */
export const addDisplacements: KernelSource = {
  name: "add displacements",
  threads: 64,
  bindings: [
    ...runBindings,
    atomsBinding(),
    vectors("images", "vec4i", "read"),
    sitesBinding,
    { name: "displacements", type: "array<vec2u>", access: "read_write" },
  ],
  code: `${dynamicsCode}${fixedNumberCode}
fn addTo(index: u32, value: f32) {
  let number = toFixed(value);
  let old = displacements[index];
  let low = old.x + number.x;
  displacements[index] = vec2u(low, old.y + number.y + select(0u, 1u, low < old.x));
}
${perAtom(`
  let step = word(C_STEP) + select(1u, 0u, word(C_START) != 0u);
  let first = runs[replica].averageFrom;
  if (!inside || !forcesDue() || word(C_START) == START_RESUME || step < first) { return; }
  if ((step - first) % runs[replica].averageEvery != 0u) { return; }
  let image = images[i];
  let atom = firstAtom() + u32(image.w);
  let u = toVector(atoms[i].xyz + (image.xyz << frame.bits.xyz) - sites[atom].xyz);
  for (var d = 0u; d < 3u; d++) { addTo(4u * atom + d, u[d]); }
  addTo(4u * atom + 3u, dot(u, u));`)}`,
};
