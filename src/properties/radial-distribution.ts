import { InputError } from "../errors.js";
import { allPairs } from "../neighbors/all-pairs.js";
import { cellVolume } from "../structure/cell.js";
import type { Structure } from "../structure/structure.js";

export interface RadialDistributionSettings {
  /** A, the largest distance. */
  readonly cutoff: number;
  /** 200 by default. */
  readonly bins?: number;
  /** Atomic numbers of the pair; every pair by default. */
  readonly pair?: readonly [number, number];
}

export interface RadialDistribution {
  /** [bins] A, middles of the bins. */
  readonly distances: Float64Array;
  /** [bins], 1 where the second species is spread evenly. */
  readonly values: Float64Array;
  /** [bins], mean number of neighbors up to the end of each bin. */
  readonly coordination: Float64Array;
}

/**
 * Radial distribution function g(r) = n(r) / (4 pi r^2 dr rho), averaged over frames; shells have their exact volume.
 * Periodic images are counted, so the cutoff may exceed half the cell.
 */
export function radialDistribution(
  frames: readonly Structure[],
  { cutoff, bins = 200, pair }: RadialDistributionSettings,
): RadialDistribution {
  if (frames.length === 0 || !(bins >= 1))
    throw new InputError({
      what: "radial distribution",
      value: `${frames.length} frames, ${bins} bins`,
      expected: "at least one of each",
    });
  const width = cutoff / bins;
  const values = new Float64Array(bins);
  const counts = new Float64Array(bins);
  for (const frame of frames) {
    const { numbers, positions, cell } = frame;
    const inner = Array.from(numbers, (z) => pair === undefined || z === pair[0]);
    const outer = Array.from(numbers, (z) => pair === undefined || z === pair[1]);
    const [inners, outers] = [inner, outer].map((flags) => flags.filter(Boolean).length) as [number, number];
    if (inners === 0 || outers === 0)
      throw new InputError({ what: "pair", value: pair, expected: "elements of the frames" });
    const list = allPairs(frame, cutoff);
    const found = new Float64Array(bins);
    for (let i = 0; i < numbers.length; i++) {
      if (!inner[i]) continue;
      for (let k = list.offsets[i]!; k < list.offsets[i + 1]!; k++) {
        const j = list.neighbors[k]!;
        if (outer[j]) found[Math.min(bins - 1, Math.floor(distance(positions, cell, i, j, list.shifts, k) / width))]!++;
      }
    }
    const density = outers / cellVolume(cell);
    for (let b = 0; b < bins; b++) {
      const shell = ((4 * Math.PI) / 3) * width ** 3 * ((b + 1) ** 3 - b ** 3);
      values[b]! += found[b]! / (inners * density * shell * frames.length);
      counts[b]! += found[b]! / (inners * frames.length);
    }
  }
  let sum = 0;
  return {
    distances: values.map((_, b) => (b + 0.5) * width),
    values,
    coordination: counts.map((count) => {
      sum += count;
      return sum;
    }),
  };
}

function distance(
  positions: Float64Array,
  cell: Float64Array,
  i: number,
  j: number,
  shifts: Int16Array,
  k: number,
): number {
  let square = 0;
  for (let d = 0; d < 3; d++) {
    let x = positions[3 * j + d]! - positions[3 * i + d]!;
    for (let a = 0; a < 3; a++) x += shifts[3 * k + a]! * cell[3 * a + d]!;
    square += x * x;
  }
  return Math.sqrt(square);
}
