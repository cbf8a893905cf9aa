import { symbolOf } from "../../structure/elements.js";
import type { Structure } from "../../structure/structure.js";
import type { MimeBundle } from "../jupyter-notebook.js";

export const isStructure = (value: unknown): value is Structure =>
  typeof value === "object" &&
  value !== null &&
  ["cell", "numbers", "positions"].every((key) => ArrayBuffer.isView((value as Record<string, unknown>)[key])) &&
  Array.isArray((value as Partial<Structure>).pbc);

/** A structure on one line: `Si64, a = 10.86 b = 10.86 c = 10.86 A`. */
export function describeStructure({ numbers, cell }: Structure): string {
  const counts = new Map<string, number>();
  for (const number of numbers) counts.set(symbolOf(number), (counts.get(symbolOf(number)) ?? 0) + 1);
  const formula = [...counts].map(([symbol, count]) => symbol + (count === 1 ? "" : count)).join("");
  const lengths = [0, 1, 2].map((i) => Math.hypot(cell[3 * i]!, cell[3 * i + 1]!, cell[3 * i + 2]!).toFixed(3));
  return `${formula}, a = ${lengths[0]}, b = ${lengths[1]}, c = ${lengths[2]} Å`;
}

export const structureView = (structure: Structure): MimeBundle => ({ "text/plain": describeStructure(structure) });
