import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runNotebook } from "../../src/notebook/run-notebook.node.js";
import { writeRun } from "../../src/notebook/write-run.node.js";
import { notebookText } from "./notebook-text.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "phasecell-run-"));
});
afterEach(() => rm(folder, { recursive: true }));

const CELLS = [
  ["md", `# Title with \${tex\`E = mc^2\`}\n\nThe sum is \${sum.total}.`],
  ["ts", 'const temperature = view(Inputs.range([100, 900], { label: "Temperature (K)", value: 300 }));'],
  ["ts", 'const base = await stage("base", {}, () => ({ offset: 1 }));'],
  [
    "ts",
    'const sum = await stage("sum", { base, temperature }, ({ base, temperature }) => ({ total: base.offset + temperature }));',
  ],
  [
    "ts",
    'display({ kind: "figure", name: "line", caption: "A *line*.", spec: { data: { values: [{ x: 0, y: sum.total }, { x: 1, y: 2 }] }, mark: "line", encoding: { x: { field: "x", type: "quantitative" }, y: { field: "y", type: "quantitative" } } } });',
  ],
] as const;

async function run(
  options: { settings?: Record<string, string>; cells?: Parameters<typeof notebookText>[0]; seed?: number } = {},
) {
  const file = path.join(folder, "toy.html");
  await writeFile(file, notebookText(options.cells ?? CELLS));
  const result = await runNotebook(file, {
    settings: new Map(Object.entries(options.settings ?? {})),
    cacheFolder: path.join(folder, "cache"),
    typeCheck: false,
    version: "0.0.0",
    library: () => import("../../src/index.js"),
    ...(options.seed === undefined ? {} : { seed: options.seed }),
  });
  const written = await writeRun(result, file, path.join(folder, "out"));
  const stages = Object.fromEntries(
    result.cells.flatMap((cell) => cell.stages).map((stage) => [stage.provenance.stage, stage.cached]),
  );
  const [report, results] = await Promise.all([readFile(written.report, "utf8"), readFile(written.results, "utf8")]);
  return { written, stages, report, results: JSON.parse(results) };
}

describe("a notebook without a browser", () => {
  test("prose, equations, figures with captions and provenance, results", async () => {
    const { report, results, written } = await run();
    expect(report).toContain('<h1>Title with <span class="katex">');
    expect(report).toContain("The sum is 301.");
    expect(report).toMatch(
      /<b>Figure 1\.<\/b> A <em>line<\/em>\.<div class="provenance">sum [0-9a-f]{8} · engine wasm · seed 0/,
    );
    expect(report).not.toMatch(/(src|href)="(?!#)/);
    expect(written.figures).toHaveLength(1);
    expect(results).toMatchObject({ inputs: { temperature: 300 }, values: { sum: { total: 301 } } });
    expect(results.stages.sum.inputs).toHaveProperty("temperature");
  });

  test("a second run is served from the cache and gives the same bytes", async () => {
    const first = await run();
    expect(first.stages).toEqual({ base: false, sum: false });
    const second = await run();
    expect(second.stages).toEqual({ base: true, sum: true });
    expect(second.report).toBe(first.report);
    expect(second.results).toEqual(first.results);
  });

  test("a changed input recomputes only what depends on it", async () => {
    await run();
    const { stages, results } = await run({ settings: { temperature: "900" } });
    expect(stages).toEqual({ base: true, sum: false });
    expect(results.values.sum.total).toBe(901);
  });

  test.each([
    [{ temperature: "1000" }, /--set temperature: 1000; expected a number from 100 to 900/],
    [{ temperature: "hot" }, /--set temperature: hot/],
    [{ temprature: "300" }, /--set: temprature; expected an input of the notebook: temperature; try temperature/],
  ])("a bad setting %j is refused", async (settings, message) => {
    await expect(run({ settings })).rejects.toThrow(message);
  });

  test("the cell that failed is named, not those that waited for it", async () => {
    const cells = [
      ["ts", "const late = early + 1;"],
      ["ts", 'const early = (() => { throw new Error("too hot"); })();'],
    ] as const;
    await expect(
      run({ cells: cells.map(([mode, code]) => [mode, code.replace("(() =>", "((): number =>")] as const) }),
    ).rejects.toThrow("cell 2: too hot");
  });

  test("an abort ends a running stage within 100 ms and leaves nothing written", async () => {
    const file = path.join(folder, "slow.html");
    await writeFile(
      file,
      notebookText([
        ["ts", 'const x = await stage("slow", {}, () => new Promise((resolve) => setTimeout(resolve, 5000)));'],
      ]),
    );
    const controller = new AbortController();
    let aborted = 0;
    setTimeout(() => {
      aborted = performance.now();
      controller.abort(new Error("interrupted"));
    }, 300);
    await expect(
      runNotebook(file, {
        typeCheck: false,
        version: "0",
        library: async () => ({}),
        signal: controller.signal,
        cacheFolder: path.join(folder, "cache"),
      }),
    ).rejects.toThrow("interrupted");
    expect(performance.now() - aborted).toBeLessThan(100);
  });
});
