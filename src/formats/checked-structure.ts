import { signedVolume } from "../structure/cell.js";
import { type Structure, type StructureSpec, toStructure } from "../structure/structure.js";

/** A: a structure of atoms is neither a millimeter long nor spaced by less than this. */
const [LARGEST, SMALLEST] = [1e7, 1e-3];

/**
 * A structure from numbers of a file, or a complaint through `fail` where no structure of atoms can look so: absurd
 * coordinates, a periodic direction without a lattice vector, lattice vectors in one plane.
 */
export function checkedStructure(spec: StructureSpec, fail: (value: string, expected: string) => never): Structure {
  const absurd = (values: ArrayLike<number>): number => Array.from(values).findIndex((x) => !(Math.abs(x) <= LARGEST));
  const cell = Array.from((Array.isArray(spec.cell) ? spec.cell.flat() : spec.cell) as ArrayLike<number>);
  if (absurd(cell) >= 0) fail(`cell ${cell.join(" ")}`, `lengths up to ${LARGEST} A`);
  const atom = Math.floor(absurd(spec.positions) / 3);
  if (atom >= 0) fail(`position of atom ${atom + 1}`, `coordinates up to ${LARGEST} A`);
  const lengths = [0, 3, 6].map((k) => Math.hypot(cell[k]!, cell[k + 1]!, cell[k + 2]!));
  const { pbc = true } = spec;
  const periodic = typeof pbc === "boolean" ? [pbc, pbc, pbc] : pbc;
  if (lengths.some((length, k) => length < SMALLEST && (length > 0 || periodic[k])))
    fail(`cell ${cell.join(" ")}`, "a lattice vector in each periodic direction");
  const product = lengths[0]! * lengths[1]! * lengths[2]!;
  if (product > 0 && !(Math.abs(signedVolume(cell)) > 1e-9 * product))
    fail(`cell ${cell.join(" ")}`, "lattice vectors that do not lie in one plane");
  return toStructure(spec);
}
