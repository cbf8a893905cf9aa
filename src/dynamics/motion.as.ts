/** Passes over the atoms: kicks by the mixed force a F0 + b F1, drifts, and what is measured on the way. */
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

/** Sets CENTER: zero unless the center of mass is to be kept at rest. */
function accelerateCenter(dynamics: Dynamics): void {
  const evaluator = dynamics.evaluator;
  const two = evaluator.groupCount == 2;
  const a = dynamics.potentialFactor, b = dynamics.referenceFactor;
  const va = f64x2.splat(a), vb = f64x2.splat(b);
  let xy = f64x2.splat(0);
  let z: f64 = 0;
  if (dynamics.fixCenter) {
    const own = evaluator.hood.system.ownCount;
    let f0 = evaluator.forces0, f1 = evaluator.forces1;
    for (let i = 0; i < own; i++, f0 += 32, f1 += 32) {
      xy = f64x2.add(xy, mixedXY(f0, f1, va, vb, two));
      z += mixedZ(f0, f1, a, b, two);
    }
  }
  v128.store(CENTER, f64x2.div(xy, f64x2.splat(dynamics.totalMass)));
  store<f64>(CENTER, z / dynamics.totalMass, 16);
}

// @ts-ignore: decorator
@inline
function kickAndDriftRows(dynamics: Dynamics, kick: f64, drift: f64, two: bool): void {
  const evaluator = dynamics.evaluator;
  const own = evaluator.hood.system.ownCount;
  const a = dynamics.potentialFactor, b = dynamics.referenceFactor;
  const va = f64x2.splat(a), vb = f64x2.splat(b);
  const centerXY = f64x2.mul(v128.load(CENTER), f64x2.splat(kick));
  const centerZ = load<f64>(CENTER, 16) * kick;
  const step = f64x2.splat(drift);
  let f0 = evaluator.forces0, f1 = evaluator.forces1, v = dynamics.velocities, x = evaluator.hood.system.positions;
  for (let i = 0; i < own; i++, f0 += 32, f1 += 32, v += 32, x += 32) {
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

/** v += kick F/m, then x += drift v. */
export function kickAndDrift(dynamics: Dynamics, kick: f64, drift: f64): void {
  accelerateCenter(dynamics);
  if (dynamics.evaluator.groupCount == 2) kickAndDriftRows(dynamics, kick, drift, true);
  else kickAndDriftRows(dynamics, kick, drift, false);
}

// @ts-ignore: decorator
@inline
function kickAndMeasureRows(dynamics: Dynamics, kick: f64, two: bool): void {
  const evaluator = dynamics.evaluator;
  const own = evaluator.hood.system.ownCount;
  const a = dynamics.potentialFactor, b = dynamics.referenceFactor;
  const va = f64x2.splat(a), vb = f64x2.splat(b);
  const centerXY = f64x2.mul(v128.load(CENTER), f64x2.splat(kick));
  const centerZ = load<f64>(CENTER, 16) * kick;
  let xxyy = f64x2.splat(0), xzyz = xxyy;
  let zz: f64 = 0, xy: f64 = 0, force: f64 = 0, speed: f64 = 0;
  let f0 = evaluator.forces0, f1 = evaluator.forces1, v = dynamics.velocities;
  for (let i = 0; i < own; i++, f0 += 32, f1 += 32, v += 32) {
    const inverseMass = load<f64>(v, 24);
    const scale = inverseMass * kick;
    const fxy = mixedXY(f0, f1, va, vb, two);
    const fz = mixedZ(f0, f1, a, b, two);
    const vxy = f64x2.sub(f64x2.add(v128.load(v), f64x2.mul(fxy, f64x2.splat(scale))), centerXY);
    const vz = load<f64>(v, 16) + fz * scale - centerZ;
    v128.store(v, vxy);
    store<f64>(v, vz, 16);
    const mass = 1 / inverseMass;
    const vv = f64x2.mul(vxy, vxy);
    xxyy = f64x2.add(xxyy, f64x2.mul(vv, f64x2.splat(mass)));
    xzyz = f64x2.add(xzyz, f64x2.mul(vxy, f64x2.splat(mass * vz)));
    zz += mass * vz * vz;
    xy += mass * f64x2.extract_lane(vxy, 0) * f64x2.extract_lane(vxy, 1);
    const ff = f64x2.mul(fxy, fxy);
    // The maximum of f64.max keeps what is not a number.
    force = max<f64>(force, f64x2.extract_lane(ff, 0) + f64x2.extract_lane(ff, 1) + fz * fz);
    speed = max<f64>(speed, f64x2.extract_lane(vv, 0) + f64x2.extract_lane(vv, 1) + vz * vz);
  }
  const tensor = dynamics.kineticTensor;
  v128.store(tensor, xxyy);
  store<f64>(tensor, zz, 16);
  store<f64>(tensor, f64x2.extract_lane(xzyz, 1), 24);
  store<f64>(tensor, f64x2.extract_lane(xzyz, 0), 32);
  store<f64>(tensor, xy, 40);
  dynamics.kinetic = 0.5 * (f64x2.extract_lane(xxyy, 0) + f64x2.extract_lane(xxyy, 1) + zz);
  dynamics.largestForce = force;
  dynamics.largestSpeed = speed;
}

/** v += kick F/m; sets the kinetic energy and tensor and the largest force and speed. */
export function kickAndMeasure(dynamics: Dynamics, kick: f64): void {
  accelerateCenter(dynamics);
  if (dynamics.evaluator.groupCount == 2) kickAndMeasureRows(dynamics, kick, true);
  else kickAndMeasureRows(dynamics, kick, false);
}
