import { elementaryCode } from "../math/elementary.wgsl.js";
import { perAtom } from "../neighbors/neighborhood.wgsl.js";
import { nearCode } from "./near-neighbors.wgsl.js";
import type { StillingerWeberTable } from "./stillinger-weber.js";
import type { WebGpuTwin } from "./term.js";
import { gradientBindings, gradientCode } from "./webgpu-law.wgsl.js";

/**
 * Largest cutoff^2; then per ordered pair cutoff^2, a sigma, sigma, gamma sigma and A epsilon, B, p, q; then per triplet
 * lambda epsilon, cos theta0.
 */
export function stillingerWeberTwin(table: StillingerWeberTable, species: readonly number[]): WebGpuTwin {
  const count = species.length;
  const pairs = species.flatMap((i) => species.map((j) => table.pair(i, j)));
  const triplets = species.flatMap((i) => species.flatMap((j) => species.map((k) => table.triplet(i, j, k))));
  const tables = Float32Array.from([
    ...[Math.max(...pairs.map(({ cutoff }) => cutoff ** 2)), 0, 0, 0],
    ...pairs.flatMap((x) => [x.cutoff ** 2, x.end, x.sigma, x.gamma * x.sigma, x.A * x.epsilon, x.B, x.p, x.q]),
    ...triplets.flatMap((x) => [x.lambdaEpsilon, x.cosTheta0, 0, 0]),
  ]);
  const powers = pairs.every(({ p, q }) => p === 4 && q === 0)
    ? "let s2 = ratio * ratio; let powers = vec2f(s2 * s2, 1.0);"
    : "let log = logarithm(ratio); let powers = vec2f(exponential(law.z * log), exponential(law.w * log));";
  return {
    tables,
    result: "gradients",
    passes: [
      {
        name: "stillinger-weber",
        threads: 64,
        bindings: gradientBindings,
        code: `${gradientCode}${elementaryCode}${nearCode}
const SPECIES = ${count}u;
const TRIPLETS = ${1 + 2 * count * count}u;
/** Radial factor of the three-body law and its slope; zero beyond the cutoff of the pair. */
var<private> radial: array<vec2f, NEAR>;
${perAtom(`
  if (!inside || !forcesDue()) { return; }
  let kind = u32(atoms[i].w);
  let count = gatherNear(i, tables[0].x);
  var energy = 0.0;
  for (var k = 0u; k < count; k++) {
    let row = 1u + 2u * (kind * SPECIES + nearName[k].y);
    let ends = tables[row];
    let law = tables[row + 1u];
    let r = near[k].w;
    radial[k] = vec2f(0);
    if (r * r >= ends.x) { continue; }
    let inverse = 1.0 / min(r - ends.y, -1e-5);
    let value = exponential(ends.w * inverse);
    radial[k] = vec2f(value, -value * ends.w * inverse * inverse);
    let ratio = ends.z / r;
    ${powers}
    let envelope = law.x * exponential(ends.z * inverse);
    let pair = envelope * (law.y * powers.x - powers.y);
    let slope = envelope * (law.w * powers.y - law.z * law.y * powers.x) / r - pair * ends.z * inverse * inverse;
    energy += 0.5 * pair;
    gradient[k] = 0.5 * slope * near[k].xyz;
  }
  for (var j = 0u; j < count; j++) {
    let g = radial[j];
    if (g.x == 0) { continue; }
    let a = near[j];
    var sum = gradient[j];
    for (var k = 0u; k < count; k++) {
      let h = radial[k];
      if (k == j || h.x == 0) { continue; }
      let numbers = tables[TRIPLETS + (kind * SPECIES + nearName[j].y) * SPECIES + nearName[k].y];
      let b = near[k].xyz;
      let cosine = dot(a.xyz, b);
      let bend = cosine - numbers.y;
      let strength = numbers.x * h.x * bend;
      let turn = 2.0 * strength * g.x / a.w;
      // Each pair of neighbors is met twice.
      energy += 0.5 * strength * g.x * bend;
      sum += (strength * g.y * bend - turn * cosine) * a.xyz + turn * b;
    }
    gradient[j] = sum;
  }
  depositNear(i, count, energy);`)}`,
      },
    ],
  };
}
