import { isFigure, isTable } from "../figures/figure.js";
import { encodePlainData } from "../plain-data.js";
import type { NotebookGraph } from "./graph.js";
import { isMarkup } from "./markup.js";

/** The largest value that results.json spells out [bytes]. */
const LARGEST = 200_000;

/** The numbers of a notebook: every named value that is plain data and not huge. */
export async function collectResults(graph: NotebookGraph): Promise<{
  readonly inputs: Record<string, unknown>;
  readonly values: Record<string, unknown>;
  readonly omitted: Record<string, string>;
}> {
  const inputs: Record<string, unknown> = {};
  for (const [name, value] of inputsOf(graph)) inputs[name] = value;
  const values: Record<string, unknown> = {};
  const omitted: Record<string, string> = {};
  for (const { compiled } of graph.cells.values()) {
    for (const name of compiled.outputs) {
      if (compiled.imported.includes(name) || name in inputs) continue;
      const value = await graph.value(name);
      if (typeof value === "function" || isFigure(value) || isTable(value) || isMarkup(value)) continue;
      const size = sizeOf(value);
      if (size === undefined) omitted[name] = "not plain data";
      else if (size > LARGEST) omitted[name] = `${size} bytes`;
      else values[name] = value;
    }
  }
  return { inputs, values, omitted };
}

/** Inputs of the reader with the values in force, in the order of the file. */
export const inputsOf = (graph: NotebookGraph): [name: string, value: unknown][] =>
  [...graph.cells.values()].flatMap(({ compiled }) =>
    compiled.views.flatMap((name): [string, unknown][] => {
      const known = graph.controls.get(name);
      return known ? [[name, known.value]] : [];
    }),
  );

function sizeOf(value: unknown): number | undefined {
  try {
    return encodePlainData(value, { what: "value" }).length;
  } catch {
    return undefined;
  }
}
