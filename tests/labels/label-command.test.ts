import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { command } from "../../src/cli/label.js";
import { formatExtxyz, parseExtxyz } from "../../src/formats/extxyz.js";
import { readText } from "../../src/formats/files.node.js";
import { bcc } from "../../src/structure/lattices.js";
import { scratchFolder } from "../support/scratch-folder.js";

const folder = scratchFolder("label-command");
const place = folder.at;
const potential = {
  format: "phasecell-potential",
  version: 1,
  terms: [{ kind: "morse", pairs: [{ elements: ["Mo", "Mo"], depth: 0.5, alpha: 1.4, r0: 2.8, cutoff: 6 }] }],
};
folder.write("recipe.json", { engine: "analytic", potential });
folder.write("bad.json", { engine: "quantum-expresso" });
folder.write(
  "in.xyz",
  formatExtxyz([3.1, 3.2].map((a) => ({ structure: { ...bcc("Mo", a), info: { source: `a${a}` } }, group: "eos" }))),
);

async function run(positionals: string[], values: Record<string, string | boolean>): Promise<Record<string, unknown>> {
  let text = "";
  await command.run({ positionals, values: { json: true, cache: place("cache"), ...values } } as never, {
    stdout: { write: (part: string) => (text += part) },
    stderr: { write: () => true },
    signal: new AbortController().signal,
    onProgress: () => {},
  });
  return JSON.parse(text);
}

describe("phasecell label", () => {
  const out = place("out.xyz");
  it("labels by the recipe and keeps what the file said of the structures", async () => {
    const recipe = place("recipe.json");
    expect(await run([place("in.xyz")], { recipe, out })).toMatchObject({
      labeler: "analytic morse",
      structures: 2,
      labeled: 2,
      cached: 0,
      failed: [],
    });
    const [first, second] = parseExtxyz(readText(out));
    expect(first).toMatchObject({ group: "eos", provenance: { code: "analytic morse" } });
    expect(first!.structure.info).toMatchObject({ source: "a3.1" });
    expect(first!.forces).toHaveLength(6);
    expect(first!.energy).not.toBe(second!.energy);
    expect(await run([place("in.xyz")], { recipe, out })).toMatchObject({ cached: 2 });
  });
  it("writes nothing for an engine that it does not know", async () => {
    const other = place("other.xyz");
    await expect(run([place("in.xyz")], { recipe: place("bad.json"), out: other })).rejects.toThrow(
      /label recipe\.engine: quantum-expresso; expected one of quantum-espresso, analytic/,
    );
    expect(existsSync(other)).toBe(false);
  });
  it("asks for what is missing", async () => {
    await expect(run([place("in.xyz")], { out })).rejects.toThrow(/^--recipe: not given; expected a JSON file/);
    const clash = { recipe: place("recipe.json"), engine: "quantum-espresso", out };
    await expect(run([place("in.xyz")], clash)).rejects.toThrow(/^--engine: quantum-espresso; expected analytic/);
  });
});
