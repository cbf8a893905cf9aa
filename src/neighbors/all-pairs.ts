import { InputError } from "../errors.js";
import type { Structure } from "../structure/structure.js";
import type { NeighborList } from "./neighbor-list.js";
import { periodicFrame } from "./periodic-frame.js";

/**
 * The reference neighbor list: every pair, every periodic image within reach, for any cell however skewed, of any size
 * against the cutoff, periodic in any directions. Of order N^2 and simple; engines are checked against it.
 */
export function allPairs(
  { cell, pbc, positions }: Pick<Structure, "cell" | "pbc" | "positions">,
  cutoff: number,
  skin = 0,
): NeighborList {
  const reach = cutoff + skin;
  if (!(reach > 0) || !Number.isFinite(reach))
    throw new InputError({ what: "neighbor cutoff", value: reach, expected: "a positive number of A" });
  const frame = periodicFrame(cell, pbc);
  const count = positions.length / 3;
  const offsets = new Int32Array(count + 1);
  const neighbors: number[] = [];
  const shifts: number[] = [];
  const span = Array.from(frame.heights, (height, d) => (pbc[d] ? reach / height : 0));
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) {
      const x = positions[3 * j]! - positions[3 * i]!;
      const y = positions[3 * j + 1]! - positions[3 * i + 1]!;
      const z = positions[3 * j + 2]! - positions[3 * i + 2]!;
      const [first, last] = imageRange(x, y, z, frame.inverse, span, pbc);
      for (let a = first[0]!; a <= last[0]!; a++)
        for (let b = first[1]!; b <= last[1]!; b++)
          for (let c = first[2]!; c <= last[2]!; c++) {
            if (i === j && a === 0 && b === 0 && c === 0) continue;
            const dx = x + a * frame.cell[0]! + b * frame.cell[3]! + c * frame.cell[6]!;
            const dy = y + a * frame.cell[1]! + b * frame.cell[4]! + c * frame.cell[7]!;
            const dz = z + a * frame.cell[2]! + b * frame.cell[5]! + c * frame.cell[8]!;
            if (dx * dx + dy * dy + dz * dz >= reach * reach) continue;
            neighbors.push(j);
            shifts.push(a, b, c);
          }
    }
    offsets[i + 1] = neighbors.length;
  }
  return {
    cutoff,
    skin,
    offsets,
    neighbors: Int32Array.from(neighbors),
    shifts: toShifts(shifts),
    overflow: false,
  };
}

/** Image numbers that can bring a displacement within reach: |fraction + n| <= reach / height. */
function imageRange(
  x: number,
  y: number,
  z: number,
  inverse: Float64Array,
  span: readonly number[],
  pbc: readonly [boolean, boolean, boolean],
): [number[], number[]] {
  const first = [0, 0, 0];
  const last = [0, 0, 0];
  for (let d = 0; d < 3; d++) {
    if (!pbc[d]) continue;
    const fraction = x * inverse[d]! + y * inverse[3 + d]! + z * inverse[6 + d]!;
    first[d] = Math.ceil(-fraction - span[d]! - 1e-9);
    last[d] = Math.floor(-fraction + span[d]! + 1e-9);
  }
  return [first, last];
}

function toShifts(values: readonly number[]): Int16Array {
  const shifts = Int16Array.from(values);
  if (values.some((value, k) => shifts[k] !== value))
    throw new InputError({
      what: "positions",
      value: "an atom more than 32767 cells away",
      expected: "atoms near their cell",
    });
  return shifts;
}
