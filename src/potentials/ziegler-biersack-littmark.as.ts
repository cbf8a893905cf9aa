import { System } from "../engine/system.as";
import { vexp } from "../math/exponential.as";
import { addOwn, gatherRow, gatherX, gatherY, gatherZ, scatter } from "./pair-rows.as";

// Rows of packPairs, 128 bytes: cutoff^2, inner, strength, cubic, quartic, constant, four decays.

export function zieglerBiersackLittmark(system: System, parameters: usize, begin: i32, end: i32): void {
  const species = load<i32>(parameters);
  const X = system.positions;
  const F = system.forces;
  const zero = f64x2.splat(0);
  for (let i = begin; i < end; i++) {
    const xp = X + (<usize>i << 5);
    const xi = v128.load_splat<f64>(xp);
    const yi = v128.load_splat<f64>(xp, 8);
    const zi = v128.load_splat<f64>(xp, 16);
    const own = parameters + 16 + (<usize>(load<i32>(xp, 24) * species) << 7);
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
      const rowA = own + (<usize>load<i32>(a, 24) << 7);
      const rowB = own + (<usize>load<i32>(b, 24) << 7);
      const inside = f64x2.lt(r2, gatherRow(rowA, rowB, 0));
      if (!v128.any_true(inside)) continue;
      const r = f64x2.sqrt(r2);
      const ri = f64x2.div(f64x2.splat(1), r);
      let phi = zero;
      let slope = zero;
      for (let term: usize = 0; term < 4; term++) {
        const decay = gatherRow(rowA, rowB, 48 + (term << 3));
        const amplitude = term == 0 ? 0.02817 : term == 1 ? 0.28022 : term == 2 ? 0.50986 : 0.18175;
        const part = f64x2.mul(f64x2.splat(amplitude), vexp(f64x2.neg(f64x2.mul(decay, r))));
        phi = f64x2.add(phi, part);
        slope = f64x2.add(slope, f64x2.mul(decay, part));
      }
      const strength = f64x2.mul(gatherRow(rowA, rowB, 16), ri);
      const cubic = gatherRow(rowA, rowB, 24);
      const quartic = gatherRow(rowA, rowB, 32);
      const t = f64x2.max(zero, f64x2.sub(r, gatherRow(rowA, rowB, 8)));
      const t2 = f64x2.mul(t, t);
      const bend = f64x2.mul(f64x2.mul(t2, t), f64x2.add(cubic, f64x2.mul(quartic, t)));
      const bare = f64x2.mul(strength, phi);
      const e = v128.and(
        f64x2.mul(f64x2.splat(0.5), f64x2.add(bare, f64x2.add(gatherRow(rowA, rowB, 40), bend))),
        inside,
      );
      const bendSlope = f64x2.mul(
        t2,
        f64x2.add(f64x2.mul(f64x2.splat(3), cubic), f64x2.mul(f64x2.splat(4), f64x2.mul(quartic, t))),
      );
      const down = f64x2.add(f64x2.mul(strength, slope), f64x2.mul(bare, ri));
      const f = v128.and(f64x2.mul(f64x2.sub(down, bendSlope), ri), inside);
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
