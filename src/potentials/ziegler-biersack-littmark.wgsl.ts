import { elementaryCode } from "../math/elementary.wgsl.js";

/** Numbers of a pair: cutoff^2, inner, strength, cubic; quartic, constant, first two decays; the other two. */
export const zieglerBiersackLittmarkCode = (amplitudes: readonly number[]): string => `${elementaryCode}
fn pairAt(r2: f32, row: u32) -> vec2f {
  let first = tables[row];
  let second = tables[row + 1u];
  let decays = vec4f(second.zw, tables[row + 2u].xy);
  let r = sqrt(r2);
  let parts = vec4f(${amplitudes.join(", ")}) * vec4f(
    exponential(-decays.x * r), exponential(-decays.y * r), exponential(-decays.z * r), exponential(-decays.w * r));
  let phi = dot(parts, vec4f(1)) / r;
  let t = max(0.0, r - first.y);
  let energy = first.z * phi + second.y + t * t * t * (first.w + second.x * t);
  let slope = -first.z * (dot(parts, decays) + phi) / r + t * t * (3.0 * first.w + 4.0 * second.x * t);
  return vec2f(energy, slope / r);
}
`;
