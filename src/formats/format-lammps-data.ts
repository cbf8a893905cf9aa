import { InputError } from "../errors.js";
import { findAtomicNumber, massOf, symbolOf } from "../structure/elements.js";
import type { LabeledStructure } from "../structure/labeled-structure.js";
import type { AtomColumn } from "../structure/structure.js";
import { rotate, toTriangularCell } from "../structure/triangular-cell.js";
import { formatReal, shiftDecimal } from "./text-lines.js";

/**
 * Writes a LAMMPS data file (metal units; style charge where there is a column `charge`). A cell that is not lower
 * triangular is turned, and the atoms with it. Types follow `elements`, or the atomic numbers in ascending order.
 */
export function formatLammpsData(
  frames: readonly LabeledStructure[],
  { elements }: { readonly elements?: readonly string[] } = {},
): string {
  const [frame] = frames;
  if (frame === undefined || frames.length !== 1)
    throw new InputError({ what: "LAMMPS data", value: `${frames.length} frames`, expected: "one per file" });
  const { structure } = frame;
  const { numbers, arrays = {}, info = {} } = structure;
  const { cell, rotation } = toTriangularCell(structure.cell);
  const species = elements?.map((symbol) => findAtomicNumber(symbol)) ?? [...new Set(numbers)].sort((a, b) => a - b);
  const typeOf = (number: number): number => {
    const type = species.indexOf(number) + 1;
    if (type === 0)
      throw new InputError({
        what: "elements",
        value: elements?.join(","),
        expected: `${symbolOf(number)} among them`,
      });
    return type;
  };
  const positions = rotate(structure.positions, rotation);
  const given = info.origin;
  const origin = !rotation && Array.isArray(given) && given.length === 3 ? (given as number[]) : [0, 0, 0];
  const side = (axis: number): string => `${formatReal(origin[axis]!)} ${formatReal(origin[axis]! + cell[4 * axis]!)}`;
  const tilts = [cell[3]!, cell[6]!, cell[7]!];
  const ids = idsOf(arrays.id, numbers.length);
  const charge = arrays.charge?.kind === "real" && arrays.charge.width === 1 ? arrays.charge.values : undefined;
  const image = arrays.image?.kind === "integer" && arrays.image.width === 3 ? arrays.image.values : undefined;
  const velocity = arrays.velocities?.kind === "real" && arrays.velocities.width === 3 ? arrays.velocities : undefined;
  const rows = (values: ArrayLike<number>, atom: number, text: (x: number) => string): string[] =>
    [0, 1, 2].map((k) => text(values[3 * atom + k]!));
  const atoms = Array.from(numbers, (number, atom) =>
    [
      ids[atom],
      typeOf(number),
      ...(charge ? [formatReal(charge[atom]!)] : []),
      ...rows(positions, atom, formatReal),
      ...(image ? rows(image, atom, String) : []),
    ].join(" "),
  );
  const turned = velocity && rotate(velocity.values, rotation);
  const comment = typeof info.comment === "string" ? info.comment.replace(/[\r\n]+/g, " ").trim() : "";
  return `${[
    comment || "PhaseCell",
    "",
    `${numbers.length} atoms`,
    `${species.length} atom types`,
    "",
    `${side(0)} xlo xhi`,
    `${side(1)} ylo yhi`,
    `${side(2)} zlo zhi`,
    ...(tilts.some((tilt) => tilt !== 0) ? [`${tilts.map(formatReal).join(" ")} xy xz yz`] : []),
    "",
    "Masses",
    "",
    ...species.map((number, k) => `${k + 1} ${massOf(number ?? 0)} # ${symbolOf(number ?? 0)}`),
    "",
    `Atoms # ${charge ? "charge" : "atomic"}`,
    "",
    ...atoms,
    ...(turned
      ? ["", "Velocities", "", ...ids.map((id, atom) => [id, ...rows(turned, atom, perPicosecond)].join(" "))]
      : []),
  ].join("\n")}\n`;
}

const perPicosecond = (velocity: number): string => shiftDecimal(formatReal(velocity), 3);

/** The ids a structure carries where they ascend, else 1..N. */
function idsOf(column: AtomColumn | undefined, count: number): number[] {
  const ids = column?.kind === "integer" && column.width === 1 ? Array.from(column.values) : [];
  const ascending = ids.length === count && ids.every((id, k) => id > (ids[k - 1] ?? 0));
  return ascending ? ids : Array.from({ length: count }, (_, k) => k + 1);
}
