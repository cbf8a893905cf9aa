import { elementaryCode } from "../math/elementary.wgsl.js";

/** Numbers of a pair: cutoff^2, strength, 1 / sigma^2. */
export const uhlenbeckFordCode = `${elementaryCode}
fn pairAt(r2: f32, row: u32) -> vec2f {
  let numbers = tables[row];
  let x = r2 * numbers.z;
  let overlap = exponential(-x);
  // ln(1 - overlap) by its series where the overlap is small.
  let series = -overlap * (1.0 + overlap * (0.5 + overlap * (0.333333333 + overlap * (0.25 + overlap * 0.2))));
  let log = select(logarithm(1.0 - overlap), series, overlap < 0.03);
  return -numbers.y * vec2f(log, 2.0 * overlap * numbers.z / (1.0 - overlap));
}
`;
