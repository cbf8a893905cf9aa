import { allPairs } from "../neighbors/all-pairs.js";
import { cellVolume } from "../structure/cell.js";
import type { LabeledStructure } from "../structure/labeled-structure.js";

/** Hat functions of the distance: first and last knot and their spacing, A. */
const [FIRST, LAST, SPACING] = [1.5, 5.5, 0.4];
const COUNT = Math.round((LAST - FIRST) / SPACING);

/** Coefficients of a central pair force, repulsive positive, in hat functions. */
export type PairForce = Float64Array;

/** Calls `visit` for each pair of neighbors: i, the distance, the unit vector from j to i, hat index and share. */
function eachPair(
  { structure }: LabeledStructure,
  visit: (i: number, r: number, unit: readonly [number, number, number], hat: number, share: number) => void,
): void {
  const { positions, cell } = structure;
  const { offsets, neighbors, shifts } = allPairs(structure, LAST);
  for (let i = 0; i < structure.numbers.length; i++)
    for (let k = offsets[i]!; k < offsets[i + 1]!; k++) {
      const j = neighbors[k]!;
      const d = [0, 1, 2].map((x) => {
        const shift = shifts[3 * k]! * cell[x]! + shifts[3 * k + 1]! * cell[3 + x]! + shifts[3 * k + 2]! * cell[6 + x]!;
        return positions[3 * i + x]! - positions[3 * j + x]! - shift;
      });
      const r = Math.hypot(...d);
      const at = Math.max(0, (r - FIRST) / SPACING);
      const hat = Math.min(COUNT - 1, Math.floor(at));
      visit(i, r, [d[0]! / r, d[1]! / r, d[2]! / r], hat, at - hat);
    }
}

/**
 * The central pair force that explains the forces of these frames best (least squares, lightly damped). It is no
 * potential to compute with: its virial tells which shear is which.
 */
export function fitPairForce(frames: readonly LabeledStructure[]): PairForce {
  const normal = new Float64Array(COUNT * COUNT);
  const right = new Float64Array(COUNT);
  for (const frame of frames) {
    const { forces } = frame;
    if (forces === undefined) continue;
    const rows = new Float64Array(forces.length * COUNT);
    eachPair(frame, (i, _r, unit, hat, share) => {
      for (let x = 0; x < 3; x++) {
        const row = (3 * i + x) * COUNT;
        rows[row + hat]! += (1 - share) * unit[x]!;
        if (hat + 1 < COUNT) rows[row + hat + 1]! += share * unit[x]!;
      }
    });
    for (let n = 0; n < forces.length; n++)
      for (let a = 0; a < COUNT; a++) {
        const value = rows[n * COUNT + a]!;
        if (value === 0) continue;
        right[a]! += value * forces[n]!;
        for (let b = 0; b < COUNT; b++) normal[a * COUNT + b]! += value * rows[n * COUNT + b]!;
      }
  }
  return solveDamped(normal, right);
}

/** Solves the normal equations with a little of their mean diagonal added, by elimination. */
function solveDamped(matrix: Float64Array, right: Float64Array): Float64Array {
  const trace = right.reduce((sum, _, k) => sum + matrix[k * COUNT + k]!, 0);
  for (let k = 0; k < COUNT; k++) matrix[k * COUNT + k]! += 1e-6 * (trace / COUNT) + Number.MIN_VALUE;
  const solution = right.slice();
  for (let k = 0; k < COUNT; k++)
    for (let row = k + 1; row < COUNT; row++) {
      const factor = matrix[row * COUNT + k]! / matrix[k * COUNT + k]!;
      for (let column = k; column < COUNT; column++)
        matrix[row * COUNT + column]! -= factor * matrix[k * COUNT + column]!;
      solution[row]! -= factor * solution[k]!;
    }
  for (let k = COUNT - 1; k >= 0; k--) {
    for (let column = k + 1; column < COUNT; column++) solution[k]! -= matrix[k * COUNT + column]! * solution[column]!;
    solution[k]! /= matrix[k * COUNT + k]!;
  }
  return solution;
}

/** Shear stress yz, xz, xy [eV/A^3], positive = tension, of a pair force in one frame. */
export function pairShear(frame: LabeledStructure, force: PairForce): [number, number, number] {
  const shear: [number, number, number] = [0, 0, 0];
  eachPair(frame, (_i, r, [x, y, z], hat, share) => {
    const strength = (1 - share) * force[hat]! + (hat + 1 < COUNT ? share * force[hat + 1]! : 0);
    shear[0] += y * z * r * strength;
    shear[1] += x * z * r * strength;
    shear[2] += x * y * r * strength;
  });
  const scale = -0.5 / cellVolume(frame.structure.cell);
  return [shear[0] * scale, shear[1] * scale, shear[2] * scale];
}
