import fs from "node:fs";
import { describe, expect, test } from "vitest";
import { htmlToJupyter, jupyterToHtml } from "../../src/notebook/convert-notebook.js";
import { withTexSource } from "../../src/notebook/executed-notebook.js";
import { tex } from "../../src/notebook/markup.js";
import { rasterize } from "../../src/notebook/rasterize.node.js";
import { runNotebook } from "../../src/notebook/run-notebook.node.js";
import { writeRun } from "../../src/notebook/write-run.node.js";
import { scratchFolder } from "../support/scratch-folder.js";
import { notebookText } from "./notebook-text.js";

const folder = scratchFolder("executed");

const TEXT = notebookText([
  ["md", `# Title\n\nEnergy \${tex\`E\`}`],
  [
    "ts",
    'await new Promise((resolve) => setTimeout(resolve, 30));\nconst b = view(Inputs.range([0, 9], { label: "B", value: 2 }));',
  ],
  ["ts", "const a = view(Inputs.number([0, 9], { value: 3 }));"],
  ["md", `The sum is \${b + 1}, \${tex\`x^\${b}\`}.`],
  [
    "ts",
    'display({ kind: "figure", name: "dots", caption: "Dots.", spec: { data: { values: [{ x: b, y: 1 }] }, mark: "point", encoding: { x: { field: "x", type: "quantitative", title: "Distance (Å)" } } } });',
  ],
  [
    "ts",
    'display({ kind: "table", name: "t", caption: "Rows", columns: [{ key: "x" }], rows: [{ x: b }] }); display([1, 2]);',
  ],
]);

async function run(name: string, text: string, settings = new Map<string, string>()) {
  const file = folder.write(name, text);
  const result = await runNotebook(file, { typeCheck: false, version: "0", library: async () => ({}), settings });
  const written = await writeRun(result, file, folder.at(`${name}-out`));
  return { ...written, read: (one: string) => fs.readFileSync(one, "utf8") };
}

interface Cell {
  readonly id: string;
  readonly outputs?: readonly { readonly data: Readonly<Record<string, unknown>> }[];
}

describe("an executed notebook", () => {
  test("of .html and of its twin: the same results, figures and outputs", async () => {
    const one = await run("n.html", TEXT);
    const two = await run("n.ipynb", htmlToJupyter(TEXT, "n").text);
    const same = (text: string): string => text.replaceAll("n.ipynb", "n.html");
    expect(same(two.read(two.results))).toBe(one.read(one.results));
    expect(same(two.read(two.report))).toBe(one.read(one.report));
    expect(two.read(two.notebook)).toBe(one.read(one.notebook));
    expect(fs.readFileSync(two.pictures[0]!)).toEqual(fs.readFileSync(one.pictures[0]!));
    expect(jupyterToHtml(one.read(one.notebook), "n")).toEqual({ text: TEXT, dropped: ["outputs of 5 cells"] });
  });

  test("shows inputs, equations as TeX, figures as SVG, tables, data", async () => {
    const { notebook, read } = await run("n.html", TEXT, new Map([["b", "4"]]));
    const { cells } = JSON.parse(read(notebook)) as { cells: Cell[] };
    const data = (id: string) => cells.find((cell) => cell.id === id)!.outputs!.map((output) => output.data);
    expect(cells[0]!.outputs).toBeUndefined();
    expect(data("2")[0]!["text/html"]).toContain("<output>4</output>");
    expect(data("4")[0]!["text/html"]).toBe("<p>The sum is 5, $x^4$.</p>\n");
    expect(Object.keys(data("5")[0]!)).toEqual(["image/svg+xml", "text/plain"]);
    expect(data("6").map((one) => one["text/plain"])).toEqual(["x\n4", expect.stringContaining("1")]);
  });

  test("inputs are listed in the order of the file, whichever cell was first to run", async () => {
    const { results, report, read } = await run("n.html", TEXT);
    expect(Object.keys(JSON.parse(read(results)).inputs)).toEqual(["b", "a"]);
    expect(read(report)).toContain("phasecell run n.html --set b=2 --set a=3 --seed 0");
  });
});

test("equations of KaTeX go back to TeX, whatever they contain", () => {
  const inline = tex`\frac{a}{b} < c`.html;
  expect(withTexSource(`<p>a ${inline} b ${tex.block`\sum_i x_i`.html}</p>`)).toBe(
    "<p>a $\\frac{a}{b} &lt; c$ b $$\\sum_i x_i$$</p>",
  );
  expect(withTexSource("<p><span>no</span></p>")).toBe("<p><span>no</span></p>");
});

describe("PNG", () => {
  const svg = (text: string): string =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40"><rect width="120" height="40" fill="#fff"/><text x="5" y="25" font-family="Helvetica, sans-serif" font-size="16">${text}</text></svg>`;

  test("has twice the size, the same bytes twice, and every letter that figures use", async () => {
    const png = Buffer.from(await rasterize(svg("Å")));
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([240, 80]);
    expect(Buffer.from(await rasterize(svg("Å")))).toEqual(png);
    // A letter that the font lacks is drawn as nothing, or as one box for all.
    const letters = [..."Åβ−′₀₁₂³⁻¹⁰σλΔ±·×αγπµ"];
    const drawn = await Promise.all(
      letters.map(async (letter) => Buffer.from(await rasterize(svg(letter))).toString("base64")),
    );
    expect(new Set(drawn).size).toBe(letters.length);
    expect(drawn).not.toContain(Buffer.from(await rasterize(svg(""))).toString("base64"));
  });

  test("broken SVG is a complaint", async () => {
    await expect(rasterize("<svg")).rejects.toThrow(/^PNG of a figure: /);
  });
});
