import { System } from "../engine/system.as";
import { vexp, vlog } from "../math/exponential.as";
import { addOwn, gatherX, gatherY, gatherZ, scatter } from "./pair-rows.as";

// One row of packPairs for all pairs: cutoff^2, strength, 1 / sigma^2.

export function uhlenbeckFord(system: System, parameters: usize, begin: i32, end: i32): void {
  const cutoff2 = v128.load_splat<f64>(parameters, 16);
  const strength = v128.load_splat<f64>(parameters, 24);
  const narrowness = v128.load_splat<f64>(parameters, 32);
  const one = f64x2.splat(1);
  const X = system.positions;
  const F = system.forces;
  const zero = f64x2.splat(0);
  for (let i = begin; i < end; i++) {
    const xp = X + (<usize>i << 5);
    const xi = v128.load_splat<f64>(xp);
    const yi = v128.load_splat<f64>(xp, 8);
    const zi = v128.load_splat<f64>(xp, 16);
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
      const inside = f64x2.lt(r2, cutoff2);
      if (!v128.any_true(inside)) continue;
      const overlap = v128.and(vexp(f64x2.neg(f64x2.mul(r2, narrowness))), inside);
      const rest = f64x2.sub(one, overlap);
      const e = f64x2.mul(f64x2.mul(f64x2.splat(-0.5), strength), vlog(rest));
      const f = f64x2.mul(f64x2.mul(strength, f64x2.add(narrowness, narrowness)), f64x2.div(overlap, rest));
      const gx = f64x2.mul(dx, f);
      const gy = f64x2.mul(dy, f);
      const gz = f64x2.mul(dz, f);
      fx = f64x2.add(fx, gx);
      fy = f64x2.add(fy, gy);
      fz = f64x2.add(fz, gz);
      energy = f64x2.add(energy, e);
      scatter(F + j, F + k, gx, gy, gz, e);
    }
    addOwn(F + (<usize>i << 5), fx, fy, fz, energy);
  }
}
