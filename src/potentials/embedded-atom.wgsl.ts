import type { KernelSource } from "../engine/webgpu/kernel-source.js";
import type { CubicTable } from "../math/cubic-table.js";
import { neighborBindings, neighborCode, perAtom } from "../neighbors/neighborhood.wgsl.js";
import type { EmbeddedAtomTables } from "./embedded-atom.js";
import type { WebGpuTwin } from "./term.js";
import { forceBindings, forceCode, scratchBinding, tablesBinding } from "./webgpu-law.wgsl.js";

/**
 * One row of cubics for each ordered pair of species (site, source) and interval: the density at the site, r phi, and,
 * with several species, the density that the site makes at the source; then the embedding functions.
 */
export function embeddedAtomTwin(tables: EmbeddedAtomTables, species: readonly number[]): WebGpuTwin {
  const kinds = species.map((number) => tables.elements.indexOf(number));
  const count = kinds.length;
  const radial = tables.pair(kinds[0]!, kinds[0]!);
  const embedding = tables.embedding(kinds[0]!);
  const width = count === 1 ? 2 : 3;
  const embeddings = 1 + count * count * width * radial.count;
  const numbers = new Float32Array(4 * (embeddings + count * embedding.count));
  numbers.set([tables.cutoff ** 2, 1 / radial.step, 1 / embedding.step, 0]);
  const put = ({ coefficients }: CubicTable, first: number, stride: number): void => {
    for (let k = 0; k < coefficients.length; k++)
      numbers[4 * (first + stride * Math.floor(k / 4)) + (k % 4)] = coefficients[k]!;
  };
  kinds.forEach((a, i) => {
    kinds.forEach((b, j) => {
      const first = 1 + (i * count + j) * width * radial.count;
      put(tables.density(b, a), first, width);
      put(tables.pair(a, b), first + 1, width);
      if (width === 3) put(tables.density(a, b), first + 2, width);
    });
    put(tables.embedding(a), embeddings + i * embedding.count, 1);
  });
  const shared = `
const SPECIES = ${count}u;
const WIDTH = ${width}u;
const RADII = ${radial.count}u;
const DENSITIES = ${embedding.count}u;
const EMBEDDINGS = ${embeddings}u;
/** Place of x in a table: interval and fraction. */
struct Place { interval: u32, fraction: f32 }
fn placeOf(x: f32, count: u32) -> Place {
  let interval = min(u32(x), count - 2u);
  return Place(interval, min(x - f32(interval), 1.0));
}
fn valueAt(c: vec4f, p: f32) -> f32 { return ((c.x * p + c.y) * p + c.z) * p + c.w; }
fn slopeAt(c: vec4f, p: f32) -> f32 { return (3.0 * c.x * p + 2.0 * c.y) * p + c.z; }
`;
  const density: KernelSource = {
    name: "embedded-atom densities",
    threads: 64,
    bindings: [...neighborBindings, tablesBinding, scratchBinding("read_write")],
    code: `${neighborCode}${shared}${perAtom(`
  if (!inside || !forcesDue()) { return; }
  let atom = atoms[i];
  let kind = u32(atom.w);
  let numbers = tables[0];
  var rho = 0.0;
  let count = list[i];
  for (var k = 1u; k <= count; k++) {
    let entry = list[k * frame.stride + i];
    let r = separation(atom.xyz, entry);
    let r2 = dot(r, r);
    if (r2 >= numbers.x) { continue; }
    let at = placeOf(sqrt(r2) * numbers.y, RADII);
    let row = 1u + ((kind * SPECIES + u32(atoms[atomOf(entry)].w)) * RADII + at.interval) * WIDTH;
    rho += valueAt(tables[row], at.fraction);
  }
  let x = rho * numbers.z;
  let at = placeOf(x, DENSITIES);
  let cubic = tables[EMBEDDINGS + kind * DENSITIES + at.interval];
  let slope = slopeAt(cubic, at.fraction);
  // Beyond the table F goes on as a straight line.
  let beyond = max(0.0, x - f32(DENSITIES - 1u));
  scratch[i] = vec4f(slope * numbers.z, valueAt(cubic, at.fraction) + beyond * slope, 0, 0);`)}`,
  };
  const force: KernelSource = {
    name: "embedded-atom forces",
    threads: 64,
    bindings: [...forceBindings, scratchBinding("read")],
    code: `${forceCode}${shared}${perAtom(`
  if (!inside || !forcesDue()) { return; }
  let atom = atoms[i];
  let kind = u32(atom.w);
  let numbers = tables[0];
  let own = scratch[i];
  var force = vec3f(0);
  var energy = 0.0;
  var diagonal = vec3f(0);
  var rest = vec3f(0);
  let count = list[i];
  for (var k = 1u; k <= count; k++) {
    let entry = list[k * frame.stride + i];
    let r = separation(atom.xyz, entry);
    let r2 = dot(r, r);
    if (r2 >= numbers.x) { continue; }
    let j = atomOf(entry);
    let distance = sqrt(r2);
    let at = placeOf(distance * numbers.y, RADII);
    let row = 1u + ((kind * SPECIES + u32(atoms[j].w)) * RADII + at.interval) * WIDTH;
    let here = slopeAt(tables[row], at.fraction);
    let there = ${width === 2 ? "here" : "slopeAt(tables[row + 2u], at.fraction)"};
    let product = tables[row + 1u];
    let phi = valueAt(product, at.fraction) / distance;
    let slope = (own.x * here + scratch[j].x * there + slopeAt(product, at.fraction) / distance) * numbers.y - phi / distance;
    let pull = (slope / distance) * r;
    force += pull;
    energy += phi;
    diagonal += r * pull;
    rest += r.yxx * pull.zzy;
  }
  deposit(i, force, own.y + 0.5 * energy, -0.5 * diagonal, -0.5 * rest);`)}`,
  };
  return { tables: numbers, scratchPerAtom: 1, result: "forces", passes: [density, force] };
}
