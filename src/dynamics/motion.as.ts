/** Passes over the atoms: kicks by the mixed force a F0 + b F1, drifts, and what is measured on the way. */
import { addShares, firstOf, partitionCount, runJob, shareOf } from "../engine/team.as";
import { Dynamics } from "./dynamics.as";

/** Acceleration of the center of mass by the mixed force, [3] f64. */
const CENTER: usize = memory.data(24, 16);

/** x and y of the mixed force of one atom. */
// @ts-ignore: decorator
@inline
function mixedXY(f0: usize, f1: usize, a: v128, b: v128, two: bool): v128 {
  const own = f64x2.mul(v128.load(f0), a);
  return two ? f64x2.add(own, f64x2.mul(v128.load(f1), b)) : own;
}

// @ts-ignore: decorator
@inline
function mixedZ(f0: usize, f1: usize, a: f64, b: f64, two: bool): f64 {
  const own = load<f64>(f0, 16) * a;
  return two ? own + load<f64>(f1, 16) * b : own;
}

/** Share: [3] f64 sum of the mixed forces of a partition. */
function sumForces(argument: usize, partition: i32): void {
  const dynamics = changetype<Dynamics>(argument);
  const evaluator = dynamics.evaluator;
  const two = evaluator.groupCount == 2;
  const a = dynamics.potentialFactor, b = dynamics.referenceFactor;
  const va = f64x2.splat(a), vb = f64x2.splat(b);
  const own = evaluator.hood.system.ownCount;
  const begin = firstOf(own, partition), end = firstOf(own, partition + 1);
  let f0 = evaluator.forces0 + (<usize>begin << 5), f1 = evaluator.forces1 + (<usize>begin << 5);
  let xy = f64x2.splat(0);
  let z: f64 = 0;
  for (let i = begin; i < end; i++, f0 += 32, f1 += 32) {
    xy = f64x2.add(xy, mixedXY(f0, f1, va, vb, two));
    z += mixedZ(f0, f1, a, b, two);
  }
  v128.store(shareOf(partition), xy);
  store<f64>(shareOf(partition), z, 16);
}

/** Sets CENTER: zero unless the center of mass is to be kept at rest. */
function accelerateCenter(dynamics: Dynamics): void {
  memory.fill(CENTER, 0, 24);
  if (!dynamics.fixCenter) return;
  runJob(sumForces, changetype<usize>(dynamics));
  addShares(CENTER, 3);
  for (let k: usize = 0; k < 24; k += 8) store<f64>(CENTER + k, load<f64>(CENTER + k) / dynamics.totalMass);
}

// @ts-ignore: decorator
@inline
function kickAndDriftRows(dynamics: Dynamics, partition: i32, two: bool): void {
  const evaluator = dynamics.evaluator;
  const kick = dynamics.kick, drift = dynamics.drift;
  const own = evaluator.hood.system.ownCount;
  const begin = firstOf(own, partition), end = firstOf(own, partition + 1);
  const first = <usize>begin << 5;
  const a = dynamics.potentialFactor, b = dynamics.referenceFactor;
  const va = f64x2.splat(a), vb = f64x2.splat(b);
  const centerXY = f64x2.mul(v128.load(CENTER), f64x2.splat(kick));
  const centerZ = load<f64>(CENTER, 16) * kick;
  const step = f64x2.splat(drift);
  let f0 = evaluator.forces0 + first, f1 = evaluator.forces1 + first;
  let v = dynamics.velocities + first, x = evaluator.hood.system.positions + first;
  for (let i = begin; i < end; i++, f0 += 32, f1 += 32, v += 32, x += 32) {
    const scale = load<f64>(v, 24) * kick;
    const vxy = f64x2.sub(
      f64x2.add(v128.load(v), f64x2.mul(mixedXY(f0, f1, va, vb, two), f64x2.splat(scale))),
      centerXY,
    );
    const vz = load<f64>(v, 16) + mixedZ(f0, f1, a, b, two) * scale - centerZ;
    v128.store(v, vxy);
    store<f64>(v, vz, 16);
    v128.store(x, f64x2.add(v128.load(x), f64x2.mul(vxy, step)));
    store<f64>(x, load<f64>(x, 16) + vz * drift, 16);
  }
}

function kickAndDriftPartition(argument: usize, partition: i32): void {
  const dynamics = changetype<Dynamics>(argument);
  if (dynamics.evaluator.groupCount == 2) kickAndDriftRows(dynamics, partition, true);
  else kickAndDriftRows(dynamics, partition, false);
}

/** v += kick F/m, then x += drift v. */
export function kickAndDrift(dynamics: Dynamics, kick: f64, drift: f64): void {
  accelerateCenter(dynamics);
  dynamics.kick = kick;
  dynamics.drift = drift;
  runJob(kickAndDriftPartition, changetype<usize>(dynamics));
}

/** Share: [6] f64 kinetic tensor xx yy zz yz xz xy, squares of the largest force and speed. */
// @ts-ignore: decorator
@inline
function kickAndMeasureRows(dynamics: Dynamics, partition: i32, two: bool, kinetic: bool): void {
  const evaluator = dynamics.evaluator;
  const kick = dynamics.kick;
  const own = evaluator.hood.system.ownCount;
  const begin = firstOf(own, partition), end = firstOf(own, partition + 1);
  const first = <usize>begin << 5;
  const a = dynamics.potentialFactor, b = dynamics.referenceFactor;
  const va = f64x2.splat(a), vb = f64x2.splat(b);
  const centerXY = f64x2.mul(v128.load(CENTER), f64x2.splat(kick));
  const centerZ = load<f64>(CENTER, 16) * kick;
  let xxyy = f64x2.splat(0), xzyz = xxyy;
  let zz: f64 = 0, xy: f64 = 0, force: f64 = 0, speed: f64 = 0;
  let f0 = evaluator.forces0 + first, f1 = evaluator.forces1 + first, v = dynamics.velocities + first;
  for (let i = begin; i < end; i++, f0 += 32, f1 += 32, v += 32) {
    const inverseMass = load<f64>(v, 24);
    const scale = inverseMass * kick;
    const fxy = mixedXY(f0, f1, va, vb, two);
    const fz = mixedZ(f0, f1, a, b, two);
    const vxy = f64x2.sub(f64x2.add(v128.load(v), f64x2.mul(fxy, f64x2.splat(scale))), centerXY);
    const vz = load<f64>(v, 16) + fz * scale - centerZ;
    v128.store(v, vxy);
    store<f64>(v, vz, 16);
    const vv = f64x2.mul(vxy, vxy);
    if (kinetic) {
      const mass = 1 / inverseMass;
      xxyy = f64x2.add(xxyy, f64x2.mul(vv, f64x2.splat(mass)));
      xzyz = f64x2.add(xzyz, f64x2.mul(vxy, f64x2.splat(mass * vz)));
      zz += mass * vz * vz;
      xy += mass * f64x2.extract_lane(vxy, 0) * f64x2.extract_lane(vxy, 1);
    }
    const ff = f64x2.mul(fxy, fxy);
    // The maximum of f64.max keeps what is not a number.
    force = max<f64>(force, f64x2.extract_lane(ff, 0) + f64x2.extract_lane(ff, 1) + fz * fz);
    speed = max<f64>(speed, f64x2.extract_lane(vv, 0) + f64x2.extract_lane(vv, 1) + vz * vz);
  }
  const share = shareOf(partition);
  v128.store(share, xxyy);
  store<f64>(share, zz, 16);
  store<f64>(share, f64x2.extract_lane(xzyz, 1), 24);
  store<f64>(share, f64x2.extract_lane(xzyz, 0), 32);
  store<f64>(share, xy, 40);
  store<f64>(share, force, 48);
  store<f64>(share, speed, 56);
}

function kickAndMeasurePartition(argument: usize, partition: i32): void {
  const dynamics = changetype<Dynamics>(argument);
  const two = dynamics.evaluator.groupCount == 2;
  if (two && dynamics.wantsKinetic) kickAndMeasureRows(dynamics, partition, true, true);
  else if (two) kickAndMeasureRows(dynamics, partition, true, false);
  else if (dynamics.wantsKinetic) kickAndMeasureRows(dynamics, partition, false, true);
  else kickAndMeasureRows(dynamics, partition, false, false);
}

/** v += kick F/m; sets the largest force and speed and, where somebody looks at them, the kinetic energy and tensor. */
export function kickAndMeasure(dynamics: Dynamics, kick: f64, kinetic: bool): void {
  accelerateCenter(dynamics);
  dynamics.kick = kick;
  dynamics.wantsKinetic = i32(kinetic);
  runJob(kickAndMeasurePartition, changetype<usize>(dynamics));
  if (dynamics.wantsKinetic) {
    const tensor = dynamics.kineticTensor;
    addShares(tensor, 6);
    dynamics.kinetic = 0.5 * (load<f64>(tensor) + load<f64>(tensor, 8) + load<f64>(tensor, 16));
  }
  let force: f64 = 0, speed: f64 = 0;
  for (let p = 0; p < partitionCount(); p++) {
    force = max<f64>(force, load<f64>(shareOf(p), 48));
    speed = max<f64>(speed, load<f64>(shareOf(p), 56));
  }
  dynamics.largestForce = force;
  dynamics.largestSpeed = speed;
}
