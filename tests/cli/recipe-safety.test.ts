import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runCommand } from "../support/command-line.js";

let outside: string;
let project: string;
beforeEach(() => {
  outside = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "phasecell-recipe-")));
  project = path.join(outside, "project");
  fs.mkdirSync(path.join(project, "recipes"), { recursive: true });
  fs.writeFileSync(path.join(project, "package.json"), "{}");
  for (const folder of [outside, project]) {
    fs.writeFileSync(path.join(folder, "ar.xyz"), FRAME);
    fs.writeFileSync(path.join(folder, "ar.json"), JSON.stringify(ARGON));
  }
  fs.symlinkSync(path.join(outside, "ar.xyz"), path.join(project, "linked.xyz"));
  fs.symlinkSync(path.join(outside, "ar.json"), path.join(project, "linked.json"));
  fs.symlinkSync(outside, path.join(project, "folder"));
});
afterEach(() => fs.rmSync(outside, { recursive: true }));

const FRAME = `1
Lattice="5.3 0 0 0 5.3 0 0 0 5.3" Properties=species:S:1:pos:R:3:forces:R:3 energy=-1.0 pbc="T T T"
Ar 0 0 0 0 0 0
`;
const ARGON = {
  format: "phasecell-potential",
  version: 1,
  terms: [{ kind: "lennard-jones", epsilon: 0.0104, sigma: 3.4, cutoff: 6 }],
};
const MD = { structure: "../ar.xyz", repeats: [2, 2, 2], potential: "../ar.json", ensemble: { kind: "nve" }, steps: 1 };
const FIT = { data: "../ar.xyz", model: { kind: "snap", twojmax: 2 } };

async function command(kind: string, recipe: object, ...argv: string[]): Promise<{ code: number; stderr: string }> {
  const file = path.join(project, "recipes", "r.json");
  fs.writeFileSync(file, JSON.stringify(recipe));
  const out = path.join(project, kind === "fit" ? "fitted.json" : "out");
  return runCommand(kind, file, "--out", out, ...argv);
}

const ways: readonly (readonly [string, (name: string) => string])[] = [
  ["a path upwards", (name) => `../../${name}`],
  ["an absolute path", (name) => path.join(outside, name)],
  ["a link", (name) => `../${name.replace("ar", "linked")}`],
  ["a linked folder", (name) => `../folder/${name}`],
];

describe("files that a recipe names", () => {
  test("those of its project are read", async () => {
    expect(await command("md", MD)).toMatchObject({ code: 0 });
  });

  for (const [kind, recipe, key, name] of [
    ["md", MD, "structure", "ar.xyz"],
    ["md", MD, "potential", "ar.json"],
    ["fit", FIT, "data", "ar.xyz"],
  ] as const)
    test.each(ways)(`${kind}, ${key}: %s out of the project is refused in one line`, async (_, way) => {
      const { code, stderr } = await command(kind, { ...recipe, [key]: way(name) });
      expect(code).toBe(2);
      expect(stderr.trimEnd().split("\n")).toEqual([
        expect.stringMatching(/file of r\.json: .*; expected a file inside .*project; try --allow-read .*/),
      ]);
    });

  test("a folder that the user names may be read", async () => {
    const { code, stderr } = await command("md", { ...MD, structure: "../../ar.xyz" }, "--allow-read", outside);
    expect([code, stderr]).toEqual([0, expect.anything()]);
  });

  test("a file that is not text shows none of its content", async () => {
    const { stderr } = await command("md", { ...MD, structure: "/etc/passwd" });
    expect(stderr).not.toContain("root:");
  });
});
