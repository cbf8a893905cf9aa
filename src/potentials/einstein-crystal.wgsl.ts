import type { KernelSource } from "../engine/webgpu/kernel-source.js";
import { atomsBinding, baseBindings, baseCode, perAtom } from "../neighbors/neighborhood.wgsl.js";
import type { WebGpuTwin } from "./term.js";
import { depositCode, outputBindings, sitesBinding } from "./webgpu-law.wgsl.js";

const pass: KernelSource = {
  name: "einstein-crystal",
  threads: 64,
  bindings: [
    ...baseBindings,
    atomsBinding(),
    { name: "images", type: "array<vec4i>", access: "read" },
    sitesBinding,
    ...outputBindings,
  ],
  code: `${baseCode}${depositCode}${perAtom(`
  if (!inside || !forcesDue()) { return; }
  let image = images[i];
  let site = sites[firstAtom() + u32(image.w)];
  // Whole numbers: exact wherever in the cell the atom is.
  let u = toVector(atoms[i].xyz + (image.xyz << frame.bits.xyz) - site.xyz);
  let stiffness = bitcast<f32>(site.w);
  let force = -stiffness * u;
  let x = toPosition(vec3f(atoms[i].xyz) + vec3f(image.xyz) * exp2(vec3f(frame.bits.xyz)));
  deposit(i, force, 0.5 * stiffness * dot(u, u), x * force, 0.5 * (x.yxx * force.zzy + x.zzy * force.yxx));`)}`,
};

/** Sites [3N] A, stiffness [N] eV/A^2. */
export const einsteinCrystalTwin = (positions: Float64Array, stiffness: Float32Array): WebGpuTwin => ({
  tables: new Float32Array(4),
  sites: { positions, numbers: stiffness },
  result: "forces",
  passes: [pass],
});
