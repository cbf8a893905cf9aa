import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { type Browser, chromium } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runDynamics } from "../../src/dynamics/run-dynamics.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { fcc } from "../../src/structure/lattices.js";
import { supercell } from "../../src/structure/supercell.js";
import { describeWith, requirePeer } from "../support/requirements.js";
import { serveFolder } from "../support/static-server.js";

const CHROMIUM = "/usr/bin/chromium";
const ISOLATED = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "phasecell-threads-"));

/** What a page answers: how many threads a run had, and where atoms ended. */
interface Answer {
  readonly problem: string | undefined;
  readonly threads: number;
  readonly positions: number[];
}

const repeats = [4, 4, 4] as const;
const lennardJones = { kind: "lennard-jones", epsilon: 0.0104, sigma: 3.4, cutoff: 8 } as const;
const ensemble = { kind: "nvt", temperature: 90, thermostat: "langevin" } as const;
const run = { ensemble, timestep: 4, steps: 40, seed: 3, partitions: 4 } as const;

/** The engine as a page gets it, in the page itself and in a worker. */
async function bundle(): Promise<void> {
  const index = JSON.stringify(path.resolve("dist/index.js"));
  const threads = JSON.stringify(path.resolve("dist/engine/threads.js"));
  fs.writeFileSync(
    path.join(folder, "answer.js"),
    `import { createPotential, fcc, runDynamics, supercell, threadsProblem } from ${index};
     import { withThreads } from ${threads};
     export async function answer() {
       const structure = supercell(fcc("Ar", 5.3), ${JSON.stringify(repeats)});
       const potential = createPotential(${JSON.stringify(lennardJones)});
       const { state } = await runDynamics({ ...${JSON.stringify(run)}, structure, potential }, { threads: 3 });
       const threads = await withThreads(3, 4, (instance) => { instance.release(); return instance.threads; });
       return { problem: threadsProblem(), threads, positions: Array.from(state.structure.positions) };
     }
     export async function million() {
       const structure = supercell(fcc("Ar", 5.3), [63, 63, 63]);
       const potential = createPotential(${JSON.stringify(lennardJones)});
       const run = { ensemble: { kind: "nve" }, initialTemperature: 90, timestep: 4, steps: 3, sampleEvery: 1, seed: 3 };
       const { rows } = await runDynamics({ ...run, structure, potential }, { threads: 2 });
       return rows.map((row) => [row.potentialEnergy / structure.numbers.length, row.totalEnergy / structure.numbers.length]);
     }`,
  );
  fs.writeFileSync(
    path.join(folder, "worker.js"),
    'import { answer } from "./answer.js";\nanswer().then((value) => postMessage(value), (error) => postMessage(String(error)));',
  );
  fs.writeFileSync(
    path.join(folder, "entry.js"),
    `import { answer, million } from "./answer.js";
     const inWorker = () => new Promise((resolve) => {
       const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
       worker.addEventListener("message", ({ data }) => resolve(data));
     });
     Object.assign(window, { answer, inWorker, million });`,
  );
  fs.writeFileSync(path.join(folder, "index.html"), '<script type="module" src="./entry.js"></script>');
  const worker = { format: "es" as const };
  await build({ root: folder, base: "./", logLevel: "error", configFile: false, worker, build: { outDir: "site" } });
}

describeWith([requirePeer(CHROMIUM, "--version")], "threads in a page", () => {
  let browser: Browser;
  let expected: number[];

  beforeAll(async () => {
    await bundle();
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
    const structure = supercell(fcc("Ar", 5.3), repeats);
    const { state } = await runDynamics({ ...run, structure, potential: createPotential(lennardJones) });
    expected = Array.from(state.structure.positions);
  });

  afterAll(async () => {
    await browser.close();
    fs.rmSync(folder, { recursive: true });
  });

  const ask = async <T = Answer>(
    where: "answer" | "inWorker" | "million",
    headers: Record<string, string>,
  ): Promise<T> => {
    const server = await serveFolder(path.join(folder, "site"), "/", headers);
    const page = await browser.newPage();
    await page.goto(server.url);
    await page.waitForFunction(() => "answer" in window);
    const answer = await page.evaluate(
      (name) => (window as unknown as Record<string, () => Promise<T>>)[name]!(),
      where,
    );
    await page.close();
    await server.close();
    return answer;
  };

  it.each(["answer", "inWorker"] as const)("give the bits of Node: %s", async (where) => {
    expect(await ask(where, ISOLATED)).toEqual({ problem: undefined, threads: 3, positions: expected });
  });

  it("run a million atoms", async () => {
    const rows = await ask<number[][]>("million", ISOLATED);
    const small = await runDynamics({
      ...{ ensemble: { kind: "nve" }, timestep: 4, steps: 0, seed: 3 },
      structure: supercell(fcc("Ar", 5.3), repeats),
      potential: createPotential(lennardJones),
    });
    expect(rows).toHaveLength(4);
    expect(rows[0]![0]).toBeCloseTo(small.rows[0]!.potentialEnergy / 256, 10);
    for (const [, total] of rows) expect(Math.abs(total! - rows[0]![1]!)).toBeLessThan(1e-6);
  }, 120_000);

  it("are one where the page is not isolated, which says why", async () => {
    const { problem, threads, positions } = await ask("answer", {});
    expect(problem).toMatch(/not cross-origin isolated .*Cross-Origin-Opener-Policy/);
    expect(threads).toBe(1);
    expect(positions).toEqual(expected);
  });
});
