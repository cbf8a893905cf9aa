import { cellParameters } from "../structure/cell.js";
import type { LabeledStructure } from "../structure/labeled-structure.js";

/**
 * Names of what `after` does not hold of `before`, frame by frame: `energy`, `column velocities`, `info note`. Used to
 * say what a format could not carry; numbers may differ by rounding.
 */
export function lossesBetween(before: readonly LabeledStructure[], after: readonly LabeledStructure[]): string[] {
  const losses = new Set<string>();
  before.forEach((frame, index) => {
    const kept = after[index];
    if (kept === undefined) losses.add("frames");
    else for (const loss of frameLosses(frame, kept)) losses.add(loss);
  });
  return [...losses];
}

function* frameLosses(before: LabeledStructure, after: LabeledStructure): Generator<string> {
  const differs = (a: unknown, b: unknown): boolean => a !== undefined && !alike(a, b);
  for (const key of ["energy", "forces", "stress", "weight", "provenance"] as const)
    if (differs(before[key], after[key])) yield key;
  if (before.group !== after.group) yield "group";
  const [cell, keptCell] = [before.structure.cell, after.structure.cell];
  const turned = !alike(cell, keptCell) && alike(cellParameters(cell), cellParameters(keptCell));
  if (turned) yield "orientation of the cell";
  for (const key of ["cell", "pbc", "numbers", "positions"] as const) {
    if (turned && (key === "cell" || key === "positions")) continue;
    if (!alike(before.structure[key], after.structure[key])) yield key;
  }
  for (const [name, column] of Object.entries(before.structure.arrays ?? {}))
    if (
      differs(column, after.structure.arrays?.[name]) &&
      !(turned && name === "velocities" && after.structure.arrays?.[name])
    )
      yield `column ${name}`;
  for (const [name, value] of Object.entries(before.structure.info ?? {}))
    if (differs(value, after.structure.info?.[name])) yield `info ${name}`;
}

/** Equal plain data, numbers within rounding. */
function alike(a: unknown, b: unknown): boolean {
  if (typeof a === "number" && typeof b === "number")
    return Object.is(a, b) || Math.abs(a - b) <= 1e-11 * Math.max(1, Math.abs(a));
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object") return a === b;
  const [x, y] = [Object.entries(a), Object.entries(b)];
  return x.length === y.length && x.every(([key, value]) => alike(value, (b as Record<string, unknown>)[key]));
}
