/** What kernels of pairs share: two neighbors j per vector, x y z in 32-byte records. */

/** x of two records. */
// @ts-ignore: decorator
@inline
export function gatherX(a: usize, b: usize): v128 {
  return v128.shuffle<f64>(v128.load(a), v128.load(b), 0, 2);
}

/** y of two records. */
// @ts-ignore: decorator
@inline
export function gatherY(a: usize, b: usize): v128 {
  return v128.shuffle<f64>(v128.load(a), v128.load(b), 1, 3);
}

/** z of two records. */
// @ts-ignore: decorator
@inline
export function gatherZ(a: usize, b: usize): v128 {
  return v128.load_lane<f64>(b, v128.load_zero<f64>(a, 16), 1, 16);
}

/** The f64 at `address` + `offset` of two rows. */
// @ts-ignore: decorator
@inline
export function gatherRow(a: usize, b: usize, offset: usize): v128 {
  return v128.load_lane<f64>(b + offset, v128.load_zero<f64>(a + offset), 1);
}

// @ts-ignore: decorator
@inline
export function sum(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

/**
 * Takes the gradient g off the force records of two neighbors and adds their share e of the energy in the fourth slot.
 * One record after the other: both may be the same atom (the dummy).
 */
// @ts-ignore: decorator
@inline
export function scatter(a: usize, b: usize, gx: v128, gy: v128, gz: v128, e: v128): void {
  const negative = f64x2.neg(e);
  v128.store(a, f64x2.sub(v128.load(a), v128.shuffle<f64>(gx, gy, 0, 2)));
  v128.store(a, f64x2.sub(v128.load(a, 16), v128.shuffle<f64>(gz, negative, 0, 2)), 16);
  v128.store(b, f64x2.sub(v128.load(b), v128.shuffle<f64>(gx, gy, 1, 3)));
  v128.store(b, f64x2.sub(v128.load(b, 16), v128.shuffle<f64>(gz, negative, 1, 3)), 16);
}

/** Adds the summed gradients of a row to the force record of its own atom, and its share of the energy. */
// @ts-ignore: decorator
@inline
export function addOwn(record: usize, fx: v128, fy: v128, fz: v128, e: v128): void {
  store<f64>(record, load<f64>(record) + sum(fx));
  store<f64>(record, load<f64>(record, 8) + sum(fy), 8);
  store<f64>(record, load<f64>(record, 16) + sum(fz), 16);
  store<f64>(record, load<f64>(record, 24) + sum(e), 24);
}
