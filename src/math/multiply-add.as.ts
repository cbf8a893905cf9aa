/**
 * Sums of products of vectors of T, f64x2 or f32x4: each operation rounds, or, where the module is built with relaxed
 * SIMD, products are added without rounding on every processor that can. One source, two sets of bits.
 */

/** sum + a b. */
// @ts-ignore: decorator
@inline
export function addProduct<T>(sum: v128, a: v128, b: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return v128.relaxed_madd<T>(a, b, sum);
  return v128.add<T>(sum, v128.mul<T>(a, b));
}

/** sum + (a b + c d). */
// @ts-ignore: decorator
@inline
export function addProducts<T>(sum: v128, a: v128, b: v128, c: v128, d: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return v128.relaxed_madd<T>(c, d, v128.relaxed_madd<T>(a, b, sum));
  return v128.add<T>(sum, v128.add<T>(v128.mul<T>(a, b), v128.mul<T>(c, d)));
}

/** sum + (a b - c d). */
// @ts-ignore: decorator
@inline
export function addDifference<T>(sum: v128, a: v128, b: v128, c: v128, d: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return v128.relaxed_nmadd<T>(c, d, v128.relaxed_madd<T>(a, b, sum));
  return v128.add<T>(sum, v128.sub<T>(v128.mul<T>(a, b), v128.mul<T>(c, d)));
}

/** a b + c d. */
// @ts-ignore: decorator
@inline
export function sumOfProducts<T>(a: v128, b: v128, c: v128, d: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return v128.relaxed_madd<T>(c, d, v128.mul<T>(a, b));
  return v128.add<T>(v128.mul<T>(a, b), v128.mul<T>(c, d));
}

/** a b - c d. */
// @ts-ignore: decorator
@inline
export function differenceOfProducts<T>(a: v128, b: v128, c: v128, d: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return v128.relaxed_nmadd<T>(c, d, v128.mul<T>(a, b));
  return v128.sub<T>(v128.mul<T>(a, b), v128.mul<T>(c, d));
}
