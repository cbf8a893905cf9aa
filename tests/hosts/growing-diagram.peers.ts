import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { BrowserContext } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PhaseDiagram } from "../../src/phase-diagram/phase-diagram.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { notebookText } from "../notebook/notebook-text.js";
import { JupyterClient } from "../support/jupyter-client.js";
import { CHROMIUM, openBrowser, openWatched, resultsOf, settled } from "../support/notebook-page.js";
import { phasecellIn } from "../support/phasecell.js";
import { describeWith, requirePeer } from "../support/requirements.js";
import { stillingerWeberSilicon } from "../support/silicon.js";
import { serveFolder } from "../support/static-server.js";

const CELLS = [
  'import { betaTin, diagramFigure, diamond, phaseDiagram } from "phasecell";\nimport type { PotentialSpec } from "phasecell";',
  `const potential: PotentialSpec = ${JSON.stringify(createPotential(stillingerWeberSilicon).spec)};
const phases = [
  { name: "diamond", structure: diamond("Si", 5.43), repeats: [1, 1, 1], cell: "isotropic" },
  { name: "beta-tin", structure: betaTin("Si", 4.9, 2.8), repeats: [2, 1, 2], cell: "tetragonal" },
] as const;`,
  `const diagram = await stage(
  "diagram",
  { potential, phases },
  ({ potential, phases }, { seed, ...work }) =>
    phaseDiagram(potential, phases, {
      temperature: [100, 600], pressure: [5, 25], budget: 25, seed,
      equilibration: 100, sampling: 300, switching: 100, replicas: 2,
    }, work),
  { show: (known) => diagramFigure({ name: "growing", caption: "After " + known.runs + " measurements.", diagram: known }) },
);
display(diagramFigure({ name: "diagram", caption: "Complete: " + diagram.runs + " measurements.", diagram }));`,
];

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "phasecell-growing-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));
fs.mkdirSync(path.join(folder, "notebooks"));
const notebook = path.join(folder, "notebooks/growing.html");
fs.writeFileSync(notebook, notebookText(CELLS.map((source) => ["ts", source])));

const counts = (texts: readonly string[]): number[] => [
  ...new Set(
    texts.flatMap((text) => [...text.matchAll(/After (\d+) measurements/g)].map(([, count]) => Number(count))),
  ),
];

describeWith([requirePeer(CHROMIUM, "--version")], "a diagram that fills in while its page is open", () => {
  let server: Awaited<ReturnType<typeof serveFolder>>;
  let browser: BrowserContext;
  beforeAll(async () => {
    phasecellIn(folder, "notebooks", "build", "--out", "site");
    server = await serveFolder(path.join(folder, "site"));
    browser = await openBrowser();
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  test("shows each round in place, then the result alone, which is that of the command line", async () => {
    const { page, complaints } = await openWatched(browser, `${server.url}notebooks/growing.html`);
    const seen: string[] = [];
    const watch = setInterval(async () => {
      const text = await page.evaluate(() => document.querySelector("main")?.textContent ?? "").catch(() => "");
      seen.push(text);
    }, 30);
    await settled(page);
    clearInterval(watch);
    const rounds = counts(seen);
    expect(rounds.length).toBeGreaterThan(2);
    expect(rounds).toEqual(rounds.toSorted((a, b) => a - b));
    // Never two at once.
    expect(seen.every((text) => (text.match(/After \d+ measurements/g) ?? []).length <= 1)).toBe(true);
    const final = await page.evaluate(() => document.querySelector("main")!.textContent!);
    expect(final).toMatch(/Complete: \d+ measurements/);
    expect(final).not.toMatch(/After \d+ measurements/);
    expect(complaints).toEqual([]);

    phasecellIn(folder, "run", "notebooks/growing.html", "--out", "headless");
    const headless = JSON.parse(fs.readFileSync(path.join(folder, "headless/results.json"), "utf8"));
    const { values } = await resultsOf(page);
    const [inPage, inNode] = [values.diagram, headless.values.diagram] as PhaseDiagram[];
    expect(inPage!.runs).toBe(inNode!.runs);
    expect(inPage!.states.map(({ volume }) => volume.value)).toEqual(inNode!.states.map(({ volume }) => volume.value));
    expect(fs.readFileSync(path.join(folder, "headless/report.html"), "utf8")).not.toMatch(/After \d+ measurements/);
  });
});

describe("a diagram that fills in while a Jupyter kernel computes it", () => {
  let client: JupyterClient;
  beforeAll(async () => {
    client = await (await JupyterClient.start({ cacheFolder: path.join(folder, "kernel-cache") })).ready();
  });
  afterAll(() => client?.stop());

  test("shows each round in place, then the result alone", async () => {
    await client.run(CELLS[0]!, "imports");
    await client.run(CELLS[1]!, "phases");
    const { reply, published } = await client.run(CELLS[2]!, "diagram");
    expect(reply.content).toMatchObject({ status: "ok" });
    const shown = published
      .filter(({ header }) => header.msg_type.endsWith("display_data"))
      .map(({ content }) => JSON.stringify(content.data));
    expect(counts(shown).length).toBeGreaterThan(2);
    expect(shown.at(-1)).toContain("Complete: ");
    expect(shown.at(-1)).not.toMatch(/After \d+ measurements/);
  });
});
