import { elementaryCode } from "../math/elementary.wgsl.js";
import { perAtom } from "../neighbors/neighborhood.wgsl.js";
import { nearCode } from "./near-neighbors.wgsl.js";
import type { WebGpuTwin } from "./term.js";
import { LARGEST_STRETCH, type TersoffTable } from "./tersoff.js";
import { gradientBindings, gradientCode } from "./webgpu-law.wgsl.js";

/**
 * Largest cutoff^2; then per bond n, beta, lambda2, B and lambda1, A, R, D; then per triplet gamma, lambda3, c^2/d^2, d^2
 * and cos theta0, R, D, m.
 */
export function tersoffTwin(table: TersoffTable, species: readonly number[]): WebGpuTwin {
  const count = species.length;
  const bonds = species.flatMap((i) => species.map((j) => table.triplet(i, j, j)));
  const triplets = species.flatMap((i) => species.flatMap((j) => species.map((k) => table.triplet(i, j, k))));
  const tables = Float32Array.from([
    ...[Math.max(...triplets.map(({ R, D }) => (R + D) ** 2)), 0, 0, 0],
    ...bonds.flatMap((x) => [x.n, x.beta, x.lambda2, x.B, x.lambda1, x.A, x.R, x.D]),
    ...triplets.flatMap((x) => [x.gamma, x.lambda3, (x.c / x.d) ** 2, x.d ** 2, x.cosTheta0, x.R, x.D, x.m]),
  ]);
  return {
    tables,
    result: "gradients",
    passes: [
      {
        name: "tersoff",
        threads: 64,
        bindings: gradientBindings,
        code: `${gradientCode}${elementaryCode}${nearCode}
const SPECIES = ${count}u;
const TRIPLETS = ${1 + 2 * count * count}u;
/** f_C(r) and its slope. */
fn cutoffFunction(r: f32, middle: f32, width: f32) -> vec2f {
  if (r < middle - width) { return vec2f(1, 0); }
  if (r >= middle + width) { return vec2f(0); }
  let angle = circular(1.57079632679 * (r - middle) / width);
  return vec2f(0.5 - 0.5 * angle.y, -0.785398163397 * angle.x / width);
}
/** One neighbor k of the bond j: f_C, g and exp with their slopes, and the cosine. */
struct Around { f: vec2f, g: vec2f, e: vec2f, cosine: f32 }
fn around(row: u32, j: u32, k: u32) -> Around {
  let first = tables[row];
  let second = tables[row + 1u];
  var result: Around;
  result.f = cutoffFunction(near[k].w, second.y, second.z);
  result.cosine = dot(near[j].xyz, near[k].xyz);
  let bend = result.cosine - second.x;
  let denominator = first.w + bend * bend;
  // 1 + c^2/d^2 - c^2/(d^2 + h^2) without the difference of large numbers.
  result.g = first.x * vec2f(1.0 + first.z * bend * bend / denominator, 2.0 * first.z * first.w * bend / (denominator * denominator));
  let x = first.y * (near[j].w - near[k].w);
  let power = select(x, x * x * x, second.w == 3.0);
  let value = exponential(clamp(power, -${LARGEST_STRETCH}, ${LARGEST_STRETCH}));
  let slope = select(1.0, 3.0 * x * x, second.w == 3.0) * first.y * value;
  result.e = vec2f(value, select(0.0, slope, abs(power) < ${LARGEST_STRETCH}));
  return result;
}
${perAtom(`
  if (!inside || !forcesDue()) { return; }
  let kind = u32(atoms[i].w);
  let count = gatherNear(i, tables[0].x);
  var energy = 0.0;
  for (var j = 0u; j < count; j++) {
    let pair = kind * SPECIES + nearName[j].y;
    let order = tables[1u + 2u * pair];
    let law = tables[2u + 2u * pair];
    let a = near[j];
    let f = cutoffFunction(a.w, law.z, law.w);
    if (f.x == 0) { continue; }
    let row = TRIPLETS + 2u * pair * SPECIES;
    var zeta = 0.0;
    for (var k = 0u; k < count; k++) {
      if (k == j) { continue; }
      let other = around(row + 2u * nearName[k].y, j, k);
      zeta += other.f.x * other.g.x * other.e.x;
    }
    var b = vec2f(1, 0);
    let scaled = order.y * zeta;
    if (scaled > 1e-30) {
      let power = exponential(order.x * logarithm(scaled));
      let value = exponential(-0.5 / order.x * logarithm(1.0 + power));
      b = vec2f(value, -0.5 * value * power / (1.0 + power) / zeta);
    }
    let repulsion = law.y * exponential(-law.x * a.w);
    let attraction = order.w * exponential(-order.z * a.w);
    let bond = repulsion - b.x * attraction;
    energy += 0.5 * f.x * bond;
    let fall = law.x * repulsion - order.z * b.x * attraction;
    var own = 0.5 * (f.y * bond - f.x * fall) * a.xyz;
    let weight = -0.5 * f.x * attraction * b.y;
    for (var k = 0u; k < count; k++) {
      if (k == j) { continue; }
      let other = around(row + 2u * nearName[k].y, j, k);
      if (other.f.x == 0) { continue; }
      let turn = weight * other.f.x * other.g.y * other.e.x;
      let pull = weight * other.f.x * other.g.x * other.e.y;
      let push = weight * other.f.y * other.g.x * other.e.x - pull;
      let c = near[k];
      own += (pull - turn * other.cosine / a.w) * a.xyz + turn / a.w * c.xyz;
      gradient[k] += (push - turn * other.cosine / c.w) * c.xyz + turn / c.w * a.xyz;
    }
    gradient[j] += own;
  }
  depositNear(i, count, energy);`)}`,
      },
    ],
  };
}
