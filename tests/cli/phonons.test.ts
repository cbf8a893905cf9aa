import fs from "node:fs";
import { describe, expect, it } from "vitest";
import { createPotential } from "../../src/potentials/create-potential.js";
import { runCommand } from "../support/command-line.js";
import { scratchFolder } from "../support/scratch-folder.js";
import { stillingerWeberSilicon } from "../support/silicon.js";

const folder = scratchFolder("phonons");

folder.write("si.json", createPotential(stillingerWeberSilicon).spec);
const diamond = { name: "diamond", lattice: "diamond", element: "Si", a: 5.5 };
const base = { potential: "si.json", crystal: diamond, divisions: [4, 4, 4] };

describe("phasecell phonons", () => {
  it("relaxes the crystal and prints special points and thermal properties; JSON and drawing beside", async () => {
    const recipe = folder.write("recipe.json", { ...base, temperatures: [0, 300, 1000] });
    const [out, svg] = [folder.at("result.json"), folder.at("phonons.svg")];
    const { code, stdout } = await runCommand("phonons", recipe, "--out", out, "--figure", svg);
    expect(code).toBe(0);
    expect(stdout).toContain("diamond, F d -3 m (cF8), 0 GPa: -4.33660 eV/atom, 20.0234 A^3/atom at rest");
    expect(stdout).toContain("stable against every small displacement");
    // The optical mode of Stillinger-Weber silicon, threefold (tests/properties: frozen phonons).
    expect(stdout).toMatch(/\n {2}Γ {3}0\.000 \(3\) {2}17\.\d\d\d \(3\)\n/);
    expect(stdout).toMatch(/\n {2}X {3}/);
    const result = JSON.parse(fs.readFileSync(out, "utf8"));
    expect(result.thermal.map((t: { temperature: number }) => t.temperature)).toEqual([0, 300, 1000]);
    expect(result.thermal[0].freeEnergy).toBeCloseTo(result.zeroPointEnergy, 12);
    expect(result.thermal[2].heatCapacity / 8.617333262e-5).toBeGreaterThan(2.8);
    expect(result.density.values.length).toBe(result.density.frequencies.length);
    expect(fs.readFileSync(svg, "utf8")).toContain("Frequency (THz)");
    const json = JSON.parse((await runCommand("phonons", recipe, "--json")).stdout);
    expect(json).toEqual(result);
  });

  it("adds the quasi-harmonic Gibbs energy when asked", async () => {
    const recipe = folder.write("grid.json", {
      ...{ ...base, temperatures: [300], divisions: [3, 3, 3], statistics: "classical" },
      quasiHarmonic: { pressures: [0, 2], ratios: [0.94, 0.96, 0.98, 1, 1.02, 1.04] },
    });
    const { code, stdout } = await runCommand("phonons", recipe, "--json");
    expect(code).toBe(0);
    const { quasiHarmonic } = JSON.parse(stdout);
    expect(quasiHarmonic.points).toHaveLength(2);
    const [low, high] = quasiHarmonic.points;
    expect((high.gibbs - low.gibbs) / (2 / 160.2176634)).toBeCloseTo((high.volume + low.volume) / 2, 2);
  });

  it("says that an unstable crystal has no thermal properties, which is a finding", async () => {
    const crystal = { name: "bcc", lattice: "bcc", element: "Si", a: 3.2 };
    const { code, stdout } = await runCommand("phonons", folder.write("bcc.json", { ...base, crystal }));
    expect(code).toBe(0);
    expect(stdout).toMatch(/unstable: imaginary frequencies down to \d+\.\d+ THz, so no thermal properties/);
  });

  it.each([
    [
      "repeats where none belong",
      { crystal: { ...diamond, repeats: [2, 2, 2] } },
      /unknown key bad\.json\.crystal\.repeats/,
    ],
    ["a negative temperature", { temperatures: [-1] }, /bad\.json\.temperatures\.0: -1; expected 0 or above/],
    ["a mistyped key", { statistic: "quantum" }, /unknown key bad\.json\.statistic; .*; try statistics/],
  ])("refuses %s with one line", async (_, change, message) => {
    const { code, stdout, stderr } = await runCommand("phonons", folder.write("bad.json", { ...base, ...change }));
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  it("refuses a drawing of unknown kind before it computes", async () => {
    const { code, stderr } = await runCommand("phonons", folder.write("ok.json", base), "--figure", folder.at("x.pdf"));
    expect(code).toBe(2);
    expect(stderr).toMatch(/--figure: .*x\.pdf; expected FILE\.svg or FILE\.png/);
  });
});
