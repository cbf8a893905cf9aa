import fs from "node:fs";
import { describe, expect, it } from "vitest";
import { createPotential } from "../../src/potentials/create-potential.js";
import { runCommand } from "../support/command-line.js";
import { scratchFolder } from "../support/scratch-folder.js";
import { stillingerWeberSilicon } from "../support/silicon.js";

const folder = scratchFolder("free-energy");

const diamond = { name: "diamond", lattice: "diamond", element: "Si", a: 5.43, repeats: [1, 1, 1] };
const brief = { seed: 1, equilibration: 100, sampling: 200, switching: 100, replicas: 2 };
folder.write("si.json", createPotential(stillingerWeberSilicon).spec);

describe("phasecell free-energy", () => {
  it("prints G with its parts, and the same as JSON; potentials are found beside the recipe", async () => {
    const recipe = folder.write("recipe.json", {
      potential: "si.json",
      crystal: diamond,
      temperatures: [300],
      pressures: [0, 5],
      ...brief,
    });
    const out = folder.at("result.json");
    const { code, stdout } = await runCommand("free-energy", recipe, "--out", out);
    expect(code).toBe(0);
    expect(stdout).toMatch(/diamond, 300 K, 0 GPa, 8 atoms: G = -4\.[23]\d+ \+- 0\.\d+ eV\/atom \(classical\)/);
    expect(stdout).toMatch(/to infinite size +0\.0\d+/);
    const json = JSON.parse((await runCommand("free-energy", recipe, "--json")).stdout);
    expect(json).toEqual(JSON.parse(fs.readFileSync(out, "utf8")));
    expect(json.points.map((point: { pressure: number }) => point.pressure)).toEqual([0, 5]);
  });

  it("goes along an isobar, an isotherm or to another potential, and takes finished legs from their folder", async () => {
    const paths = [
      [
        { finalTemperature: 600, points: 3 },
        "isobar",
        /300\.0 K {2}-4\.\d+ .*\n {2}\d+\.\d K .*\n.*\n {2}600\.0 K {2}-4\./,
      ],
      [
        { finalPressure: 4, points: 2 },
        "isotherm",
        /0\.000 GPa {2}-4\.\d+ .*\n {2}2\.000 GPa .*\n {2}4\.000 GPa {2}-[34]\./,
      ],
      [
        { finalPotential: "si.json" },
        "alchemical",
        /under the final potential: G = -4\.\d+ \+- .*\n {2}difference -?0\.00000 /,
      ],
    ] as const;
    for (const [change, key, text] of paths) {
      const recipe = folder.write("path.json", {
        potential: "si.json",
        crystal: diamond,
        temperatures: [300],
        ...brief,
        ...change,
      });
      const { code, stdout } = await runCommand("free-energy", recipe);
      expect(code).toBe(0);
      expect(stdout).toMatch(text);
      const again = JSON.parse((await runCommand("free-energy", recipe, "--json")).stdout);
      expect(Object.keys(again.points[0])).toContain(key);
    }
  }, 120_000);

  it("measures G in several sizes, prints them with what they say, and refuses sizes that are none", async () => {
    const sized = (sizes: readonly number[]): string =>
      folder.write("sizes.json", { potential: "si.json", crystal: diamond, temperatures: [300], ...brief, sizes });
    const { code, stdout } = await runCommand("free-energy", sized([64]));
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /extrapolated in 1\/N, slope -?\d\.\d+ \+- \d\.\d+ eV, from\n {5}8 atoms {2}-4\..*\n {4}64 atoms {2}-4\./,
    );
    const same = await runCommand("free-energy", sized([8]));
    expect(same.code).toBe(2);
    expect(same.stderr).toMatch(
      /^phasecell: sizes: \[8\]; expected numbers of atoms that differ enough from the 8 of diamond to give another cell\n$/,
    );
    expect((await runCommand("free-energy", sized([0.5]))).stderr).toMatch(/sizes\.0: 0\.5; expected a whole number/);
    const schema = JSON.parse((await runCommand("schema", "free-energy")).stdout);
    expect(schema.properties.sizes.description).toMatch(/extrapolated to infinite size/);
  });

  it.each([
    [
      "a mistyped key",
      { temperatures: undefined, tempratures: [300] },
      /bad\.json\.temperatures: missing \(there is tempratures\); expected the key temperatures/,
    ],
    [
      "a mistyped optional key",
      { replicas: undefined, replica: 3 },
      /unknown key bad\.json\.replica; .*; try replicas/,
    ],
    [
      "a lattice without constant",
      { crystal: { ...diamond, a: undefined } },
      /crystal: .*; expected element and a beside the lattice/,
    ],
    [
      "neither lattice nor file",
      { crystal: { name: "x", repeats: [1, 1, 1] } },
      /expected either a lattice with element and a, or a file/,
    ],
    [
      "a file without cell freedom",
      { crystal: { name: "x", file: "a.xyz", repeats: [1, 1, 1] } },
      /crystal\.cell: not given; expected isotropic/,
    ],
    [
      "a beta-tin lattice without c",
      { crystal: { ...diamond, lattice: "beta-tin" } },
      /crystal\.c: not given; expected c of beta-tin in A/,
    ],
    ["a temperature of zero", { temperatures: [0] }, /temperatures\.0: 0; expected a number above 0/],
    ["one replica", { replicas: 1 }, /replicas: 1; expected a whole number from 2/],
    [
      "two paths at once",
      { finalTemperature: 600, finalPressure: 3 },
      /expected one of finalTemperature, finalPressure, finalPotential at most/,
    ],
    ["a missing potential", { potential: "none.json" }, /none\.json: no such file/],
  ])("%s is one clear line and exit code 2", async (_, change, message) => {
    const recipe = folder.write("bad.json", {
      potential: "si.json",
      crystal: diamond,
      temperatures: [300],
      ...brief,
      ...change,
    });
    const { code, stderr } = await runCommand("free-energy", recipe);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(code).toBe(2);
  });

  it("JSON that is none is one clear line", async () => {
    const { code, stderr } = await runCommand("free-energy", folder.write("broken.json", "{ potential: 1"));
    expect(stderr).toMatch(/broken\.json: .*; expected JSON/);
    expect(code).toBe(2);
  });

  it("a crystal that melts is a failed computation, exit code 1", async () => {
    const hot = folder.write("hot.json", {
      potential: "si.json",
      crystal: diamond,
      temperatures: [6000],
      ...brief,
      equilibration: 2000,
      sampling: 2000,
    });
    const { code, stderr } = await runCommand("free-energy", hot);
    expect(stderr).toMatch(/did not stay diamond/);
    expect(code).toBe(1);
  });
});

describe("phasecell phase-diagram", () => {
  it("prints crossings and line", async () => {
    const recipe = folder.write("boundary.json", {
      potential: "si.json",
      phases: [diamond, { name: "beta-tin", lattice: "beta-tin", element: "Si", a: 4.9, c: 2.8, repeats: [2, 1, 2] }],
      temperatures: [200, 300],
      startPressure: 15,
      ...brief,
      sampling: 1000,
    });
    const { code, stdout } = await runCommand("phase-diagram", recipe);
    expect(code).toBe(0);
    expect(stdout).toMatch(/diamond to beta-tin: 18\.1\d+ GPa static/);
    expect(stdout).toMatch(/300 K {3}\d+\.\d+ \+- \d+\.\d+ {3}\d+\.\d+ \+- \d+\.\d+ {2}\(start of the line\)/);
  });
});
