import { allPairs } from "../neighbors/all-pairs.js";
import { timesMatrix } from "../structure/cell.js";
import type { Structure } from "../structure/structure.js";

/**
 * Steinhardt's local bond order parameter q_l of each atom [N] (Phys. Rev. B 28 (1983) 784), from the neighbors within
 * `cutoff` A. By the addition theorem the spherical harmonics are not needed:
 *   q_l^2 = 4 pi / (2l+1) sum_m |mean_j Y_lm(j)|^2 = mean over pairs of neighbors j, k of P_l(cos angle jk).
 * An atom without neighbors has q_l = 0.
 */
export function bondOrder(structure: Structure, degree: number, cutoff: number): Float64Array {
  const { positions, cell } = structure;
  const list = allPairs(structure, cutoff);
  const translations = timesMatrix(Float64Array.from(list.shifts), cell);
  return Float64Array.from({ length: structure.numbers.length }, (_, i) => {
    const directions: number[][] = [];
    for (let k = list.offsets[i]!; k < list.offsets[i + 1]!; k++) {
      const j = list.neighbors[k]!;
      const bond = [0, 1, 2].map((d) => positions[3 * j + d]! - positions[3 * i + d]! + translations[3 * k + d]!);
      const length = Math.hypot(...bond);
      directions.push(bond.map((x) => x / length));
    }
    let sum = 0;
    for (const a of directions)
      for (const b of directions) sum += legendre(degree, a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]!);
    return directions.length === 0 ? 0 : Math.sqrt(Math.max(0, sum)) / directions.length;
  });
}

/** Legendre polynomial P_l(x) by Bonnet's recursion. */
function legendre(degree: number, x: number): number {
  let [previous, current] = [1, x];
  if (degree === 0) return 1;
  for (let l = 1; l < degree; l++)
    [previous, current] = [current, ((2 * l + 1) * x * current - l * previous) / (l + 1)];
  return current;
}
