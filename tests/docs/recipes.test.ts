import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { runCommand } from "../support/command-line.js";
import { scratchFolder } from "../support/scratch-folder.js";

const root = path.resolve(import.meta.dirname, "../..");
const text = fs.readFileSync(path.join(root, "docs/recipes.md"), "utf8");

/** Shorter runs of the recipes that take a minute: all else stays as it stands in the document. */
const SHORT: Readonly<Record<string, object>> = {
  "diagram.json": { target: { temperature: 20 }, budget: 60, equilibration: 200, sampling: 800, switching: 800 },
  "liquid.json": { equilibration: 500, sampling: 1000, switching: 1000, replicas: 2, finalTemperature: 105 },
  "melting.json": { tolerance: 20, width: 4, length: 12, equilibration: 6000, duration: 8000, lookEvery: 1000 },
};

const folder = scratchFolder("recipes");
fs.cpSync(path.join(root, "data/silicon-pbe"), folder.at("data/silicon-pbe"), { recursive: true });

/** Files that commands write or read stand in the folder. */
const placed = (word: string): string => (/[./]|^legs$|^melt$/.test(word) ? folder.at(word) : word);

for (const [, name, json, shell] of text.matchAll(
  /\*\*([\w-]+\.json)\*\*.*\n\n```json\n([\s\S]*?)```\n\n```sh\n([\s\S]*?)```/g,
))
  test(`${name} runs by the commands below it`, async () => {
    folder.write(name!, { ...JSON.parse(json!), ...SHORT[name!] });
    for (const line of shell!.trim().split("\n")) {
      const [npx, program, command, ...words] = line.split(" ");
      expect([npx, program]).toEqual(["npx", "phasecell"]);
      const { code, stdout, stderr } = await runCommand(command!, ...words.map(placed));
      expect(code, stderr).toBe(0);
      expect(stdout).not.toBe("");
      for (const [, file] of line.matchAll(/--(?:out|figure) (\S+)/g))
        expect(fs.existsSync(folder.at(file!))).toBe(true);
    }
  }, 300_000);

test("the document has its six recipes", () => {
  expect(text.match(/^\*\*/gm)).toHaveLength(6);
});
