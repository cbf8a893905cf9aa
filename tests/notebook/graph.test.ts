import { createHash } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { compileCell } from "../../src/notebook/compile-cell.js";
import { NotebookGraph } from "../../src/notebook/graph.js";
import { Inputs } from "../../src/notebook/input-control.js";
import { parseNotebook } from "../../src/notebook/parse-notebook.js";
import { notebookText } from "./notebook-text.js";

const graphs: NotebookGraph[] = [];
afterEach(() => {
  for (const graph of graphs.splice(0)) graph.dispose();
});

/** A graph of TypeScript cells, numbered from 1. */
function graphOf(sources: readonly string[], waitForDemand = false): NotebookGraph {
  const graph = new NotebookGraph({
    builtins: { Inputs },
    importModule: (specifier) => import(specifier),
    stageHost: {
      hash: (bytes) => createHash("sha256").update(bytes).digest("hex"),
      ...{ seed: 0, engine: "wasm", versions: {} },
    },
    waitForDemand,
  });
  graphs.push(graph);
  const { cells } = parseNotebook(notebookText(sources.map((source) => ["ts", source])), "test.html");
  for (const cell of cells) graph.define(compileCell(cell));
  return graph;
}

test("an input that the reader sets re-runs its dependents only, and falls back when its own cell runs again", async () => {
  const graph = graphOf([
    "const base = 10;",
    "const t = view(Inputs.range([0, 100], { value: base }));\nconst other = t + 1;",
    "const twice = 2 * t;\ndisplay(twice);",
    "display(other);",
  ]);
  await graph.settled();
  expect(await graph.value("twice")).toBe(20);
  const before = graph.cells.get(4)!.items;
  graph.setInput("t", 7);
  await graph.settled();
  expect(graph.cells.get(3)!.items).toEqual([14]);
  expect(graph.cells.get(4)!.items).toBe(before);
  expect(graph.controls.get("t")!.value).toBe(7);
  const [cell] = parseNotebook(notebookText([["ts", "const base = 30;"]]), "test.html").cells;
  graph.define(compileCell(cell!));
  await graph.settled();
  expect(graph.cells.get(3)!.items).toEqual([60]);
  expect(() => graph.setInput("absent", 1)).toThrow("input: absent; expected one that is shown");
});

test("a stage on demand waits for the reader where somebody can ask, and runs at once elsewhere", async () => {
  const source =
    'const n = 3;\nconst sum = await stage("sum", { n }, ({ n }) => n + 1, { onDemand: true });\ndisplay(sum);';
  const headless = graphOf([source]);
  await headless.settled();
  expect(headless.cells.get(1)!.items).toEqual([4]);

  const asked = graphOf([source], true);
  const state = asked.cells.get(1)!;
  while (!state.demands.length) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(state).toMatchObject({ state: "running", items: [] });
  expect(state.demands[0]).toMatchObject({ stage: "sum" });
  state.demands[0]!.run();
  await asked.settled();
  expect(state).toMatchObject({ state: "fulfilled", items: [4], demands: [] });
});
