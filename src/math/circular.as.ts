/** sin x for |x| <= pi/2, given x and x^2: Taylor series to x^21, below one unit in the last place. */
// @ts-ignore: decorator
@inline
export function sineSeries(x: v128, x2: v128): v128 {
  let s = f64x2.splat(1.9572941063391263e-20);
  s = f64x2.add(f64x2.mul(s, x2), f64x2.splat(-8.22063524662433e-18));
  s = f64x2.add(f64x2.mul(s, x2), f64x2.splat(2.811457254345521e-15));
  s = f64x2.add(f64x2.mul(s, x2), f64x2.splat(-7.647163731819816e-13));
  s = f64x2.add(f64x2.mul(s, x2), f64x2.splat(1.6059043836821613e-10));
  s = f64x2.add(f64x2.mul(s, x2), f64x2.splat(-2.505210838544172e-8));
  s = f64x2.add(f64x2.mul(s, x2), f64x2.splat(2.7557319223985893e-6));
  s = f64x2.add(f64x2.mul(s, x2), f64x2.splat(-0.0001984126984126984));
  s = f64x2.add(f64x2.mul(s, x2), f64x2.splat(0.008333333333333333));
  s = f64x2.add(f64x2.mul(s, x2), f64x2.splat(-0.16666666666666666));
  return f64x2.add(x, f64x2.mul(f64x2.mul(x, x2), s));
}

/** cos x for |x| <= pi/2, given x^2: Taylor series to x^22. */
// @ts-ignore: decorator
@inline
export function cosineSeries(x2: v128): v128 {
  let c = f64x2.splat(-8.896791392450574e-22);
  c = f64x2.add(f64x2.mul(c, x2), f64x2.splat(4.110317623312165e-19));
  c = f64x2.add(f64x2.mul(c, x2), f64x2.splat(-1.5619206968586225e-16));
  c = f64x2.add(f64x2.mul(c, x2), f64x2.splat(4.779477332387385e-14));
  c = f64x2.add(f64x2.mul(c, x2), f64x2.splat(-1.1470745597729725e-11));
  c = f64x2.add(f64x2.mul(c, x2), f64x2.splat(2.08767569878681e-9));
  c = f64x2.add(f64x2.mul(c, x2), f64x2.splat(-2.755731922398589e-7));
  c = f64x2.add(f64x2.mul(c, x2), f64x2.splat(0.0000248015873015873));
  c = f64x2.add(f64x2.mul(c, x2), f64x2.splat(-0.001388888888888889));
  c = f64x2.add(f64x2.mul(c, x2), f64x2.splat(0.041666666666666664));
  c = f64x2.add(f64x2.mul(c, x2), f64x2.splat(-0.5));
  return f64x2.add(f64x2.splat(1), f64x2.mul(c, x2));
}
