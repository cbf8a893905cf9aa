import { cellHeights, invertCell, timesMatrix, toFractional } from "../structure/cell.js";
import type { Structure } from "../structure/structure.js";

/** Coupling of an atom of the first cell to an image of another. */
export interface ForceConstantBlock {
  readonly from: number;
  readonly to: number;
  /** [3] from the one to the other, in vectors of the cell. */
  readonly offset: readonly number[];
  /** [9] eV/A^2: d2E / du_to,a du_from,b at 3a + b. */
  readonly values: readonly number[];
}

/** A, images whose distances differ by less are equally near. */
const SAME_DISTANCE = 1e-3;
/** Parts of the largest entry that are rounding. */
const NEGLIGIBLE = 1e-10;

/**
 * Force constants [n x N x 9] that are equal when the two atoms change places and whose rows sum to zero (the acoustic
 * sum rule, by the block of the atom with itself); `asymmetry` and `drift` are the largest corrections.
 */
export function symmetrized(
  full: Float64Array,
  count: number,
  [nx, ny, nz]: readonly [number, number, number],
): { values: Float64Array; drift: number; asymmetry: number } {
  const total = count * nx * ny * nz;
  const values = full.slice();
  let [asymmetry, drift] = [0, 0];
  const mirrored = (n: number, by: number): number => (n === 0 ? 0 : by - n);
  for (let x = 0, J = 0; x < nx; x++)
    for (let y = 0; y < ny; y++)
      for (let z = 0; z < nz; z++)
        for (let b = 0; b < count; b++, J++) {
          const back = ((mirrored(x, nx) * ny + mirrored(y, ny)) * nz + mirrored(z, nz)) * count;
          for (let i = 0; i < count; i++)
            for (let k = 0; k < 9; k++) {
              const here = 9 * (i * total + J) + k;
              const there = 9 * (b * total + back + i) + 3 * (k % 3) + Math.floor(k / 3);
              asymmetry = Math.max(asymmetry, Math.abs(full[here]! - full[there]!) / 2);
              values[here] = (full[here]! + full[there]!) / 2;
            }
        }
  const largest = values.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  for (let k = 0; k < values.length; k++) if (Math.abs(values[k]!) < NEGLIGIBLE * largest) values[k] = 0;
  for (let i = 0; i < count; i++)
    for (let k = 0; k < 9; k++) {
      let sum = 0;
      for (let J = 0; J < total; J++) sum += values[9 * (i * total + J) + k]!;
      values[9 * (i * total + i) + k]! -= sum;
      drift = Math.max(drift, Math.abs(sum));
    }
  return { values, drift, asymmetry };
}

/** Blocks with their nearest images (Parlinski, Li and Kawazoe, Phys. Rev. Lett. 78 (1997) 4063); zero ones are left out. */
export async function folded(
  structure: Structure,
  large: Structure,
  values: Float64Array,
  pause: () => Promise<void>,
): Promise<ForceConstantBlock[]> {
  const count = structure.numbers.length;
  const total = large.numbers.length;
  const places = toFractional(large.cell, large.positions);
  const heights = cellHeights(large.cell);
  const toCell = timesMatrix(large.cell, invertCell(structure.cell));
  const blocks: ForceConstantBlock[] = [];
  for (let i = 0; i < count; i++)
    for (let J = 0; J < total; J++) {
      const at = 9 * (i * total + J);
      const block = Array.from(values.subarray(at, at + 9));
      if (block.every((x) => x === 0)) continue;
      await pause();
      const difference = [0, 1, 2].map((d) => {
        const x = places[3 * J + d]! - places[3 * i + d]!;
        return x - Math.round(x);
      });
      const images = nearestImages(difference, large.cell, heights);
      for (const image of images)
        blocks.push({
          from: i,
          to: J % count,
          offset: Array.from(timesMatrix(image, toCell)),
          values: block.map((x) => x / images.length),
        });
    }
  return blocks;
}

/** Images of a fractional vector of the supercell that are nearest to zero. */
function nearestImages(difference: readonly number[], cell: Float64Array, heights: readonly number[]): number[][] {
  const start = Math.hypot(...timesMatrix(difference, cell));
  // A nearer image lies within `start` of zero, which bounds its fractional coordinates.
  const [a, b, c] = heights.map((height) => Math.floor(start / height + 0.5 + 1e-6));
  let [nearest, images]: [number, number[][]] = [Infinity, []];
  for (let x = -a!; x <= a!; x++)
    for (let y = -b!; y <= b!; y++)
      for (let z = -c!; z <= c!; z++) {
        const image = [difference[0]! + x, difference[1]! + y, difference[2]! + z];
        const distance = Math.hypot(...timesMatrix(image, cell));
        if (distance > nearest + SAME_DISTANCE) continue;
        if (distance < nearest - SAME_DISTANCE) images = [];
        nearest = Math.min(nearest, distance);
        images.push(image);
      }
  return images;
}
