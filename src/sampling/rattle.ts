import { ComputationError } from "../errors.js";
import { randomStream } from "../random.js";
import type { Structure } from "../structure/structure.js";

export interface RattleOptions {
  /** A, standard deviation of each Cartesian component. */
  readonly amplitude: number;
  /** Same seed and index, same displacements. */
  readonly seed: number;
  /** Which of a family of snapshots. */
  readonly index?: number;
  /** A, no two atoms (or images) may end closer; snapshots that do are drawn again. 0 by default. */
  readonly minimumDistance?: number;
}

const DRAWS = 200;

/** Every atom displaced by independent normal numbers, as in a crystal of independent oscillators. */
export function rattle(structure: Structure, options: RattleOptions): Structure {
  const { amplitude, seed, index = 0, minimumDistance = 0 } = options;
  const random = randomStream(seed, "rattle", index);
  for (let draw = 0; draw < DRAWS; draw++) {
    const positions = structure.positions.map((x) => x + amplitude * random.normal());
    const rattled = { ...structure, positions };
    if (minimumDistance === 0 || shortestDistance(rattled) >= minimumDistance) return rattled;
  }
  throw new ComputationError({
    what: "rattle",
    value: `${DRAWS} draws of ${amplitude} A all bring atoms closer than ${minimumDistance} A`,
    expected: "an amplitude small against the bonds",
    attempt: "a smaller amplitude or minimumDistance",
  });
}

/**
 * A, the smallest distance between any two atoms or images in a fully periodic cell. Images are enumerated over as
 * many cells as the shortest row vector calls for, so skewed and small cells are right; meant for few atoms.
 */
export function shortestDistance({ cell, positions }: Structure): number {
  const count = positions.length / 3;
  const row = (i: number): number[] => [cell[3 * i]!, cell[3 * i + 1]!, cell[3 * i + 2]!];
  const [a, b, c] = [row(0), row(1), row(2)];
  const reach = Math.min(...[a, b, c].map((v) => Math.hypot(...v)));
  const cross = (u: number[], v: number[]): number[] => [
    u[1]! * v[2]! - u[2]! * v[1]!,
    u[2]! * v[0]! - u[0]! * v[2]!,
    u[0]! * v[1]! - u[1]! * v[0]!,
  ];
  const normals = [cross(b, c), cross(c, a), cross(a, b)];
  const volume = a.reduce((sum, x, i) => sum + x * normals[0]![i]!, 0);
  // Fractional coordinates may differ by anything, so offsets are reduced to the nearest cell first, then
  // ceil(reach x |reciprocal vector|) + 1 neighbors on each side cover the sphere of radius `reach`.
  const reciprocal = normals.map((n) => n.map((x) => x / volume));
  const spans = reciprocal.map((r) => Math.ceil(reach * Math.hypot(...r)) + 1);
  let shortest = reach;
  for (let i = 0; i < count; i++)
    for (let j = i; j < count; j++) {
      const d = [0, 1, 2].map((k) => positions[3 * j + k]! - positions[3 * i + k]!);
      const nearest = reciprocal.map((r) => Math.round(r.reduce((sum, x, k) => sum + x * d[k]!, 0)));
      for (let l = -spans[0]!; l <= spans[0]!; l++)
        for (let m = -spans[1]!; m <= spans[1]!; m++)
          for (let n = -spans[2]!; n <= spans[2]!; n++) {
            const [p, q, s] = [l - nearest[0]!, m - nearest[1]!, n - nearest[2]!];
            if (i === j && p === 0 && q === 0 && s === 0) continue;
            const length = Math.hypot(...d.map((x, k) => x + p * a[k]! + q * b[k]! + s * c[k]!));
            if (length < shortest) shortest = length;
          }
    }
  return shortest;
}
