import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";
import { build } from "vite";
import { afterAll, expect, it } from "vitest";
import type { DynamicsSpec } from "../../src/dynamics/dynamics-spec.js";
import type { WebGpuFinding } from "../../src/engine/webgpu/probe.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import type { Evaluation, LawSpec } from "../../src/potentials/potential.js";
import { diamond, fcc } from "../../src/structure/lattices.js";
import { supercell } from "../../src/structure/supercell.js";
import { CHROMIUM, openBrowser, openWatched, SOFTWARE_GPU } from "../support/notebook-page.js";
import { phasecell } from "../support/phasecell.js";
import { describeWith, requirePeer } from "../support/requirements.js";
import { stillingerWeberSilicon } from "../support/silicon.js";
import { serveFolder } from "../support/static-server.js";
import { rattled } from "../support/structures.js";
import { askWebGpu, requireWebGpu, stopWebGpu } from "../support/webgpu.js";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "phasecell-webgpu-"));

afterAll(() => {
  stopWebGpu();
  fs.rmSync(folder, { recursive: true });
});

const argon: LawSpec = { kind: "lennard-jones", epsilon: 0.0103, sigma: 3.4, cutoff: 6.94, shifted: "force" };
const silicon = rattled(supercell(diamond("Si", 5.43), [2, 0, 0, 0, 2, 0, 0, 0, 2]), 0.1);
const run = {
  structure: rattled(supercell(fcc("Ar", 5.26), [3, 0, 0, 0, 3, 0, 0, 0, 3]), 0.1),
  ensemble: { kind: "nvt", temperature: 60, thermostat: "langevin" },
  ...{ timestep: 4, steps: 20, seed: 3, sampleEvery: 5 },
} satisfies Omit<DynamicsSpec, "potential">;

/** The engine as a page gets it: bundled for browsers, so that `#host` is the page's. */
async function bundle(): Promise<void> {
  const module = (name: string): string => JSON.stringify(path.resolve("dist", name));
  fs.writeFileSync(
    path.join(folder, "entry.js"),
    `import { createPotential } from ${module("potentials/create-potential.js")};
     import { runDynamics } from ${module("dynamics/run-dynamics.js")};
     import { probeWebGpu } from ${module("engine/webgpu/probe.js")};
     Object.assign(window, { createPotential, runDynamics, probeWebGpu });`,
  );
  fs.writeFileSync(path.join(folder, "index.html"), '<script type="module" src="./entry.js"></script>');
  await build({ root: folder, base: "./", logLevel: "error", configFile: false, build: { outDir: "site" } });
}

interface Answers {
  readonly finding: WebGpuFinding;
  readonly forces: number[];
  readonly positions: number[];
}

describeWith([requirePeer(CHROMIUM, "--version"), requireWebGpu()], "engine webgpu in a page", () => {
  it("gives what it gives in Node", async () => {
    await bundle();
    const server = await serveFolder(path.join(folder, "site"));
    const browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ["--no-sandbox", "--enable-unsafe-webgpu"],
    });
    const page = await browser.newPage();
    await page.goto(server.url);
    const ready = () => "probeWebGpu" in window;
    await page.waitForFunction(ready);
    const text = JSON.stringify({ silicon, run, argon, stillingerWeberSilicon }, (_, value: unknown) =>
      ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value,
    );
    const answers = await page.evaluate(async (given): Promise<Answers> => {
      const given_ = JSON.parse(given);
      const page = window as unknown as Record<string, (...args: unknown[]) => Promise<never>>;
      const arrays = (s: { cell: number[]; numbers: number[]; positions: number[] }) => ({
        ...s,
        cell: Float64Array.from(s.cell),
        numbers: Uint8Array.from(s.numbers),
        positions: Float64Array.from(s.positions),
      });
      const potential = (spec: unknown) =>
        page.createPotential!(spec) as unknown as { open(...args: unknown[]): Promise<never> };
      const finding = (await page.probeWebGpu!()) as WebGpuFinding;
      const session = (await potential(given_.stillingerWeberSilicon).open(arrays(given_.silicon), {}, "webgpu")) as {
        evaluate(): Promise<Evaluation>;
        dispose(): void;
      };
      const { forces } = await session.evaluate();
      session.dispose();
      const { state } = (await page.runDynamics!({
        ...given_.run,
        structure: arrays(given_.run.structure),
        potential: potential(given_.argon),
        engine: "webgpu",
      })) as { state: { structure: { positions: Float64Array } } };
      return { finding, forces: Array.from(forces), positions: Array.from(state.structure.positions) };
    }, text);
    await browser.close();
    await server.close();
    expect(answers.finding.adapter).toBeDefined();

    const [inNode] = await askWebGpu<Evaluation[]>("evaluate", {
      spec: createPotential(stillingerWeberSilicon).spec,
      structure: silicon,
      outputs: {},
      moves: [{}],
    });
    const node = await askWebGpu<{ state: { structure: { positions: Float64Array } } }>("run", {
      spec: run,
      potential: argon,
    });
    if (answers.finding.software && /swiftshader/i.test(process.env.VK_ICD_FILENAMES ?? "swiftshader")) {
      // One adapter, one shader: the same bits.
      expect(answers.forces).toEqual(Array.from(inNode!.forces));
      expect(answers.positions).toEqual(Array.from(node.state.structure.positions));
    }
    const reference = await createPotential(stillingerWeberSilicon).open(silicon, {}, "reference");
    const { forces } = await reference.evaluate();
    const square = (values: readonly number[]): number => values.reduce((sum, x) => sum + x * x, 0);
    const error = square(answers.forces.map((f, k) => f - forces[k]!)) / square(Array.from(forces));
    expect(Math.sqrt(error)).toBeLessThan(1e-5);
  }, 120_000);
});

/** A child of this process, near or far, that was started with a word. */
function descendant(word: string): number | undefined {
  const parents = new Map<number, number>();
  const ids = fs.readdirSync("/proc").map(Number).filter(Boolean);
  const read = (id: number, file: string): string => {
    try {
      return fs.readFileSync(`/proc/${id}/${file}`, "utf8");
    } catch {
      return "";
    }
  };
  for (const id of ids) {
    const stat = read(id, "stat");
    parents.set(id, Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
  }
  const own = (id: number | undefined): boolean => id === process.pid || (Boolean(id) && own(parents.get(id!)));
  return ids.find((id) => own(id) && read(id, "cmdline").includes(word));
}

describeWith([requirePeer(CHROMIUM, "--version"), requireWebGpu()], "a live run", () => {
  it("leaves a software adapter alone, takes it where asked for, and outlives the loss of the device", async () => {
    const site = path.join(folder, "live");
    phasecell("notebooks", "build", "notebooks/08-live.html", "--out", site, "--cache", path.join(folder, "cache"));
    const server = await serveFolder(site);
    const context = await openBrowser([SOFTWARE_GPU]);
    try {
      const { page, complaints } = await openWatched(context, `${server.url}notebooks/08-live.html`);
      const line = (): Promise<string | null> => page.textContent(".live .engine-line");
      const time = async (): Promise<number> =>
        Number(/([\d.]+) ps/.exec((await page.textContent(".live output")) ?? "")?.[1] ?? Number.NaN);
      const patience = { timeout: 90_000 };
      await expect.poll(line, patience).toMatch(/^Engine: WebAssembly, .*; the WebGPU adapter, .*, is software/);
      await expect.poll(time, patience).toBeGreaterThan(0.1);

      await page.selectOption(".live select", "webgpu");
      await expect.poll(line, patience).toMatch(/^Engine: WebGPU, .*software, as asked for/);
      await expect.poll(time, patience).toBeLessThan(0.05);
      await expect.poll(time, patience).toBeGreaterThan(0);
      const before = await time();
      process.kill(descendant("--type=gpu-process")!, "SIGKILL");
      await expect.poll(line, patience).toMatch(/^Engine: WebAssembly, .*, because of the GPU: the device was lost/);
      await expect.poll(time, patience).toBeGreaterThan(before + 0.1);
      expect(await page.textContent(".live .error")).toBe("");
      expect(complaints).toEqual([]);
    } finally {
      await context.close();
      await server.close();
    }
  }, 300_000);
});
