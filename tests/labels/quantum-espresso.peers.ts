import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { openLabelCache } from "../../src/labels/label-cache.node.js";
import { labelStructures } from "../../src/labels/label-structures.js";
import { quantumEspresso, quantumEspressoVersion } from "../../src/labels/quantum-espresso.node.js";
import { strainStructure } from "../../src/sampling/strain.js";
import { cellVolume } from "../../src/structure/cell.js";
import { diamond } from "../../src/structure/lattices.js";
import type { Structure } from "../../src/structure/structure.js";
import { describeWith } from "../support/requirements.js";

const version = await quantumEspressoVersion();
const recipe = {
  engine: "quantum-espresso",
  cutoff: 10,
  kPointSpacing: 0.8,
  pseudopotentials: { Si: { file: "Si.pbe-rrkj.UPF" } },
  convergence: 1e-10,
};

const moved = (structure: Structure, component: number, by: number): Structure => {
  const positions = structure.positions.slice();
  positions[component]! += by;
  return { ...structure, positions };
};
const start = moved(diamond("Si", 5.43, { primitive: true }), 4, 0.1);

describeWith([version === undefined ? "no pw.x" : undefined], "Quantum ESPRESSO (pw.x)", () => {
  it("gives forces and stress that are derivatives of the energy", async () => {
    const labeler = await quantumEspresso(recipe);
    expect(labeler.name).toBe(`quantum-espresso ${version}`);
    const step = 0.02;
    // A shear keeps the number of plane waves nearly fixed; a change of volume at this cutoff would not.
    const sheared = (by: number): Structure => strainStructure(start, [0, 0, 0, 0, by, 0]);
    const outcomes = await labelStructures(
      [start, moved(start, 4, step), moved(start, 4, -step), sheared(step), sheared(-step)],
      labeler,
      { parallel: 2 },
    );
    const labels = outcomes.map((outcome) => {
      if (outcome.status === "failed") throw new Error(outcome.message);
      return outcome.label;
    });
    const slope = (i: number, j: number): number => (labels[i]!.energy - labels[j]!.energy) / (2 * step);
    expect(labels[0]!.forces[4]).toBeCloseTo(-slope(1, 2), 1);
    expect(labels[0]!.stress[4]).toBeCloseTo(slope(3, 4) / cellVolume(start.cell), 2);
    expect(Math.abs(labels[0]!.forces[4]!)).toBeGreaterThan(0.3);
  });

  it("tells an unconverged run from a label, after one more try", async () => {
    const labeler = await quantumEspresso({ ...recipe, maximumSteps: 1 });
    expect(await labeler.label(start)).toMatchObject({
      status: "failed",
      reason: "unconverged",
      attempts: 2,
      message: "no self-consistency after 2 steps",
    });
  });

  it("refuses another version and another pseudopotential than the recipe's", async () => {
    const other = await quantumEspresso({ ...recipe, version: "5.0" });
    expect(await other.label(start)).toMatchObject({
      reason: "wrong-version",
      message: expect.stringContaining("5.0"),
    });
    const wrong = { Si: { file: "Si.pbe-rrkj.UPF", sha256: "0".repeat(64) } };
    const strict = await quantumEspresso({ ...recipe, pseudopotentials: wrong });
    await expect(strict.label(start)).rejects.toThrow(/sha256 of .*; expected 000/);
  });

  // Another try where other work held both cores just then.
  it("is killed within 100 ms and resumes from its cache", { retry: 2 }, async () => {
    const directory = await mkdtemp(path.join(tmpdir(), "phasecell-test-"));
    try {
      const cache = await openLabelCache({ directory });
      const labeler = await quantumEspresso(recipe);
      const heavy = await quantumEspresso({ ...recipe, cutoff: 60, kPointSpacing: 0.1 });
      await labelStructures([start], labeler, { cache });
      const stop = new AbortController();
      const run = labelStructures([start], heavy, { cache, signal: stop.signal });
      await new Promise((resolve) => setTimeout(resolve, 500));
      const aborted = Date.now();
      stop.abort();
      await expect(run).rejects.toThrow();
      expect(Date.now() - aborted).toBeLessThan(100);
      const children = spawnSync("ps", ["--ppid", `${process.pid}`, "-o", "comm="], { encoding: "utf8" }).stdout;
      expect(children).not.toMatch(/pw\.x$/m);
      const fromCache: boolean[] = [];
      await labelStructures([start], labeler, { cache, onOutcome: (_index, _outcome, held) => fromCache.push(held) });
      expect(fromCache).toEqual([true]);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });
});

describe("Quantum ESPRESSO that is not there", () => {
  it("is named, with what to install", async () => {
    await expect(quantumEspresso(recipe, { command: "no-such-pw.x" })).rejects.toThrow(
      /^pw\.x: no-such-pw\.x; expected Quantum ESPRESSO on this machine; try apt-get install/,
    );
  });
});
