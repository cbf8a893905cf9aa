import { System } from "../engine/system.as";
import { vexp } from "../math/exponential.as";
import { addOwn, gatherRow, gatherX, gatherY, gatherZ, scatter } from "./pair-rows.as";

// Rows of packPairs, 64 bytes: cutoff^2, depth, alpha, r0, shift.

export function morse(system: System, parameters: usize, begin: i32, end: i32): void {
  const species = load<i32>(parameters);
  const X = system.positions;
  const F = system.forces;
  const zero = f64x2.splat(0);
  for (let i = begin; i < end; i++) {
    const xp = X + (<usize>i << 5);
    const xi = v128.load_splat<f64>(xp);
    const yi = v128.load_splat<f64>(xp, 8);
    const zi = v128.load_splat<f64>(xp, 16);
    const own = parameters + 16 + (<usize>(load<i32>(xp, 24) * species) << 6);
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
      const rowA = own + (<usize>load<i32>(a, 24) << 6);
      const rowB = own + (<usize>load<i32>(b, 24) << 6);
      const inside = f64x2.lt(r2, gatherRow(rowA, rowB, 0));
      if (!v128.any_true(inside)) continue;
      const depth = v128.and(gatherRow(rowA, rowB, 8), inside);
      const alpha = gatherRow(rowA, rowB, 16);
      const r = f64x2.sqrt(r2);
      const x = vexp(f64x2.mul(alpha, f64x2.sub(gatherRow(rowA, rowB, 24), r)));
      const two = f64x2.splat(2);
      const bare = f64x2.mul(depth, f64x2.mul(x, f64x2.sub(x, two)));
      const e = f64x2.mul(f64x2.splat(0.5), f64x2.sub(bare, v128.and(gatherRow(rowA, rowB, 32), inside)));
      const slope = f64x2.mul(f64x2.mul(two, f64x2.mul(depth, alpha)), f64x2.mul(x, f64x2.sub(x, f64x2.splat(1))));
      const f = f64x2.div(slope, r);
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
