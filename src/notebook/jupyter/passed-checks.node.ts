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

  /** Where nothing can be written the check is only made again. */
  add(key: string): void {
    try {
      makeFolder(this.#folder);
      writeFileSync(path.join(this.#folder, key), "");
    } catch {
      // The stages of the notebook tell of the same trouble.
    }
  }
}

/**
 * Content that the verdict on each cell rests on: its text and that of all it names, directly or not; undefined where
 * files are part of it. Names are words of a text, whatever they mean there, so that cells may well name each other.
 */
export function verdictKeys(cells: readonly CompiledCell[]): (compiled: CompiledCell) => string | undefined {
  const definedBy = new Map<string, CompiledCell>();
  for (const compiled of cells)
    for (const name of [...compiled.outputs, ...typeNames(compiled)]) definedBy.set(name, compiled);
  return (compiled) => {
    const reached = new Set([compiled]);
    for (const one of reached)
      for (const word of wordsOf(one)) {
        const needed = definedBy.get(word);
        if (needed) reached.add(needed);
      }
    if ([...reached].some(({ cell }) => IMPORTS_FILES.test(cell.value))) return undefined;
    const [own, ...others] = [...reached].map(({ cell }) => JSON.stringify([cell.mode, cell.value]));
    return sha256(JSON.stringify([SOURCE_DIGEST, ts.version, own, others.sort()]));
  };
}

const IMPORTS_FILES = /\bfrom\s*["']\.|\bimport\s*\(?\s*["']\./;
