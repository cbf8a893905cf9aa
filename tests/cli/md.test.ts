import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { runCommand } from "../support/command-line.js";
import { scratchFolder } from "../support/scratch-folder.js";

const folder = scratchFolder("md");

const RECIPE = {
  potential: "lj(0.0104,3.4,8.5)",
  structure: { lattice: "fcc", element: "Ar", a: 5.3 },
  repeats: [3, 3, 3],
  ensemble: { kind: "nvt", temperature: 40 },
  steps: 60,
  timestep: 2,
  frameEvery: 20,
  seed: 3,
};

const md = (recipe: object, ...more: string[]) =>
  runCommand("md", folder.write("recipe.json", recipe), "--json", ...more);

describe("phasecell md", () => {
  test("a resumed run writes the files of the uninterrupted one", async () => {
    const [whole, part] = [folder.at("whole"), folder.at("part")];
    const { code, stdout } = await md(RECIPE, "--out", whole);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ steps: 60, atoms: 108 });
    await md({ ...RECIPE, steps: 30 }, "--out", part);
    const resumed = await md(RECIPE, "--out", part, "--resume", path.join(part, "checkpoint.bin"));
    expect(resumed.code).toBe(0);
    for (const name of ["thermodynamics.csv", "trajectory.xyz", "final.xyz"])
      expect(readFileSync(path.join(part, name), "utf8")).toBe(readFileSync(path.join(whole, name), "utf8"));
  });

  test("a checkpoint of another run and a file that is none are refused", async () => {
    const out = folder.at("other");
    await md({ ...RECIPE, steps: 10 }, "--out", out);
    const wrong = await md({ ...RECIPE, seed: 4 }, "--out", out, "--resume", path.join(out, "checkpoint.bin"));
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toBe("phasecell: seed of the checkpoint: 3; expected that of this run, 4\n");
    const none = await md(RECIPE, "--out", out, "--resume", path.join(out, "final.xyz"));
    expect(none.stderr).toMatch(/final\.xyz: other or damaged bytes; expected/);
  });

  test("a mistyped key names the one that was meant", async () => {
    const { code, stderr } = await md({ ...RECIPE, timestp: 1 });
    expect(code).toBe(2);
    expect(stderr).toMatch(/unknown key recipe\.json\.timestp; expected one of .*\n$/);
  });
});
