import fs from "node:fs";
import { describe, expect, it } from "vitest";
import { createPotential } from "../../src/potentials/create-potential.js";
import { runCommand } from "../support/command-line.js";
import { scratchFolder } from "../support/scratch-folder.js";

const folder = scratchFolder("melting");

/** As stiff as a metal: epsilon / k = 1160.45 K. */
folder.write("metal.json", createPotential({ kind: "lennard-jones", epsilon: 0.1, sigma: 2.3, cutoff: 5.75 }).spec);

const recipe = {
  potential: "metal.json",
  crystal: { name: "fcc", lattice: "fcc", element: "Cu", a: 3.7, repeats: [3, 3, 3] },
  temperature: [705, 745],
  ...{ tolerance: 15, runs: 5, timestep: 4, equilibration: 1200, duration: 16_000, lookEvery: 1600 },
  ...{ width: 5, length: 16, seed: 3 },
};

describe("phasecell melting", () => {
  it("finds the melting point of a Lennard-Jones metal, and the same at once from its finished runs", async () => {
    const file = folder.write("recipe.json", recipe);
    const figure = folder.at("growth.svg");
    const { code, stdout } = await runCommand("melting", file, "--out", folder.at("out.json"), "--figure", figure);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^fcc melts at \d+\.\d \+- \d+\.\d K at 0 GPa\n {2}\(\d runs of \d+ atoms, \d+ ps side by side/,
    );
    expect(fs.readFileSync(figure, "utf8")).toContain("Crystal growth rate (1/ns)");
    const again = await runCommand("melting", file, "--json");
    expect(JSON.parse(again.stdout)).toEqual(JSON.parse(fs.readFileSync(folder.at("out.json"), "utf8")));
    const { melting } = JSON.parse(again.stdout).points[0];
    // Truncated at 2.5 sigma, which lowers T* = 0.69; the box is small.
    expect(melting.value).toBeGreaterThan(0.58 * 1160.45);
    expect(melting.value).toBeLessThan(0.7 * 1160.45);
  }, 200_000);

  it("refuses a range that is none", async () => {
    const { code, stderr } = await runCommand(
      "melting",
      folder.write("bad.json", { ...recipe, temperature: [110, 60] }),
    );
    expect(code).toBe(2);
    expect(stderr).toMatch(/phasecell: temperature: .*110.*60.*; expected two rising numbers of K\n/);
  });
});
