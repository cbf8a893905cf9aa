/**
 * Makes train.xyz and test.xyz: labels what the plan asks for and labels.jsonl does not hold, with pw.x.
 *
 *     npx tsc -p data/silicon-pbe && node results/build/data/silicon-pbe/generate.js [--parallel N] [--available] [ROUND...]
 *
 * Killed, it resumes. `--available` writes the files from the labels there are, without running anything. With names
 * of rounds (functions of plan.ts) only those are labeled, and no file is written.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { InputError } from "../../src/errors.js";
import { formatExtxyz } from "../../src/formats/extxyz.js";
import { writeText } from "../../src/formats/files.node.js";
import { type LabelOutcome, labelKey } from "../../src/labels/label.js";
import { openLabelCache } from "../../src/labels/label-cache.node.js";
import { formatOutcome } from "../../src/labels/label-record.js";
import { labelStructures, toLabeled } from "../../src/labels/label-structures.js";
import { quantumEspresso } from "../../src/labels/quantum-espresso.node.js";
import * as rounds from "./plan.js";
import { isTest } from "./split.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { parallel: { type: "string", default: "1" }, available: { type: "boolean", default: false } },
});

const directory = path.resolve("data/silicon-pbe");
const labelsFile = path.join(directory, "labels.jsonl");
const labeler = await quantumEspresso(JSON.parse(readFileSync(path.join(directory, "recipe.json"), "utf8")));
const cache = await openLabelCache({ directory: ".cache/labels", committed: labelsFile });

const stop = new AbortController();
process.once("SIGINT", () => stop.abort());

const chosen = positionals.length > 0 ? positionals : Object.keys(rounds);
for (const name of values.available ? [] : chosen) {
  const round = (rounds as Record<string, () => rounds.Planned[]>)[name];
  if (!round)
    throw new InputError({ what: "round", value: name, expected: `one of ${Object.keys(rounds).join(", ")}` });
  const planned = round();
  await labelStructures(
    planned.map(({ structure }) => structure),
    labeler,
    {
      cache,
      parallel: Number(values.parallel),
      signal: stop.signal,
      onOutcome: (i, outcome, cached) => cached || console.log(name, planned[i]!.source, summary(outcome)),
      onProgress: ({ done, total, note }) => console.error(`${name} ${done}/${total}, ${note}`),
    },
  );
}
if (positionals.length === 0) await write();

function summary(outcome: LabelOutcome): string {
  if (outcome.status === "failed") return `${outcome.reason}: ${outcome.message}`;
  const { energy, forces } = outcome.label;
  return `${((3 * energy) / forces.length).toFixed(4)} eV/atom, ${outcome.seconds} s`;
}

async function write(): Promise<void> {
  const records: string[] = [];
  const frames = { train: [] as string[], test: [] as string[] };
  for (const { structure, group, source } of Object.values(rounds).flatMap((round) => round())) {
    const key = await labelKey(labeler.fingerprint(structure));
    const outcome = await cache.get(key);
    if (outcome) records.push(formatOutcome(key, outcome));
    if (outcome?.status !== "labeled") {
      console.log(`without label: ${source}`, outcome ? summary(outcome) : "not computed");
      continue;
    }
    const { provenance: _, ...labeled } = toLabeled({ ...structure, info: { source } }, outcome, group, source);
    frames[isTest(source) ? "test" : "train"].push(formatExtxyz([labeled]));
  }
  writeText(labelsFile, `${records.join("\n")}\n`);
  for (const [name, texts] of Object.entries(frames)) {
    writeText(path.join(directory, `${name}.xyz`), texts.join(""));
    console.log(`${name}.xyz: ${texts.length} structures`);
  }
}
