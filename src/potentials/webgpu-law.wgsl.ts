import { fixedPointCode } from "../engine/webgpu/control.js";
import type { Binding, KernelSource } from "../engine/webgpu/kernel-source.js";
import {
  baseBindings,
  baseCode,
  listBinding,
  neighborBindings,
  neighborCode,
  perAtom,
} from "../neighbors/neighborhood.wgsl.js";

/**
 * Names of these bindings get the number of the term or of the Hamiltonian, and `FIRST`, `FIRST_GRADIENT` and `GROUP`
 * their value, in webgpu-system.ts.
 */
const vectors = (name: string, access: Binding["access"] = "read_write"): Binding => ({
  name,
  type: "array<vec4f>",
  access,
});
export const tablesBinding = vectors("tables", "read");
/** [N] sites that atoms are tied to: unwrapped places modulo 2^32 as the caller numbers atoms, and bits of a number. */
export const sitesBinding: Binding = { name: "sites", type: "array<vec4i>", access: "read" };
/** [scratchPerAtom x atoms]. */
export const scratchBinding = (access: "read" | "read_write"): Binding => vectors("scratch", access);
/** xyz force on an atom, eV/A; w its energy, eV. */
const forcesBinding = vectors("forces");
/** Two of an atom: xx yy zz, then yz xz xy, eV; written where the step is observed. */
const virialsBinding = vectors("virials");
const gradientsBinding = vectors("gradients");

/** Where a law leaves forces, energies and virials. */
export const outputBindings: readonly Binding[] = [forcesBinding, virialsBinding];
/** What the last kernel of a law of neighbors sees: neighbors, \`tables\` and \`deposit\`. */
export const forceBindings: readonly Binding[] = [...neighborBindings, tablesBinding, ...outputBindings];
export const depositCode = `
fn deposit(i: u32, force: vec3f, energy: f32, diagonal: vec3f, rest: vec3f) {
  let here = vec4f(force, energy);
  if (FIRST) { forces[i] = here; } else { forces[i] += here; }
  if (word(C_OBSERVE) == 0u) { return; }
  if (FIRST) {
    virials[2u * i] = vec4f(diagonal, 0);
    virials[2u * i + 1u] = vec4f(rest, 0);
  } else {
    virials[2u * i] += vec4f(diagonal, 0);
    virials[2u * i + 1u] += vec4f(rest, 0);
  }
}
`;

export const forceCode = `${neighborCode}${depositCode}`;
/** The same with \`depositGradient\`, which must be called for every entry of the row. */
export const gradientBindings: readonly Binding[] = [...forceBindings, gradientsBinding];
export const gradientCode = `${forceCode}
fn depositGradient(i: u32, k: u32, gradient: vec3f) {
  let at = k * frame.stride + i;
  if (FIRST_GRADIENT) { gradients[at] = vec4f(gradient, 0); } else { gradients[at] += vec4f(gradient, 0); }
}
`;

/** F_i = sum over neighbors of dE_i/dr_ij - dE_j/dr_ji. */
export const gatherGradients: KernelSource = {
  name: "gather gradients",
  threads: 64,
  bindings: [
    ...baseBindings,
    listBinding(),
    { name: "reverse", type: "array<u32>", access: "read" },
    vectors("gradients", "read"),
    forcesBinding,
  ],
  code: `${baseCode}${perAtom(`
  if (!inside || !forcesDue()) { return; }
  var force = vec3f(0);
  for (var k = 0u; k < list[i]; k++) {
    let at = k * frame.stride + i;
    force += gradients[at].xyz - gradients[reverse[at]].xyz;
  }
  forces[i] += vec4f(force, 0);`)}`,
};

/** Sums energies and virials where the step is observed, and forces of a law that can push the center of mass. */
export const sumForces = (external: boolean): KernelSource => ({
  name: "sum forces",
  threads: 64,
  bindings: [
    ...baseBindings,
    vectors("forces", "read"),
    vectors("virials", "read"),
    { name: "images", type: "array<vec4i>", access: "read" },
  ],
  code: `${baseCode}${fixedPointCode(10)}
const ENERGY = select(S_ENERGY, S_REFERENCE_ENERGY, GROUP == 1u);
const FORCE = select(S_FORCE, S_REFERENCE_FORCE, GROUP == 1u);
${perAtom(`
  let due = forcesDue();
  let observed = due && word(C_OBSERVE) != 0u;
  if (inside && observed) {
    addFixed(0u, forces[i].w);
    let diagonal = virials[2u * i];
    let rest = virials[2u * i + 1u];
    for (var d = 0u; d < 3u; d++) {
      addFixed(1u + d, diagonal[d]);
      addFixed(4u + d, rest[d]);
    }
    if ((bitcast<u32>(forces[i].w) & 0x7f800000u) == 0x7f800000u) {
      atomicMin(&control[at(C_FAILED_ATOM)], u32(images[i].w));
    }
  }
  ${external ? "if (inside && due) { for (var d = 0u; d < 3u; d++) { addFixed(7u + d, forces[i][d]); } }" : ""}
  workgroupBarrier();
  if (thread < 7u && observed) { addToControl(thread, ENERGY + thread); }
  ${external ? "if (thread >= 7u && thread < 10u && due) { addToControl(thread, FORCE + thread - 7u); }" : ""}`)}`,
});
