import { InputError } from "../errors.js";

/** A cell made invertible: a direction without periodicity gets a unit vector perpendicular to the others. */
export interface PeriodicFrame {
  /** [9] A, rows. */
  readonly cell: Float64Array;
  /** [9] 1/A; fractional coordinates are position (row) times this. */
  readonly inverse: Float64Array;
  /** [3] A, distance between the two faces along each direction. */
  readonly heights: Float64Array;
  /** A^3, positive. */
  readonly volume: number;
}

type Vector = [number, number, number];

const row = (cell: ArrayLike<number>, i: number): Vector => [cell[3 * i]!, cell[3 * i + 1]!, cell[3 * i + 2]!];
const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const unit = (a: Vector): Vector => {
  const length = Math.sqrt(dot(a, a));
  return [a[0] / length, a[1] / length, a[2] / length];
};

/** A unit vector perpendicular to `a`: the cross product with the axis that `a` leans on least. */
function perpendicular(a: Vector): Vector {
  const least = [0, 1, 2].reduce((best, axis) => (Math.abs(a[axis]!) < Math.abs(a[best]!) ? axis : best), 0);
  const axis: Vector = [0, 0, 0];
  axis[least] = 1;
  return unit(cross(a, axis));
}

function completeRows(cell: ArrayLike<number>, pbc: readonly [boolean, boolean, boolean]): Vector[] {
  const rows = [row(cell, 0), row(cell, 1), row(cell, 2)];
  const periodic = [0, 1, 2].filter((i) => pbc[i]);
  if (periodic.length === 0)
    return [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ];
  if (periodic.length === 1) {
    const i = periodic[0]!;
    rows[(i + 1) % 3] = perpendicular(rows[i]!);
    rows[(i + 2) % 3] = unit(cross(rows[i]!, rows[(i + 1) % 3]!));
  } else if (periodic.length === 2) {
    const open = [0, 1, 2].find((i) => !pbc[i])!;
    rows[open] = unit(cross(rows[(open + 1) % 3]!, rows[(open + 2) % 3]!));
  }
  return rows;
}

/** The frame in which periodic images are enumerated. Throws for a cell without volume. */
export function periodicFrame(cell: ArrayLike<number>, pbc: readonly [boolean, boolean, boolean]): PeriodicFrame {
  const rows = completeRows(cell, pbc);
  const [a, b, c] = rows as [Vector, Vector, Vector];
  const faces = [cross(b, c), cross(c, a), cross(a, b)] as const;
  const determinant = dot(a, faces[0]);
  const volume = Math.abs(determinant);
  const size = Math.sqrt(Math.max(dot(a, a), dot(b, b), dot(c, c)));
  if (!(volume > 1e-12 * size ** 3) || !Number.isFinite(volume))
    throw new InputError({
      what: "cell",
      value: Array.from(cell),
      expected: "three linearly independent vectors along the periodic directions",
    });
  const inverse = new Float64Array(9);
  const heights = new Float64Array(3);
  faces.forEach((face, column) => {
    for (let i = 0; i < 3; i++) inverse[3 * i + column] = face[i]! / determinant;
    heights[column] = volume / Math.sqrt(dot(face, face));
  });
  return { cell: Float64Array.from(rows.flat()), inverse, heights, volume };
}
