import type { KernelSource } from "../engine/webgpu/kernel-source.js";
import { perAtom } from "../neighbors/neighborhood.wgsl.js";
import type { WebGpuTwin } from "./term.js";
import { forceBindings, forceCode } from "./webgpu-law.wgsl.js";

/**
 * A pair law: `rowOf` gives the numbers of two species, cutoff^2 first; `code` defines
 * `fn pairAt(r2: f32, row: u32) -> vec2f`, energy (eV) and slope over distance (eV/A^2), with the numbers four by four
 * in `tables` from `row` on.
 */
export function pairTwin(
  name: string,
  species: readonly number[],
  rowOf: (a: number, b: number) => readonly number[],
  code: string,
): WebGpuTwin {
  const rows = species.flatMap((a) => species.map((b) => rowOf(a, b)));
  const width = Math.ceil(rows[0]!.length / 4);
  const tables = new Float32Array(4 * width * rows.length);
  rows.forEach((row, index) => {
    tables.set(row, 4 * width * index);
  });
  const pass: KernelSource = {
    name,
    threads: 64,
    bindings: forceBindings,
    code: `${forceCode}${code}${perAtom(`
  if (!inside || !forcesDue()) { return; }
  let atom = atoms[i];
  let first = ${width * species.length}u * u32(atom.w);
  var force = vec3f(0);
  var energy = 0.0;
  var diagonal = vec3f(0);
  var rest = vec3f(0);
  let count = list[i];
  for (var k = 1u; k <= count; k++) {
    let entry = list[k * frame.stride + i];
    let other = atoms[atomOf(entry)];
    let r = toVector(other.xyz - atom.xyz + (shiftOf(entry) << frame.bits.xyz));
    let r2 = dot(r, r);
    let row = first + ${width}u * u32(other.w);
    if (r2 >= tables[row].x) { continue; }
    let pair = pairAt(r2, row);
    let pull = pair.y * r;
    force += pull;
    energy += pair.x;
    diagonal += r * pull;
    rest += r.yxx * pull.zzy;
  }
  deposit(i, force, 0.5 * energy, -0.5 * diagonal, -0.5 * rest);`)}`,
  };
  return { tables, result: "forces", passes: [pass] };
}
