import { System } from "../engine/system.as";
import { vexp } from "../math/exponential.as";
import { gatherRow, pairRows, setPairEnergy } from "./pair-rows.as";

/** Rows of packPairs: cutoff^2, depth, alpha, r0, shift. */
const ROW_BYTES: usize = 64;

@unmanaged
class MorseLaw {
  // @ts-ignore: decorator
  @inline
  force(r2: v128, inside: v128, rowA: usize, rowB: usize, energies: bool): v128 {
    const depth = v128.and(gatherRow(rowA, rowB, 8), inside);
    const alpha = gatherRow(rowA, rowB, 16);
    const r = f64x2.sqrt(r2);
    const x = vexp(f64x2.mul(alpha, f64x2.sub(gatherRow(rowA, rowB, 24), r)));
    const two = f64x2.splat(2);
    if (energies) {
      const bare = f64x2.mul(depth, f64x2.mul(x, f64x2.sub(x, two)));
      const shift = v128.and(gatherRow(rowA, rowB, 32), inside);
      setPairEnergy(f64x2.mul(f64x2.splat(0.5), f64x2.sub(bare, shift)));
    }
    const slope = f64x2.mul(f64x2.mul(two, f64x2.mul(depth, alpha)), f64x2.mul(x, f64x2.sub(x, f64x2.splat(1))));
    return f64x2.div(slope, r);
  }
}

export function morse(system: System, parameters: usize, begin: i32, end: i32): void {
  pairRows<MorseLaw>(system, parameters, ROW_BYTES, begin, end);
}
