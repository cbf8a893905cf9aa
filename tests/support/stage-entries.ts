import fs from "node:fs";
import path from "node:path";
import type { StageEntry } from "../../src/notebook/stage-cache.js";
import { decodePlainData } from "../../src/plain-data.js";

/** Decodes an entry of a cache of stages. */
export const stageEntry = (bytes: Uint8Array): StageEntry => decodePlainData(bytes, "entry") as StageEntry;

/** The stages in a cache folder, by key; verdicts of the type check (empty files) and finished legs lie there too. */
export function diskEntries(folder: string): Map<string, StageEntry> {
  const files = fs.readdirSync(folder, { recursive: true, encoding: "utf8" });
  const entries = files
    .filter((file) => /^[0-9a-f]{2}[\\/][0-9a-f]{64}$/.test(file))
    .map((file) => [path.basename(file), fs.readFileSync(path.join(folder, file))] as const)
    .filter(([, bytes]) => bytes.length > 0)
    .map(([key, bytes]) => [key, stageEntry(bytes)] as const);
  return new Map(entries.filter(([, entry]) => "provenance" in entry));
}
