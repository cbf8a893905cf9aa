import { InputError } from "../errors.js";
import type { AtomColumn, Structure } from "./structure.js";

/**
 * Repeats a structure: `matrix` is three whole numbers (repeats along a, b, c) or nine, the integer matrix M of
 * new rows = M * old rows, with a positive determinant. Atoms come cell by cell, all atoms of a cell in their order.
 */
export function supercell(structure: Structure, matrix: ArrayLike<number>): Structure {
  const m = toMatrix(matrix);
  const points = latticePoints(m);
  const count = structure.numbers.length;
  const { cell } = structure;
  const positions = new Float64Array(3 * count * points.length);
  points.forEach(([i, j, k], copy) => {
    for (let n = 0; n < count; n++)
      for (let d = 0; d < 3; d++)
        positions[3 * (copy * count + n) + d] =
          structure.positions[3 * n + d]! + i * cell[d]! + j * cell[3 + d]! + k * cell[6 + d]!;
  });
  const numbers = new Uint8Array(count * points.length);
  for (let copy = 0; copy < points.length; copy++) numbers.set(structure.numbers, copy * count);
  const newCell = Float64Array.from({ length: 9 }, (_, n) => {
    const [row, column] = [Math.floor(n / 3), n % 3];
    return m[3 * row]! * cell[column]! + m[3 * row + 1]! * cell[3 + column]! + m[3 * row + 2]! * cell[6 + column]!;
  });
  return {
    ...structure,
    cell: newCell,
    numbers,
    positions,
    ...(structure.arrays === undefined
      ? {}
      : {
          arrays: Object.fromEntries(
            Object.entries(structure.arrays).map(([name, column]) => [name, repeatColumn(column, points.length)]),
          ),
        }),
  };
}

function toMatrix(matrix: ArrayLike<number>): number[] {
  const given = Array.from(matrix);
  const whole = given.every((x) => Number.isInteger(x) && Math.abs(x) <= 10_000);
  if ((given.length !== 3 && given.length !== 9) || !whole)
    throw new InputError({ what: "supercell", value: given, expected: "3 or 9 whole numbers" });
  const [a = 0, b = 0, c = 0] = given;
  const m = given.length === 9 ? given : [a, 0, 0, 0, b, 0, 0, 0, c];
  if (!(determinant(m) > 0) || (given.length === 3 && Math.min(a, b, c) < 1))
    throw new InputError({
      what: "supercell",
      value: given,
      expected: "repeats of at least 1, a positive determinant",
    });
  return m;
}

const determinant = (m: readonly number[]): number =>
  m[0]! * (m[4]! * m[8]! - m[5]! * m[7]!) -
  m[1]! * (m[3]! * m[8]! - m[5]! * m[6]!) +
  m[2]! * (m[3]! * m[7]! - m[4]! * m[6]!);

/** Lattice points n with 0 <= n M^-1 < 1, decided in whole numbers: 0 <= n adj(M) < det(M). */
function latticePoints(m: readonly number[]): [number, number, number][] {
  const volume = determinant(m);
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0] = m;
  const adjugate = [
    e * i - f * h,
    c * h - b * i,
    b * f - c * e,
    f * g - d * i,
    a * i - c * g,
    c * d - a * f,
    d * h - e * g,
    b * g - a * h,
    a * e - b * d,
  ];
  const range = (column: number): [number, number] => {
    const entries = [m[column]!, m[3 + column]!, m[6 + column]!];
    return [entries.reduce((sum, x) => sum + Math.min(0, x), 0), entries.reduce((sum, x) => sum + Math.max(0, x), 0)];
  };
  const [[x0, x1], [y0, y1], [z0, z1]] = [range(0), range(1), range(2)];
  const points: [number, number, number][] = [];
  for (let x = x0; x <= x1; x++)
    for (let y = y0; y <= y1; y++)
      for (let z = z0; z <= z1; z++) {
        const inside = [0, 1, 2].every((k) => {
          const share = x * adjugate[k]! + y * adjugate[3 + k]! + z * adjugate[6 + k]!;
          return share >= 0 && share < volume;
        });
        if (inside) points.push([x, y, z]);
      }
  return points;
}

function repeatColumn(column: AtomColumn, copies: number): AtomColumn {
  if (column.kind === "string")
    return { ...column, values: Array.from({ length: copies }, () => column.values).flat() };
  const repeat = <T extends Float64Array | Int32Array | Uint8Array>(values: T, target: T): T => {
    for (let copy = 0; copy < copies; copy++) target.set(values, copy * values.length);
    return target;
  };
  const length = column.values.length * copies;
  if (column.kind === "real") return { ...column, values: repeat(column.values, new Float64Array(length)) };
  if (column.kind === "integer") return { ...column, values: repeat(column.values, new Int32Array(length)) };
  return { ...column, values: repeat(column.values, new Uint8Array(length)) };
}
