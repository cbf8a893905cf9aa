import { System } from "../engine/system.as";
import { vexp } from "../math/exponential.as";
import { gatherRow, pairRows, setPairEnergy } from "./pair-rows.as";

/** Rows of packPairs: cutoff^2, inner, strength, cubic, quartic, constant, four decays. */
const ROW_BYTES: usize = 128;

@unmanaged
class ZieglerBiersackLittmarkLaw {
  // @ts-ignore: decorator
  @inline
  force(r2: v128, inside: v128, rowA: usize, rowB: usize, energies: bool): v128 {
    const zero = f64x2.splat(0);
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
    const bare = f64x2.mul(strength, phi);
    if (energies) {
      const bend = f64x2.mul(f64x2.mul(t2, t), f64x2.add(cubic, f64x2.mul(quartic, t)));
      const whole = f64x2.add(bare, f64x2.add(gatherRow(rowA, rowB, 40), bend));
      setPairEnergy(v128.and(f64x2.mul(f64x2.splat(0.5), whole), inside));
    }
    const bendSlope = f64x2.mul(
      t2,
      f64x2.add(f64x2.mul(f64x2.splat(3), cubic), f64x2.mul(f64x2.splat(4), f64x2.mul(quartic, t))),
    );
    const down = f64x2.add(f64x2.mul(strength, slope), f64x2.mul(bare, ri));
    return v128.and(f64x2.mul(f64x2.sub(down, bendSlope), ri), inside);
  }
}

export function zieglerBiersackLittmark(system: System, parameters: usize, begin: i32, end: i32): void {
  pairRows<ZieglerBiersackLittmarkLaw>(system, parameters, ROW_BYTES, begin, end);
}
