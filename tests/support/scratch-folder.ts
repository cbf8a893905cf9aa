import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll } from "vitest";

/** A folder that is there until the tests of the file (or of the `describe` around the call) have run. */
export interface ScratchFolder {
  readonly path: string;
  /** The place of a file in it. */
  at(name: string): string;
  /** Writes a text, or anything else as JSON; where it is now. */
  write(name: string, content: unknown): string;
}

export function scratchFolder(name: string): ScratchFolder {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), `phasecell-${name}-`));
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
  const at = (file: string): string => path.join(folder, file);
  return {
    path: folder,
    at,
    write(file, content) {
      fs.writeFileSync(at(file), typeof content === "string" ? content : JSON.stringify(content));
      return at(file);
    },
  };
}
