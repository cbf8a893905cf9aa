import { InputError } from "../errors.js";
import { signedVolume } from "./cell.js";

/**
 * The same cell turned so that a lies along x and b in the xy plane (LAMMPS, lower triangular rows), and the rotation
 * [9], row major, that turns any row vector: turned = vector * rotation. A cell that is so already comes back as it is.
 */
export function toTriangularCell(cell: ArrayLike<number>): { cell: Float64Array; rotation?: Float64Array } {
  const [ax = 0, ay = 0, az = 0, bx = 0, by = 0, bz = 0, cx = 0, cy = 0, cz = 0] = Array.from(cell);
  if (!(signedVolume(cell) > 0))
    throw new InputError({ what: "cell", value: Array.from(cell), expected: "three right-handed lattice vectors" });
  if (ay === 0 && az === 0 && bz === 0 && ax > 0 && by > 0) return { cell: Float64Array.from(cell) };
  const a = Math.hypot(ax, ay, az);
  const x = [ax / a, ay / a, az / a] as const;
  const along = bx * x[0] + by * x[1] + bz * x[2];
  const rest = [bx - along * x[0], by - along * x[1], bz - along * x[2]] as const;
  const b = Math.hypot(...rest);
  const y = [rest[0] / b, rest[1] / b, rest[2] / b] as const;
  const z = [x[1] * y[2] - x[2] * y[1], x[2] * y[0] - x[0] * y[2], x[0] * y[1] - x[1] * y[0]] as const;
  const dot = (axis: readonly [number, number, number]): number => cx * axis[0] + cy * axis[1] + cz * axis[2];
  return {
    cell: Float64Array.of(a, 0, 0, along, b, 0, dot(x), dot(y), dot(z)),
    rotation: Float64Array.of(x[0], y[0], z[0], x[1], y[1], z[1], x[2], y[2], z[2]),
  };
}

/** Row vectors [3N] turned by a rotation [9]. */
export function rotate(rows: ArrayLike<number>, rotation: ArrayLike<number> | undefined): Float64Array {
  if (rotation === undefined) return Float64Array.from(rows);
  return Float64Array.from(rows, (_, k) => {
    const [row, column] = [k - (k % 3), k % 3];
    return (
      rows[row]! * rotation[column]! + rows[row + 1]! * rotation[3 + column]! + rows[row + 2]! * rotation[6 + column]!
    );
  });
}
