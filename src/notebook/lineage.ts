import type { NotebookGraph } from "./graph.js";
import type { Provenance } from "./stage-cache.js";

/**
 * Where the content of a cell came from: its own stages or, where it has none, those of the cells it reads, back to the
 * first stage on every path. A stage's key contains what lies behind it.
 */
export function provenanceOf(graph: NotebookGraph, id: number): Provenance[] {
  const definedBy = new Map<string, number>();
  for (const { compiled } of graph.cells.values())
    for (const name of compiled.outputs) definedBy.set(name, compiled.cell.id);
  const found = new Map<string, Provenance>();
  const seen = new Set<number>();
  const visit = (cell: number): void => {
    if (seen.has(cell)) return;
    seen.add(cell);
    const state = graph.cells.get(cell);
    if (state?.stages.length) {
      for (const { provenance } of state.stages) found.set(provenance.key, provenance);
      return;
    }
    for (const name of state?.compiled.inputs ?? []) {
      const source = definedBy.get(name);
      if (source !== undefined) visit(source);
    }
  };
  visit(id);
  return [...found.values()].sort((a, b) => (a.stage < b.stage ? -1 : a.stage > b.stage ? 1 : 0));
}
