import { symbolOf } from "../../structure/elements.js";
import type { Structure } from "../../structure/structure.js";
import type { MimeBundle } from "../jupyter-notebook.js";
import { escapeHtml } from "../markup.js";
import { elementColor, elementRadius } from "./element-style.js";
import { STRUCTURE_SCRIPT } from "./structure-script.js";

export const isStructure = (value: unknown): value is Structure =>
  typeof value === "object" &&
  value !== null &&
  ["cell", "numbers", "positions"].every((key) => ArrayBuffer.isView((value as Record<string, unknown>)[key])) &&
  Array.isArray((value as Partial<Structure>).pbc);

/** More atoms than this are told, not drawn. */
const MOST_ATOMS = 20_000;

/** A structure on one line: `Si64, a = 10.860, b = 10.860, c = 10.860 A`. */
function describeStructure({ numbers, cell }: Structure): string {
  const counts = new Map<string, number>();
  for (const number of numbers) counts.set(symbolOf(number), (counts.get(symbolOf(number)) ?? 0) + 1);
  const formula = [...counts].map(([symbol, count]) => symbol + (count === 1 ? "" : count)).join("");
  const lengths = [0, 1, 2].map((i) => Math.hypot(cell[3 * i]!, cell[3 * i + 1]!, cell[3 * i + 2]!).toFixed(3));
  return `${formula}, a = ${lengths[0]}, b = ${lengths[1]}, c = ${lengths[2]} Å`;
}

/**
 * A view to turn (drag), to move closer (wheel) and to reset (double click), without any other file: a page in a frame of
 * its own, so that front ends need nothing and its script sees nothing of them.
 */
export function structureView(structure: Structure): MimeBundle {
  const text = describeStructure(structure);
  const { numbers, positions, cell } = structure;
  if (numbers.length > MOST_ATOMS) return { "text/plain": text };
  const kinds = [...new Set(numbers)];
  const round = (x: number): number => Number(x.toFixed(3));
  const data = {
    cell: Array.from(cell, round),
    positions: Array.from(positions, round),
    kinds: kinds.map((number) => ({
      symbol: symbolOf(number),
      color: elementColor(number),
      radius: elementRadius(number),
    })),
    kind: Array.from(numbers, (number) => kinds.indexOf(number)),
  };
  const page = `<!doctype html><html><body style="margin:0;background:#fff;font:12px sans-serif"><canvas style="display:block;width:100vw;height:100vh;cursor:grab"></canvas><script>const data = ${JSON.stringify(data)};${STRUCTURE_SCRIPT}</script></body></html>`;
  const frame = `<iframe srcdoc="${escapeHtml(page)}" sandbox="allow-scripts" title="${escapeHtml(text)}" style="width:420px;height:380px;border:0"></iframe>`;
  return { "text/html": `${frame}<div style="font-size:.85em">${escapeHtml(text)}</div>`, "text/plain": text };
}
