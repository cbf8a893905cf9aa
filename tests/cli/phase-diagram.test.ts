import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createPotential } from "../../src/potentials/create-potential.js";
import { runCommand } from "../support/command-line.js";
import { stillingerWeberSilicon } from "../support/silicon.js";

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "phasecell-diagram-"));
  fs.writeFileSync(path.join(folder, "si.json"), JSON.stringify(createPotential(stillingerWeberSilicon).spec));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

const place = (name: string): string => path.join(folder, name);

const diamond = { name: "diamond", lattice: "diamond", element: "Si", a: 5.43, repeats: [1, 1, 1] };
const betaTin = { name: "beta-tin", lattice: "beta-tin", element: "Si", a: 4.9, c: 2.8, repeats: [2, 1, 2] };
const tiny = {
  potential: "si.json",
  phases: [diamond, betaTin],
  temperature: [100, 600],
  pressure: [5, 25],
  budget: 16,
  seed: 1,
  equilibration: 100,
  sampling: 300,
  switching: 100,
  replicas: 2,
};

function write(change: object = {}, name = "recipe.json"): string {
  fs.writeFileSync(place(name), JSON.stringify({ ...tiny, ...change }));
  return place(name);
}

const filesOf = (name: string): string[] =>
  fs
    .readdirSync(place(name), { recursive: true, encoding: "utf8" })
    .filter((file) => !file.includes(".part"))
    .sort();

describe("phasecell phase-diagram", () => {
  it("gives a table, a record and a drawing; a second run takes every leg from the folder, to the same bytes", async () => {
    const recipe = write();
    const files = ["--out", place("one.json"), "--figure", place("one.svg"), "--figure", place("one.png")];
    const { code, stdout, stderr } = await runCommand("phase-diagram", recipe, ...files);
    expect(stderr).toContain(`finished runs are kept in ${place("recipe.legs")}\n`);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^diamond \(8 atoms\), beta-tin \(16 atoms\)\n100 to 600 K, 5 to 25 GPa: \d+ measurements, 1\d of 16 ps\n/,
    );
    expect(stdout).toMatch(/diamond to beta-tin\n( +\d+ \+- \d+ K +\d+\.\d\d \+- \d+\.\d\d GPa\n){4}/);
    const diagram = JSON.parse(fs.readFileSync(place("one.json"), "utf8"));
    expect(diagram).toMatchObject({ format: "phasecell-phase-diagram", complete: true, seed: 1, budget: 16 });
    expect(fs.readFileSync(place("one.svg"), "utf8")).toMatch(/^<svg[\s\S]*beta-tin[\s\S]*<\/svg>\s*$/);
    expect(fs.readFileSync(place("one.png")).subarray(1, 4).toString()).toBe("PNG");

    const legs = filesOf("recipe.legs");
    const before = legs.map((file) => fs.statSync(place(`recipe.legs/${file}`)).ino);
    const again = await runCommand("phase-diagram", recipe, "--out", place("two.json"), "--json");
    expect(fs.readFileSync(place("two.json"))).toEqual(fs.readFileSync(place("one.json")));
    expect(JSON.parse(again.stdout)).toEqual(diagram);
    expect(filesOf("recipe.legs")).toEqual(legs);
    expect(legs.map((file) => fs.statSync(place(`recipe.legs/${file}`)).ino)).toEqual(before);
  }, 240_000);

  it("keeps legs where it is told to, and takes those of a smaller budget", async () => {
    await runCommand("phase-diagram", write({ budget: 12 }), "--legs", place("kept"));
    const first = filesOf("kept");
    await runCommand("phase-diagram", write(), "--legs", place("kept"));
    expect(fs.existsSync(place("recipe.legs"))).toBe(false);
    expect(filesOf("kept")).toEqual(expect.arrayContaining(first));
  });

  it("an interrupt ends it within a moment; what was finished is kept", async () => {
    const recipe = write({ budget: 4000, switching: 200_000 });
    const running = runCommand("phase-diagram", recipe);
    while (!fs.existsSync(place("recipe.legs")) || filesOf("recipe.legs").length < 12)
      await new Promise((resolve) => setTimeout(resolve, 20));
    const start = performance.now();
    process.emit("SIGINT");
    const { code, stderr } = await running;
    // 100 ms is what is promised; the test allows for a busy machine.
    expect(performance.now() - start).toBeLessThan(1000);
    expect(code).toBe(130);
    expect(stderr).toMatch(/phasecell: interrupted/);
  });

  it.each([
    [
      "a phase without name",
      { phases: [{ ...diamond, name: undefined }] },
      /bad\.json\.phases\.0\.name: missing; expected the key name/,
    ],
    [
      "a mistyped key",
      { temperature: undefined, temprature: [1, 2] },
      /bad\.json\.temperature: missing \(there is temprature\)/,
    ],
    ["a temperature that is no range", { temperature: [300] }, /bad\.json\.temperature\.1; expected number/],
    ["a window upside down", { pressure: [9, 1] }, /pressure window: 9 to 1 GPa; expected from below to/],
    ["no phases", { phases: [] }, /bad\.json\.phases: .*; expected at least one phase/],
    ["a name twice", { phases: [diamond, diamond] }, /phases: diamond; expected each name once/],
    [
      "two compositions",
      { phases: [diamond, { ...diamond, name: "c", element: "C", a: 3.57 }] },
      /composition of c: C; expected Si, that of diamond/,
    ],
    ["a budget for nothing", { budget: 1 }, /budget: 1 ps; expected at least 1\d ps, for a survey of 2 phases/],
    [
      "a liquid with a cell",
      { phases: [{ ...diamond, state: "liquid", cell: "tetragonal" }] },
      /phases\.0\.cell: tetragonal; expected none/,
    ],
    ["an element that the potential does not know", { phases: [{ ...diamond, element: "Ge" }] }, /Ge/],
    ["the boundary recipe's keys", { startPressure: 3 }, /unknown key bad\.json\.startPressure/],
  ])("%s is one clear line and exit code 2", async (_, change, message) => {
    const { code, stdout, stderr } = await runCommand("phase-diagram", write(change, "bad.json"));
    const lines = stderr
      .trim()
      .split("\n")
      .filter((line) => !line.startsWith("finished runs"));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(message);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });

  it("a drawing of another kind, or of a boundary, is refused before anything runs", async () => {
    expect((await runCommand("phase-diagram", write(), "--figure", place("a.gif"))).stderr).toMatch(
      /--figure: .*a\.gif; expected FILE\.svg or FILE\.png/,
    );
    const boundary = write({
      temperature: undefined,
      pressure: undefined,
      budget: undefined,
      temperatures: [200, 300],
    });
    expect((await runCommand("phase-diagram", boundary, "--figure", place("a.svg"))).stderr).toMatch(
      /--figure: .*; expected a recipe with a window/,
    );
    expect((await runCommand("phase-diagram", write(), "--engine", "cuda")).stderr).toMatch(
      /--engine: cuda; expected wasm or webgpu/,
    );
    expect(fs.existsSync(place("recipe.legs"))).toBe(false);
  });

  it("reads no file outside the recipe's folder unless told to, links or not", async () => {
    const elsewhere = fs.mkdtempSync(path.join(os.tmpdir(), "phasecell-elsewhere-"));
    fs.copyFileSync(place("si.json"), path.join(elsewhere, "si.json"));
    fs.symlinkSync(path.join(elsewhere, "si.json"), place("link.json"));
    try {
      for (const potential of [
        path.join(elsewhere, "si.json"),
        `../${path.basename(elsewhere)}/si.json`,
        "link.json",
      ]) {
        const { code, stderr } = await runCommand("phase-diagram", write({ potential }));
        expect(stderr).toMatch(
          /file of recipe\.json: .*si\.json|link\.json; expected a file inside .*; try --allow-read/,
        );
        expect(code).toBe(2);
      }
      const { code } = await runCommand("phase-diagram", write({ potential: "link.json" }), "--allow-read", elsewhere);
      expect(code).toBe(0);
    } finally {
      fs.rmSync(elsewhere, { recursive: true });
    }
  });
});
