/**
 * Exponential, logarithm and circular functions in f32 to two or three units in the last place: those of WGSL may be off by
 * 2^-11 (sin, cos) or grow with the argument (exp). Polynomials of S. L. Moshier, Methods and Programs for Mathematical
 * Functions (1989).
 */
export const elementaryCode = `
fn exponential(argument: f32) -> f32 {
  let x = clamp(argument, -87.0, 88.0);
  let n = round(x * 1.44269504);
  let r = (x - n * 0.693359375) + n * 2.12194440e-4;
  let tail = ((((1.9875691500e-4 * r + 1.3981999507e-3) * r + 8.3334519073e-3) * r + 4.1665795894e-2) * r
    + 1.6666665459e-1) * r + 5.0000001201e-1;
  return (tail * r * r + r + 1.0) * bitcast<f32>((i32(n) + 127) << 23u);
}
/** ln x of a normal x > 0. */
fn logarithm(x: f32) -> f32 {
  let bits = bitcast<i32>(x) - 0x3f3504f3;
  let e = f32(bits >> 23u);
  let m = bitcast<f32>((bits & 0x007fffff) + 0x3f3504f3) - 1.0;
  let z = m * m;
  var tail = ((((((((7.0376836292e-2 * m - 1.1514610310e-1) * m + 1.1676998740e-1) * m - 1.2420140846e-1) * m
    + 1.4249322787e-1) * m - 1.6668057665e-1) * m + 2.0000714765e-1) * m - 2.4999993993e-1) * m + 3.3333331174e-1) * m * z;
  tail = tail - e * 2.12194440e-4 - 0.5 * z;
  return m + tail + e * 0.693359375;
}
/** (cos, sin) of x, |x| below a few turns. */
fn circular(x: f32) -> vec2f {
  let quarter = round(x * 0.636619772);
  let r = ((x - quarter * 1.5703125) - quarter * 4.8375129699707e-4) - quarter * 7.5497899549e-8;
  let z = r * r;
  let sine = ((-1.9515295891e-4 * z + 8.3321608736e-3) * z - 1.6666654611e-1) * z * r + r;
  let cosine = ((2.443315711809948e-5 * z - 1.388731625493765e-3) * z + 4.166664568298827e-2) * z * z - 0.5 * z + 1.0;
  let turned = i32(quarter) & 3;
  let pair = select(vec2f(cosine, sine), vec2f(-sine, cosine), (turned & 1) != 0);
  return select(pair, -pair, (turned & 2) != 0);
}
`;
