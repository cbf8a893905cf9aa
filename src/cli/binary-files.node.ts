import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { InputError } from "../errors.js";

/** Bytes of a file; InputError where it cannot be read. */
export async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new InputError(
      { what: file, value: (cause as NodeJS.ErrnoException).code, expected: "a readable file" },
      { cause },
    );
  }
}

/** Writes a file whole or not at all, its folder too where it is missing. */
export async function writeBytes(file: string, bytes: Uint8Array | string): Promise<string> {
  const partial = `${file}.${randomUUID()}.part`;
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(partial, bytes);
    await rename(partial, file);
  } catch (cause) {
    await rm(partial, { force: true });
    const { code } = cause as NodeJS.ErrnoException;
    throw new InputError({ what: file, value: code, expected: "a place where a file can be written" }, { cause });
  }
  return file;
}
