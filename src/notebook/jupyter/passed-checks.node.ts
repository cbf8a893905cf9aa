import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { SOURCE_DIGEST } from "../../build-digest.generated.js";
import { makeFolder } from "../../formats/files.node.js";
import type { CompiledCell } from "../cell.js";
import { sha256 } from "../digest.node.js";
import { typeNames, wordsOf } from "../type-check.node.js";

/**
 * Remembers by content which cells passed the type check: the compiler takes a second to start and a fifth of one per
 * cell, and a notebook that is opened again, or run again, has nothing new for it.
 */
export class PassedChecks {
  readonly #folder: string;

  constructor(cacheFolder: string) {
    this.#folder = path.join(cacheFolder, "types");
  }

  has(key: string): boolean {
    return existsSync(path.join(this.#folder, key));
  }

  add(key: string): void {
    makeFolder(this.#folder);
    writeFileSync(path.join(this.#folder, key), "");
  }
}

/** Content that the verdict on each cell rests on: its text and that of all it names; undefined where files are part of it. */
export function verdictKeys(cells: readonly CompiledCell[]): (compiled: CompiledCell) => string | undefined {
  const definedBy = new Map<string, CompiledCell>();
  for (const compiled of cells)
    for (const name of [...compiled.outputs, ...typeNames(compiled)]) definedBy.set(name, compiled);
  const keys = new Map<CompiledCell, string | undefined>();
  const keyOf = (compiled: CompiledCell): string | undefined => {
    if (keys.has(compiled)) return keys.get(compiled);
    // Whoever needs itself fails before types are looked at.
    keys.set(compiled, undefined);
    const { mode, value } = compiled.cell;
    const needed = [...wordsOf(compiled)].map((word) => definedBy.get(word)).filter((one) => one && one !== compiled);
    const inputs = [...new Set(needed)].map((one) => keyOf(one!));
    const local = /\bfrom\s*["']\.|\bimport\s*\(?\s*["']\./.test(value);
    const key =
      local || inputs.includes(undefined)
        ? undefined
        : sha256(JSON.stringify([SOURCE_DIGEST, ts.version, mode, value, (inputs as string[]).sort()]));
    keys.set(compiled, key);
    return key;
  };
  return keyOf;
}
