/** Numbers of a pair: cutoff^2, sigma^2, 4 epsilon, shift, tilt. */
export const lennardJonesCode = `
fn pairAt(r2: f32, row: u32) -> vec2f {
  let numbers = tables[row];
  let tilt = tables[row + 1u].x;
  let s2 = numbers.y / r2;
  let s6 = s2 * s2 * s2;
  let slope = numbers.z * (6 * s6 - 12 * s6 * s6) / r2;
  var pair = vec2f(numbers.z * (s6 * s6 - s6) - numbers.w, slope);
  if (tilt != 0) {
    let r = sqrt(r2);
    pair -= vec2f(tilt * r, tilt / r);
  }
  return pair;
}
`;
