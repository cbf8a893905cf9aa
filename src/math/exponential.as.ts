/**
 * Exponential and logarithm of two numbers at once, our own so that every host gives the same bits. Relative error about
 * 1e-16 (exp) and 2e-16 (log, absolute near x = 1).
 */

// @ts-ignore: decorator
@inline
function step(sum: v128, r: v128, coefficient: f64): v128 {
  return f64x2.add(f64x2.mul(sum, r), f64x2.splat(coefficient));
}

/** exp(x): 2^n exp(r), |r| <= ln 2 / 2, Taylor polynomial of degree 12; arguments are held within +-700. */
// @ts-ignore: decorator
@inline
export function vexp(argument: v128): v128 {
  const x = f64x2.pmin(f64x2.pmax(argument, f64x2.splat(-700)), f64x2.splat(700));
  const n = f64x2.nearest(f64x2.mul(x, f64x2.splat(1.4426950408889634)));
  // ln 2 in two parts: the first has 21 trailing zero bits, so that n times it is exact.
  let r = f64x2.sub(x, f64x2.mul(n, f64x2.splat(6.93147180369123816490e-1)));
  r = f64x2.sub(r, f64x2.mul(n, f64x2.splat(1.90821492927058770002e-10)));
  let p = f64x2.splat(2.08767569878681e-9);
  p = step(p, r, 2.505210838544172e-8);
  p = step(p, r, 2.755731922398589e-7);
  p = step(p, r, 2.7557319223985893e-6);
  p = step(p, r, 2.48015873015873e-5);
  p = step(p, r, 1.984126984126984e-4);
  p = step(p, r, 1.388888888888889e-3);
  p = step(p, r, 8.333333333333333e-3);
  p = step(p, r, 4.1666666666666664e-2);
  p = step(p, r, 1.6666666666666666e-1);
  p = step(p, r, 0.5);
  p = step(p, r, 1);
  p = step(p, r, 1);
  const exponent = i64x2.extend_low_i32x4_s(i32x4.trunc_sat_f64x2_s_zero(n));
  return f64x2.mul(p, i64x2.shl(i64x2.add(exponent, i64x2.splat(1023)), 52));
}

/** ln(x) of normal x > 0: k ln 2 + 2 atanh(s), s = (m - 1)/(m + 1), m in [sqrt(1/2), sqrt(2)), series to s^23. */
// @ts-ignore: decorator
@inline
export function vlog(x: v128): v128 {
  // Adding the distance from sqrt(1/2) to 1 in the bits lets the exponent step at sqrt(1/2) instead of at 1.
  const bits = i64x2.add(x, i64x2.splat(0x3ff0000000000000 - 0x3fe6a09e667f3bcd));
  const biased = i64x2.shr_u(bits, 52);
  const k = f64x2.sub(v128.or(biased, i64x2.splat(0x4330000000000000)), f64x2.splat(4503599627370496.0 + 1023.0));
  const fraction = v128.and(bits, i64x2.splat(0x000fffffffffffff));
  const m = i64x2.add(fraction, i64x2.splat(0x3fe6a09e667f3bcd));
  const one = f64x2.splat(1);
  const s = f64x2.div(f64x2.sub(m, one), f64x2.add(m, one));
  const z = f64x2.mul(s, s);
  let p = f64x2.splat(2.0 / 23.0);
  p = step(p, z, 2.0 / 21.0);
  p = step(p, z, 2.0 / 19.0);
  p = step(p, z, 2.0 / 17.0);
  p = step(p, z, 2.0 / 15.0);
  p = step(p, z, 2.0 / 13.0);
  p = step(p, z, 2.0 / 11.0);
  p = step(p, z, 2.0 / 9.0);
  p = step(p, z, 2.0 / 7.0);
  p = step(p, z, 2.0 / 5.0);
  p = step(p, z, 2.0 / 3.0);
  const tail = f64x2.add(f64x2.mul(f64x2.mul(p, z), s), f64x2.mul(k, f64x2.splat(1.90821492927058770002e-10)));
  const head = f64x2.add(s, s);
  return f64x2.add(f64x2.mul(k, f64x2.splat(6.93147180369123816490e-1)), f64x2.add(head, tail));
}
