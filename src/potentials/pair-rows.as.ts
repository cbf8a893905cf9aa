import { System } from "../engine/system.as";

/** What kernels share: two neighbors j per vector, x y z in 32-byte records. */

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

/** Takes the gradient g off the force records of two neighbors and leaves the energies alone. */
// @ts-ignore: decorator
@inline
export function scatterForces(a: usize, b: usize, gx: v128, gy: v128, gz: v128): void {
  v128.store(a, f64x2.sub(v128.load(a), v128.shuffle<f64>(gx, gy, 0, 2)));
  store<f64>(a, load<f64>(a, 16) - f64x2.extract_lane(gz, 0), 16);
  v128.store(b, f64x2.sub(v128.load(b), v128.shuffle<f64>(gx, gy, 1, 3)));
  store<f64>(b, load<f64>(b, 16) - f64x2.extract_lane(gz, 1), 16);
}

/** Adds the summed gradients of a row to the force record of its own atom. */
// @ts-ignore: decorator
@inline
export function addOwnForce(record: usize, fx: v128, fy: v128, fz: v128): void {
  const xy = f64x2.add(v128.shuffle<f64>(fx, fy, 0, 2), v128.shuffle<f64>(fx, fy, 1, 3));
  v128.store(record, f64x2.add(v128.load(record), xy));
  store<f64>(record, load<f64>(record, 16) + sum(fz), 16);
}

/** Adds the summed gradients of a row to the force record of its own atom, and its share of the energy. */
// @ts-ignore: decorator
@inline
export function addOwn(record: usize, fx: v128, fy: v128, fz: v128, e: v128): void {
  addOwnForce(record, fx, fy, fz);
  store<f64>(record, load<f64>(record, 24) + sum(e), 24);
}

/**
 * Writes the byte offsets of the records of those neighbors that are closer than the cutoff, without branches. Room for
 * the whole row and one more is needed. An odd number of them is padded with the dummy. Returns their number.
 */
// @ts-ignore: decorator
@inline
export function closer(system: System, i: i32, first: usize, neighbors: usize, counts: usize, cutoff2: v128, list: usize): i32 {
  const X = system.positions;
  const xp = X + (<usize>i << 5);
  const xi = v128.load_splat<f64>(xp);
  const yi = v128.load_splat<f64>(xp, 8);
  const zi = v128.load_splat<f64>(xp, 16);
  let entry = neighbors + (<usize>load<i32>(first + (<usize>i << 2)) << 2);
  const last = entry + (<usize>load<i32>(counts + (<usize>i << 2)) << 2);
  let o = list;
  for (; entry < last; entry += 8) {
    const j = load<i32>(entry) << 5;
    const k = load<i32>(entry, 4) << 5;
    const a = X + <usize>j;
    const b = X + <usize>k;
    const dx = f64x2.sub(gatherX(a, b), xi);
    const dy = f64x2.sub(gatherY(a, b), yi);
    const dz = f64x2.sub(gatherZ(a, b), zi);
    const r2 = f64x2.add(f64x2.add(f64x2.mul(dx, dx), f64x2.mul(dy, dy)), f64x2.mul(dz, dz));
    const inside = i64x2.bitmask(f64x2.lt(r2, cutoff2));
    // The next entry overwrites one that does not count.
    store<i32>(o, j);
    o += <usize>(inside & 1) << 2;
    store<i32>(o, k);
    o += <usize>(inside & 2) << 1;
  }
  store<i32>(o, system.dummy << 5);
  return <i32>((o - list) >> 2);
}

/** `closer` for a half list, with the squared distances; that of the padding is too large for any cutoff. */
// @ts-ignore: decorator
@inline
export function closerSquares(system: System, i: i32, cutoff2: v128, list: usize, squares: usize): i32 {
  const X = system.positions;
  const xp = X + (<usize>i << 5);
  const xi = v128.load_splat<f64>(xp);
  const yi = v128.load_splat<f64>(xp, 8);
  const zi = v128.load_splat<f64>(xp, 16);
  let entry = system.halfNeighbors + (<usize>load<i32>(system.halfFirst + (<usize>i << 2)) << 2);
  const last = entry + (<usize>load<i32>(system.halfCounts + (<usize>i << 2)) << 2);
  let o = list, s = squares;
  for (; entry < last; entry += 8) {
    const j = load<i32>(entry) << 5;
    const k = load<i32>(entry, 4) << 5;
    const a = X + <usize>j;
    const b = X + <usize>k;
    const dx = f64x2.sub(gatherX(a, b), xi);
    const dy = f64x2.sub(gatherY(a, b), yi);
    const dz = f64x2.sub(gatherZ(a, b), zi);
    const r2 = f64x2.add(f64x2.add(f64x2.mul(dx, dx), f64x2.mul(dy, dy)), f64x2.mul(dz, dz));
    const inside = i64x2.bitmask(f64x2.lt(r2, cutoff2));
    const first = <usize>(inside & 1), second = <usize>(inside >> 1);
    store<i32>(o, j);
    v128.store64_lane(s, r2, 0);
    o += first << 2;
    s += first << 3;
    store<i32>(o, k);
    v128.store64_lane(s, r2, 1);
    o += second << 2;
    s += second << 3;
  }
  store<i32>(o, system.dummy << 5);
  store<f64>(s, 1e16);
  return <i32>((o - list) >> 2);
}

/** Half of the pair energies that the last `force` found. A global, since a function returns one vector. */
export let pairEnergy: v128 = f64x2.splat(0);

// @ts-ignore: decorator
@inline
export function setPairEnergy(share: v128): void {
  pairEnergy = share;
}

/**
 * The loop over half lists of a law of pairs, two neighbors per vector. `Law` is an unmanaged class over `parameters`
 * (16 bytes, then the rows of packPairs) with
 *
 *     force(r2, inside, rowA, rowB, energies): v128     -(dE/dr)/r of two pairs; where `energies`, leaves half of their
 *                                                       energies by setPairEnergy; both zero where not `inside`
 *
 * A row starts with cutoff^2. Rows of 0 bytes: one row serves all pairs.
 */
// @ts-ignore: decorator
@inline
export function pairRows<Law>(system: System, parameters: usize, rowBytes: usize, begin: i32, end: i32): void {
  if (system.wantsEnergies) addRows<Law>(system, parameters, rowBytes, begin, end, true);
  else addRows<Law>(system, parameters, rowBytes, begin, end, false);
}

// @ts-ignore: decorator
@inline
function addRows<Law>(
  system: System, parameters: usize, rowBytes: usize, begin: i32, end: i32, energies: bool,
): void {
  const law = changetype<Law>(parameters);
  const species = <usize>load<i32>(parameters);
  const X = system.positions;
  const F = system.forces;
  const zero = f64x2.splat(0);
  for (let i = begin; i < end; i++) {
    const xp = X + (<usize>i << 5);
    const xi = v128.load_splat<f64>(xp);
    const yi = v128.load_splat<f64>(xp, 8);
    const zi = v128.load_splat<f64>(xp, 16);
    const own = parameters + 16 + <usize>load<i32>(xp, 24) * species * rowBytes;
    let fx = zero;
    let fy = zero;
    let fz = zero;
    let energy = zero;
    let entry = system.halfNeighbors + (<usize>load<i32>(system.halfFirst + (<usize>i << 2)) << 2);
    const last = entry + (<usize>load<i32>(system.halfCounts + (<usize>i << 2)) << 2);
    for (; entry < last; entry += 8) {
      const j = <usize>load<i32>(entry) << 5;
      const k = <usize>load<i32>(entry, 4) << 5;
      const a = X + j;
      const b = X + k;
      const dx = f64x2.sub(xi, gatherX(a, b));
      const dy = f64x2.sub(yi, gatherY(a, b));
      const dz = f64x2.sub(zi, gatherZ(a, b));
      const r2 = f64x2.add(f64x2.add(f64x2.mul(dx, dx), f64x2.mul(dy, dy)), f64x2.mul(dz, dz));
      const rowA = own + <usize>load<i32>(a, 24) * rowBytes;
      const rowB = own + <usize>load<i32>(b, 24) * rowBytes;
      const inside = f64x2.lt(r2, gatherRow(rowA, rowB, 0));
      if (!v128.any_true(inside)) continue;
      const f = law.force(r2, inside, rowA, rowB, energies);
      const gx = f64x2.mul(dx, f);
      const gy = f64x2.mul(dy, f);
      const gz = f64x2.mul(dz, f);
      fx = f64x2.add(fx, gx);
      fy = f64x2.add(fy, gy);
      fz = f64x2.add(fz, gz);
      if (energies) {
        energy = f64x2.add(energy, pairEnergy);
        scatter(F + j, F + k, gx, gy, gz, pairEnergy);
      } else scatterForces(F + j, F + k, gx, gy, gz);
    }
    if (energies) addOwn(F + (<usize>i << 5), fx, fy, fz, energy);
    else addOwnForce(F + (<usize>i << 5), fx, fy, fz);
  }
}
