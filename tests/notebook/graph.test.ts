import { createHash } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { compileCell } from "../../src/notebook/compile-cell.js";
import { type CellState, NotebookGraph } from "../../src/notebook/graph.js";
import { Inputs } from "../../src/notebook/input-control.js";
import { parseNotebook } from "../../src/notebook/parse-notebook.js";
import { notebookText } from "./notebook-text.js";

const graphs: NotebookGraph[] = [];
afterEach(() => {
  for (const graph of graphs.splice(0)) graph.dispose();
});

/** A graph of TypeScript cells, numbered from 1. */
function graphOf(
  sources: readonly string[],
  waitForDemand = false,
  onChange: (cell: CellState) => void = () => {},
): NotebookGraph {
  const graph = new NotebookGraph({
    builtins: { Inputs },
    importModule: (specifier) => import(specifier),
    stageHost: {
      hash: (bytes) => createHash("sha256").update(bytes).digest("hex"),
      ...{ seed: 0, engine: "wasm", versions: {} },
    },
    waitForDemand,
    onChange,
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

test("a result that grows is shown in place until its stage ends, and the cell is left as if it had not been", async () => {
  const source = `display("before");
const sum = await stage("sum", {}, async (_, { onUpdate }) => {
  for (let known = 1; known <= 3; known++) {
    onUpdate(known);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return 6;
}, { show: (known) => ({ text: known + " so far" }) });
display(sum);`;
  const seen: string[] = [];
  const graph = graphOf([source], false, ({ items }) => seen.push(JSON.stringify(items)));
  await graph.settled();
  const [cell] = graph.cells.values();
  expect(cell).toMatchObject({ state: "fulfilled", items: ["before", 6] });
  const shown = [...new Set(seen.filter((items) => items.includes("so far")))];
  expect(shown).toEqual([1, 2, 3].map((known) => `["before",{"text":"${known} so far"}]`));
  expect(cell!.growing.size).toBe(0);
});

test("a stage that fails takes away what it showed, and a drawing that fails ends nothing", async () => {
  const failing = (body: string, show: string) =>
    `await stage("s", {}, (_, { onUpdate }) => { onUpdate(1); ${body} }, { show: () => { ${show} } });`;
  const seen: unknown[] = [];
  const graph = graphOf(
    [
      failing('throw new Error("no result");', 'return "meanwhile";'),
      failing("return 2;", 'throw new Error("no drawing");'),
    ],
    false,
    ({ items }) => seen.push(...items),
  );
  await graph.settled();
  expect([...graph.cells.values()].map(({ state, items }) => [state, items])).toEqual([
    ["rejected", []],
    ["fulfilled", []],
  ]);
  expect(seen).toContain("meanwhile");
  expect(seen).toContain("stage s: show: no drawing");
});
