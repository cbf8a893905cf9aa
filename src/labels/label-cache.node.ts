import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { InputError } from "../errors.js";
import { makeFolder } from "../formats/files.node.js";
import type { LabelCache, LabelOutcome } from "./label.js";
import { formatOutcome, parseOutcome } from "./label-record.js";

/** Where outcomes are kept. */
export interface LabelCacheOptions {
  /** One file per label, written whole or not at all; safe for several processes at once. */
  readonly directory: string;
  /** A file of labels paid for elsewhere, one JSON record per line (`data/silicon-pbe/labels.jsonl`); only read. */
  readonly committed?: string;
}

/** A cache of label outcomes on disk, by content key. */
export async function openLabelCache({ directory, committed }: LabelCacheOptions): Promise<LabelCache> {
  makeFolder(directory);
  const known = committed === undefined ? new Map<string, LabelOutcome>() : await readCommitted(committed);
  // Two letters of the key as a folder keep listings short when there are many thousands of labels.
  const fileOf = (key: string): string => path.join(directory, key.slice(0, 2), `${key}.json`);
  return {
    async get(key) {
      const held = known.get(key);
      if (held) return held;
      const text = await readFile(fileOf(key), "utf8").catch(() => undefined);
      return text === undefined ? undefined : parseOutcome(text)?.outcome;
    },
    async set(key, outcome) {
      const file = fileOf(key);
      const part = `${file}.${randomUUID()}.part`;
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(part, `${formatOutcome(key, outcome)}\n`);
      await rename(part, file);
    },
  };
}

async function readCommitted(file: string): Promise<Map<string, LabelOutcome>> {
  const text = await readFile(file, "utf8").catch(() => "");
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return new Map(
    lines.map((line, i) => {
      const record = parseOutcome(line);
      if (!record)
        throw new InputError({ what: `${file} line ${i + 1}`, value: line.slice(0, 60), expected: "a label record" });
      return [record.key, record.outcome];
    }),
  );
}
