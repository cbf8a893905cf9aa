import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createPotential } from "../../src/potentials/create-potential.js";
import { randomStream } from "../../src/random.js";
import { stillingerWeberSilicon } from "../support/silicon.js";

const KILLS = 50;

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "phasecell-diagram-kill-"));
  fs.writeFileSync(path.join(folder, "si.json"), JSON.stringify(createPotential(stillingerWeberSilicon).spec));
  const recipe = {
    potential: "si.json",
    phases: [
      { name: "diamond", lattice: "diamond", element: "Si", a: 5.43, repeats: [2, 2, 2] },
      { name: "beta-tin", lattice: "beta-tin", element: "Si", a: 4.9, c: 2.8, repeats: [3, 3, 4] },
    ],
    ...{ temperature: [100, 600], pressure: [5, 25], budget: 60, seed: 1 },
    ...{ equilibration: 100, sampling: 300, switching: 100, replicas: 2 },
  };
  fs.writeFileSync(path.join(folder, "recipe.json"), JSON.stringify(recipe));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

/** The command in a process of its own, in the folder; resolves with whether it ended by itself. */
async function grow(legs: string, out: string, milliseconds = Number.POSITIVE_INFINITY): Promise<boolean> {
  const command = [path.resolve("dist/cli/main.js"), "phase-diagram", "recipe.json", "--legs", legs, "--out", out];
  const child = spawn(process.execPath, command, { cwd: folder, stdio: "ignore" });
  const timer = Number.isFinite(milliseconds) ? setTimeout(() => child.kill("SIGKILL"), milliseconds) : undefined;
  const code = await new Promise((resolve) => child.once("exit", resolve));
  clearTimeout(timer);
  return code === 0;
}

/** Number of the file's place on disk by name: a leg that is written again gets another one. */
function finishedLegs(legs: string): Map<string, bigint> {
  const files = fs.readdirSync(path.join(folder, legs), { recursive: true, encoding: "utf8" });
  return new Map(
    files
      .filter((file) => /^[0-9a-f]{64}$/.test(path.basename(file)))
      .map((file) => [file, fs.statSync(path.join(folder, legs, file), { bigint: true }).ino]),
  );
}

test(`a diagram killed at ${KILLS} random moments is the same in the end, and no finished leg is run again`, async () => {
  const began = performance.now();
  expect(await grow("whole", "whole.json")).toBe(true);
  // A busy machine takes longer to reach a moment worth killing at.
  const took = performance.now() - began;
  fs.mkdirSync(path.join(folder, "killed"));
  const random = randomStream(1, "rattle");
  let known = finishedLegs("killed");
  let growing = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    await grow("killed", "killed.json", took * (0.1 + 0.3 * random.uniform()));
    const legs = finishedLegs("killed");
    for (const [file, place] of known) expect(legs.get(file)).toBe(place);
    if (legs.size > known.size) growing++;
    known = legs;
    // The record of the last whole round, or none: never half of one.
    const out = path.join(folder, "killed.json");
    if (fs.existsSync(out)) expect(JSON.parse(fs.readFileSync(out, "utf8")).format).toBe("phasecell-phase-diagram");
  }
  expect(growing).toBeGreaterThan(5);
  expect(await grow("killed", "killed.json")).toBe(true);
  const bytes = (file: string): Buffer => fs.readFileSync(path.join(folder, file));
  expect(bytes("killed.json").equals(bytes("whole.json"))).toBe(true);
  const [whole, pieces] = [finishedLegs("whole"), finishedLegs("killed")];
  expect([...pieces.keys()].sort()).toEqual([...whole.keys()].sort());
  for (const file of whole.keys()) expect(bytes(`killed/${file}`).equals(bytes(`whole/${file}`))).toBe(true);
}, 280_000);
