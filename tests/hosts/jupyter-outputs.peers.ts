import { afterAll, beforeAll, expect, test } from "vitest";
import { type Exchange, JupyterClient } from "../support/jupyter-client.js";

let client: JupyterClient;
beforeAll(async () => {
  client = await (await JupyterClient.start({ folder: process.cwd() })).ready();
  const names = "createPotential, diamond, liveDynamics, seriesFigure, supercell, table";
  await client.run(`import { ${names} } from "phasecell";\nimport { from } from "arquero";`, "imports");
});
afterAll(() => client.stop());

/** Bundles that the cell showed one after the other. */
const bundles = ({ published }: Exchange): Record<string, unknown>[] =>
  published
    .filter(({ header }) => header.msg_type.endsWith("display_data"))
    .map(({ content }) => content.data as Record<string, unknown>);
async function shownBy(code: string): Promise<Record<string, unknown>> {
  const run = await client.run(code, "shows");
  expect(run.reply.content).toMatchObject({ status: "ok" });
  return bundles(run).at(-1)!;
}

test("a figure: Vega-Lite for front ends that draw it, SVG for the others, caption and provenance in both", async () => {
  const data = await shownBy(
    'const y = await stage("y", {}, () => 2);\nseriesFigure({ name: "f", caption: "A *line*.", x: { title: "x" }, y: { title: "y" }, series: [{ label: "s", points: [{ x: 0, y: 1 }, { x: 1, y }] }] })',
  );
  expect(Object.keys(data)).toEqual(["application/vnd.vegalite.v5+json", "image/svg+xml", "text/plain"]);
  for (const part of ["application/vnd.vegalite.v5+json", "image/svg+xml"])
    expect(JSON.stringify(data[part])).toMatch(/A line\..*y [0-9a-f]{8} · engine wasm · seed 0/);
  expect(data["text/plain"]).toBe("[figure f: A *line*.]");
});

test("a table: text to the left, numbers to the right, as text where there is no HTML", async () => {
  const data = await shownBy(
    'table([{ phase: "fcc", energy: -3.5 }], { name: "t", caption: "Energies.", columns: [{ key: "phase", label: "Phase" }, { key: "energy", label: "*E*", unit: "eV", digits: 2 }] })',
  );
  expect(data["text/html"]).toMatch(
    /<b>Table\.<\/b> Energies\..*<th style="text-align:left">Phase<\/th>.*<td class="number" style="text-align:right">−3\.50<\/td>/s,
  );
  expect(data["text/plain"]).toBe("phase  energy\nfcc    -3.5");
});

test("a table of arquero", async () => {
  const data = await shownBy("from([{ n: 1, square: 1 }, { n: 2, square: 4 }]).derive({ cube: (d) => d.n ** 3 })");
  expect(data["text/html"]).toMatch(/<table>.*<th[^>]*>cube<\/th>.*<td[^>]*>8<\/td>/s);
  expect(data["text/plain"]).toBe("n  square  cube\n1  1       1\n2  4       8");
});

test("a structure, and the start of a live run: views to turn that need nothing else", async () => {
  const data = await shownBy('supercell(diamond("Si", 5.43), [2, 2, 2])');
  expect(data["text/plain"]).toBe("Si64, a = 10.860, b = 10.860, c = 10.860 Å");
  expect(data["text/html"]).toMatch(/^<iframe srcdoc="[^"]*canvas[^"]*" sandbox="allow-scripts"/);
  expect(data["text/html"]).not.toMatch(/https?:/);
  const live = await shownBy(
    'liveDynamics({ name: "live", caption: "Silicon.", structure: diamond("Si", 5.43), potential: createPotential([{ kind: "lennard-jones", epsilon: 0.01, sigma: 2, cutoff: 5 }]).spec, temperature: 300, cell: "isotropic", bond: 2.8 })',
  );
  expect(live["text/html"]).toMatch(/<iframe .*<div>Silicon\. .*here they stand where the run starts/s);
  expect(live["image/svg+xml"]).toContain("<svg");
});

test("progress of a stage is a bar in the cell, which is gone at the end", async () => {
  const run = await client.run(
    'const slow = await stage("slow", {}, async (_, { onProgress }) => {\n  for (let done = 1; done <= 4; done++) {\n    await new Promise((resolve) => setTimeout(resolve, 150));\n    onProgress({ task: "slow", done, total: 5, note: "step " + done });\n  }\n  return 5;\n});\ndisplay(slow);',
    "slow",
  );
  const shown = bundles(run);
  expect(
    shown.filter((data) => /<progress max="100" value="\d+"/.test(String(data["text/html"]))).length,
  ).toBeGreaterThan(1);
  expect(shown.some((data) => /^slow \d+%, step \d/.test(String(data["text/plain"])))).toBe(true);
  expect(shown.at(-1)).toEqual({ "text/plain": "5" });
});
