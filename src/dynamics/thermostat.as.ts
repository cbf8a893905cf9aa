/** Thermostats: the Ornstein-Uhlenbeck part of Langevin dynamics, and stochastic velocity rescaling. */
import { addShares, firstOf, runJob, shareOf } from "../engine/team.as";
import { vlog } from "../math/exponential.as";
import {
  fillNormals,
  SITE_GAMMA_DEVIATE,
  SITE_LANGEVIN,
  SITE_VELOCITY_RESCALING,
  uniformAt,
} from "../random.as";
import { Dynamics } from "./dynamics.as";

/** Atoms whose deviates fit into the noise buffer of a partition; 3 per atom, a multiple of 8 in all. */
const ATOMS_PER_BLOCK: i32 = 256;
const NOISE_BYTES: usize = 6144;

/** Sum of m v of all atoms and m v^2 before, [4] f64. */
const BEFORE: usize = memory.data(32, 16);
/** Sum of m v^2 after. */
const AFTER: usize = memory.data(8, 16);

/** v = c v + sqrt((1 - c^2) kT/m) xi. Share: [3] f64 momentum after, f64 m v^2 before. */
function exchange(argument: usize, partition: i32): void {
  const dynamics = changetype<Dynamics>(argument);
  const system = dynamics.evaluator.hood.system;
  const keep = dynamics.memory;
  const strength = dynamics.thermalEnergy * (1 - keep * keep);
  const c = f64x2.splat(keep);
  const buffer = dynamics.noise + <usize>partition * NOISE_BYTES;
  let before: f64 = 0, pz: f64 = 0;
  let pxy = f64x2.splat(0);
  // As the caller numbers atoms, so that each keeps its own random numbers.
  const begin = firstOf(system.ownCount, partition), end = firstOf(system.ownCount, partition + 1);
  let place = system.places + (<usize>begin << 2);
  for (let start = begin; start < end; start += ATOMS_PER_BLOCK) {
    const count = min(ATOMS_PER_BLOCK, end - start);
    const first = (3 * start) >> 3, blocks = (3 * count + 7) >> 3;
    fillNormals(buffer, dynamics.seedLow, dynamics.seedHigh, SITE_LANGEVIN, dynamics.step, first, blocks);
    let noise = buffer;
    for (let i = 0; i < count; i++, place += 4, noise += 24) {
      const v = dynamics.velocities + (<usize>load<i32>(place) << 5);
      const inverseMass = load<f64>(v, 24);
      const mass = 1 / inverseMass;
      const amplitude = Math.sqrt(strength * inverseMass);
      const xy = v128.load(v);
      const z = load<f64>(v, 16);
      const square = f64x2.mul(xy, xy);
      before += mass * (f64x2.extract_lane(square, 0) + f64x2.extract_lane(square, 1) + z * z);
      const nextXY = f64x2.add(f64x2.mul(xy, c), f64x2.mul(v128.load(noise), f64x2.splat(amplitude)));
      const nextZ = z * keep + load<f64>(noise, 16) * amplitude;
      v128.store(v, nextXY);
      store<f64>(v, nextZ, 16);
      pxy = f64x2.add(pxy, f64x2.mul(nextXY, f64x2.splat(mass)));
      pz += mass * nextZ;
    }
  }
  const share = shareOf(partition);
  v128.store(share, pxy);
  store<f64>(share, pz, 16);
  store<f64>(share, before, 24);
}

/** Puts the center of mass to rest, x += drift v. Share: f64 m v^2. */
function restAndDrift(argument: usize, partition: i32): void {
  const dynamics = changetype<Dynamics>(argument);
  const system = dynamics.evaluator.hood.system;
  const rest = dynamics.fixCenter ? 1 / dynamics.totalMass : 0;
  const centerXY = f64x2.mul(v128.load(BEFORE), f64x2.splat(rest));
  const centerZ = load<f64>(BEFORE, 16) * rest;
  const drift = dynamics.drift;
  const step = f64x2.splat(drift);
  const begin = firstOf(system.ownCount, partition), end = firstOf(system.ownCount, partition + 1);
  let after: f64 = 0;
  let v = dynamics.velocities + (<usize>begin << 5), x = system.positions + (<usize>begin << 5);
  for (let i = begin; i < end; i++, v += 32, x += 32) {
    const xy = f64x2.sub(v128.load(v), centerXY);
    const z = load<f64>(v, 16) - centerZ;
    v128.store(v, xy);
    store<f64>(v, z, 16);
    const square = f64x2.mul(xy, xy);
    after += (f64x2.extract_lane(square, 0) + f64x2.extract_lane(square, 1) + z * z) / load<f64>(v, 24);
    v128.store(x, f64x2.add(v128.load(x), f64x2.mul(xy, step)));
    store<f64>(x, load<f64>(x, 16) + z * drift, 16);
  }
  store<f64>(shareOf(partition), after);
}

/**
 * The O and second A of BAOAB (B. Leimkuhler, C. Matthews, Appl. Math. Res. Express 2013, 34): exchange with the bath,
 * the center of mass put to rest where asked for, x += drift v. Counts the heat.
 */
export function exchangeAndDrift(dynamics: Dynamics, thermalEnergy: f64, drift: f64): void {
  dynamics.thermalEnergy = thermalEnergy;
  dynamics.drift = drift;
  runJob(exchange, changetype<usize>(dynamics));
  addShares(BEFORE, 4);
  runJob(restAndDrift, changetype<usize>(dynamics));
  addShares(AFTER, 1);
  dynamics.heat += 0.5 * (load<f64>(AFTER) - load<f64>(BEFORE, 24));
}

// @ts-ignore: decorator
@inline
function log(x: f64): f64 {
  return f64x2.extract_lane(vlog(f64x2.splat(x)), 0);
}

/** Sum of `count` squared normal deviates: directly when few, else by G. Marsaglia, W. W. Tsang, ACM TOMS 26, 363 (2000). */
function sumOfSquares(dynamics: Dynamics, count: i32): f64 {
  const noise = dynamics.noise;
  const low = dynamics.seedLow, high = dynamics.seedHigh, step = dynamics.step;
  fillNormals(noise, low, high, SITE_GAMMA_DEVIATE, step, 0, 8);
  if (count <= 64) {
    let sum: f64 = 0;
    for (let i = 0; i < count; i++) sum += load<f64>(noise + (<usize>i << 3)) * load<f64>(noise + (<usize>i << 3));
    return sum;
  }
  const d = 0.5 * <f64>count - 1.0 / 3.0;
  const c = 1 / Math.sqrt(9 * d);
  let attempt = 0;
  let v: f64 = 0;
  while (true) {
    if (attempt > 0 && (attempt & 63) == 0) fillNormals(noise, low, high, SITE_GAMMA_DEVIATE, step, attempt >> 3, 8);
    const x = load<f64>(noise + (<usize>(attempt & 63) << 3));
    const root = 1 + c * x;
    v = root * root * root;
    // Uniform numbers of another use-site: those of this one are the normal deviates.
    const u = uniformAt(low, high, SITE_VELOCITY_RESCALING, step, attempt + 2);
    if (root > 0 && log(u) < 0.5 * x * x + d - d * v + d * log(v)) break;
    attempt++;
  }
  return 2 * d * v;
}

function scaleVelocities(argument: usize, partition: i32): void {
  const dynamics = changetype<Dynamics>(argument);
  const own = dynamics.evaluator.hood.system.ownCount;
  const factor = dynamics.scale, scale = f64x2.splat(factor);
  const end = dynamics.velocities + (<usize>firstOf(own, partition + 1) << 5);
  for (let v = dynamics.velocities + (<usize>firstOf(own, partition) << 5); v < end; v += 32) {
    v128.store(v, f64x2.mul(v128.load(v), scale));
    store<f64>(v, load<f64>(v, 16) * factor, 16);
  }
}

/**
 * Stochastic velocity rescaling: the kinetic energy relaxes to its canonical distribution (G. Bussi, D. Donadio,
 * M. Parrinello, J. Chem. Phys. 126, 014101 (2007), eq. A7). Counts the heat.
 */
export function rescaleVelocities(dynamics: Dynamics, thermalEnergy: f64): void {
  const kinetic = dynamics.kinetic;
  if (!(kinetic > 0)) return;
  const squares = sumOfSquares(dynamics, <i32>dynamics.degrees - 1);
  fillNormals(dynamics.noise, dynamics.seedLow, dynamics.seedHigh, SITE_VELOCITY_RESCALING, dynamics.step, 0, 1);
  const r = load<f64>(dynamics.noise);
  const keep = dynamics.memory;
  const share = ((1 - keep) * 0.5 * thermalEnergy) / kinetic;
  const square = keep + share * (r * r + squares) + 2 * r * Math.sqrt(keep * share);
  dynamics.scale = r + Math.sqrt(keep / share) < 0 ? -Math.sqrt(square) : Math.sqrt(square);
  runJob(scaleVelocities, changetype<usize>(dynamics));
  for (let k: usize = 0; k < 48; k += 8)
    store<f64>(dynamics.kineticTensor + k, load<f64>(dynamics.kineticTensor + k) * square);
  dynamics.kinetic = kinetic * square;
  dynamics.heat += dynamics.kinetic - kinetic;
}
