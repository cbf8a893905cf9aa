import { System } from "../engine/system.as";
import { vexp, vlog } from "../math/exponential.as";
import { gatherRow, pairRows, setPairEnergy } from "./pair-rows.as";

/** One row of packPairs serves all pairs: cutoff^2, strength, 1 / sigma^2. */
const ROW_BYTES: usize = 0;

@unmanaged
class UhlenbeckFordLaw {
  // @ts-ignore: decorator
  @inline
  force(r2: v128, inside: v128, rowA: usize, rowB: usize): v128 {
    const strength = gatherRow(rowA, rowB, 8);
    const narrowness = gatherRow(rowA, rowB, 16);
    const overlap = v128.and(vexp(f64x2.neg(f64x2.mul(r2, narrowness))), inside);
    const rest = f64x2.sub(f64x2.splat(1), overlap);
    setPairEnergy(f64x2.mul(f64x2.mul(f64x2.splat(-0.5), strength), vlog(rest)));
    return f64x2.mul(f64x2.mul(strength, f64x2.add(narrowness, narrowness)), f64x2.div(overlap, rest));
  }
}

export function uhlenbeckFord(system: System, parameters: usize, begin: i32, end: i32): void {
  pairRows<UhlenbeckFordLaw>(system, parameters, ROW_BYTES, begin, end);
}
