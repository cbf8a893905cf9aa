import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import type { WebGpuBenchReport } from "../../src/cli/bench-webgpu.js";
import { describeWith } from "../support/requirements.js";
import { requireWebGpu, webGpuEnvironment } from "../support/webgpu.js";

/** The command line in a process of its own, again where a software adapter ended it. */
function phasecell(...args: string[]) {
  for (let life = 0; ; life++) {
    const run = spawnSync(process.execPath, ["dist/cli/main.js", ...args], {
      env: webGpuEnvironment,
      encoding: "utf8",
      timeout: 120_000,
    });
    if (run.signal === null || life === 3) return run;
  }
}

describeWith([requireWebGpu()], "engine webgpu on the command line", () => {
  it("is found by doctor, which says when it is software", () => {
    const { findings } = JSON.parse(phasecell("doctor", "--json").stdout) as {
      findings: { name: string; found: boolean; detail: string }[];
    };
    const finding = findings.find(({ name }) => name === "webgpu")!;
    expect(finding.found).toBe(true);
    if (/swiftshader|llvmpipe/i.test(finding.detail)) expect(finding.detail).toMatch(/, software: /);
  });

  it("measures itself with one command", () => {
    const { stdout, stderr } = phasecell("bench", "lj", "eam", "sw", "--engine", "webgpu", "--json", "--atoms", "64");
    const report = JSON.parse(stdout || JSON.stringify(stderr)) as WebGpuBenchReport;
    expect(report.adapter).toMatch(/\w/);
    expect(report.note).toBe(report.software ? "software adapter: not a GPU figure" : undefined);
    expect(report.systems.map(({ name }) => name)).toEqual(["lj", "eam", "sw"]);
    for (const { forceError, sizes } of report.systems) {
      expect(forceError).toBeLessThan(1e-5);
      expect(sizes).toHaveLength(1);
      expect(sizes[0]!.atomStepsPerSecond).toBeGreaterThan(0);
    }
  });

  it("runs a recipe, and goes on from its checkpoint in no other engine", () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "phasecell-md-"));
    const recipe = path.join(folder, "argon.json");
    const write = (more: object): void =>
      fs.writeFileSync(
        recipe,
        JSON.stringify({
          potential: "lj(0.0103,3.4,6.9)",
          structure: { lattice: "fcc", element: "Ar", a: 5.26 },
          ensemble: { kind: "nvt", temperature: 60, thermostat: "langevin" },
          ...{ repeats: [3, 3, 3], timestep: 4, steps: 20, engine: "webgpu", seed: 3 },
          ...more,
        }),
      );
    write({});
    expect(JSON.parse(phasecell("md", recipe, "--out", folder, "--json").stdout)).toMatchObject({
      steps: 20,
      atoms: 108,
    });
    const checkpoint = path.join(folder, "checkpoint.bin");
    write({ steps: 40 });
    const resumed = phasecell("md", recipe, "--out", folder, "--json", "--resume", checkpoint);
    expect(JSON.parse(resumed.stdout)).toMatchObject({ steps: 40 });
    write({ steps: 60, engine: "wasm" });
    const elsewhere = phasecell("md", recipe, "--out", folder, "--resume", checkpoint);
    expect(elsewhere.status).toBe(2);
    expect(elsewhere.stderr).toContain("phasecell: engine of the checkpoint: webgpu; expected that of this run");
    fs.rmSync(folder, { recursive: true });
  });

  it("knows no other engine to measure apart", () => {
    const { status, stderr } = phasecell("bench", "lj", "--engine", "webgp");
    expect(status).toBe(2);
    expect(stderr).toContain("phasecell: --engine: webgp; expected webgpu, wasm-relaxed, wasm-mixed, or none");
  });
});
