import { elementaryCode } from "../math/elementary.wgsl.js";

/** Numbers of a pair: cutoff^2, depth, alpha, r0, shift. */
export const morseCode = `${elementaryCode}
fn pairAt(r2: f32, row: u32) -> vec2f {
  let numbers = tables[row];
  let r = sqrt(r2);
  let e = exponential(-numbers.z * (r - numbers.w));
  return numbers.y * vec2f(e * e - 2.0 * e, -2.0 * numbers.z * (e * e - e) / r) - vec2f(tables[row + 1u].x, 0);
}
`;
