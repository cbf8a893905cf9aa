import { Status, System, Wanted } from "../engine/system.as";
import { vexp, vlog } from "../math/exponential.as";
import { addOwn, closerSquares, gatherX, gatherY, gatherZ, scatter, scatterForces, sum } from "./pair-rows.as";

/*
 * Parameters (uhlenbeck-ford.ts): i32 neighbors that fit the rows; from byte 8 f64 cutoff^2, strength, 1 / sigma^2; from byte
 * 32 addresses of the rows: i32 offsets of neighbors, f64 squared distances, f64 (dE/dr)/r, f64 energies.
 */

/** Products below this are taken apart: logarithms of numbers as small are no longer exact. */
const SMALLEST: f64 = 1e-280;

/**
 * -(dE/dr)/r of `count` neighbors from their squared distances, two at a time. Returns the sum of the energies; they are
 * the logarithm of the product of all 1 - exp(-r^2/sigma^2), so that one logarithm serves a row.
 */
// @ts-ignore: decorator
@inline
function rowForces(squares: usize, forces: usize, count: i32, strength: v128, narrowness: v128): f64 {
  const one = f64x2.splat(1);
  const negative = f64x2.neg(narrowness);
  const steepness = f64x2.mul(strength, f64x2.add(narrowness, narrowness));
  let product = one;
  for (const end = squares + (<usize>count << 3); squares < end; squares += 16, forces += 16) {
    const overlap = vexp(f64x2.mul(v128.load(squares), negative));
    const rest = f64x2.sub(one, overlap);
    v128.store(forces, f64x2.div(f64x2.mul(steepness, overlap), rest));
    product = f64x2.mul(product, rest);
  }
  const least = min(f64x2.extract_lane(product, 0), f64x2.extract_lane(product, 1));
  return least > SMALLEST ? sum(f64x2.mul(f64x2.neg(strength), vlog(product))) : NaN;
}

/** Half of the energy of each of `count` neighbors to `energies`; returns their sum. */
function rowEnergies(squares: usize, energies: usize, count: i32, strength: v128, narrowness: v128): f64 {
  const factor = f64x2.mul(f64x2.splat(-0.5), strength), negative = f64x2.neg(narrowness);
  let total = f64x2.splat(0);
  for (const end = squares + (<usize>count << 3); squares < end; squares += 16, energies += 16) {
    const rest = f64x2.sub(f64x2.splat(1), vexp(f64x2.mul(v128.load(squares), negative)));
    const share = f64x2.mul(factor, vlog(rest));
    v128.store(energies, share);
    total = f64x2.add(total, share);
  }
  return sum(total);
}

/** Adds the forces of a row, and half of each energy to either atom where `shares`; else `energy` to the atom itself. */
// @ts-ignore: decorator
@inline
function spreadRow(
  system: System, i: i32, list: usize, forces: usize, energies: usize, count: i32, energy: f64, shares: bool,
): void {
  const X = system.positions, F = system.forces;
  const xp = X + (<usize>i << 5);
  const xi = v128.load_splat<f64>(xp), yi = v128.load_splat<f64>(xp, 8), zi = v128.load_splat<f64>(xp, 16);
  let fx = f64x2.splat(0), fy = fx, fz = fx;
  for (const end = list + (<usize>count << 2); list < end; list += 8, forces += 16, energies += 16) {
    const j = <usize>load<i32>(list), k = <usize>load<i32>(list, 4);
    const a = X + j, b = X + k;
    const f = v128.load(forces);
    const gx = f64x2.mul(f64x2.sub(xi, gatherX(a, b)), f);
    const gy = f64x2.mul(f64x2.sub(yi, gatherY(a, b)), f);
    const gz = f64x2.mul(f64x2.sub(zi, gatherZ(a, b)), f);
    fx = f64x2.add(fx, gx);
    fy = f64x2.add(fy, gy);
    fz = f64x2.add(fz, gz);
    if (shares) scatter(F + j, F + k, gx, gy, gz, v128.load(energies));
    else scatterForces(F + j, F + k, gx, gy, gz);
  }
  addOwn(F + (<usize>i << 5), fx, fy, fz, f64x2(energy, 0));
}

export function uhlenbeckFord(system: System, parameters: usize, begin: i32, end: i32): void {
  const room = load<i32>(parameters);
  const cutoff2 = v128.load_splat<f64>(parameters, 8);
  const strength = v128.load_splat<f64>(parameters, 16), narrowness = v128.load_splat<f64>(parameters, 24);
  const list = load<usize>(parameters, 32), squares = load<usize>(parameters, 36);
  const forces = load<usize>(parameters, 40), energies = load<usize>(parameters, 44);
  const shares = system.wantsEnergies == Wanted.SHARES;
  for (let i = begin; i < end; i++) {
    if (load<i32>(system.halfCounts + (<usize>i << 2)) + 2 > room) {
      system.status |= Status.SHORT_LIST_FULL;
      return;
    }
    const count = closerSquares(system, i, cutoff2, list, squares);
    const energy = rowForces(squares, forces, count, strength, narrowness);
    if (shares)
      spreadRow(system, i, list, forces, energies, count, rowEnergies(squares, energies, count, strength, narrowness), true);
    else if (energy == energy) spreadRow(system, i, list, forces, energies, count, energy, false);
    else
      spreadRow(
        system, i, list, forces, energies, count,
        2 * rowEnergies(squares, energies, count, strength, narrowness), false,
      );
  }
}
