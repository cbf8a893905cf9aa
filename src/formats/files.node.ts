import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { gzipSync } from "fflate";
import { InputError } from "../errors.js";
import type { LabeledStructure } from "../structure/labeled-structure.js";
import { type FormatOptions, formatStructures, parseStructures } from "./formats.js";

/** The text of a file; gzip is recognized by its first bytes. A missing or broken file is an InputError. */
export const readText = (file: string): string => decodeText(readBytes(file), file);

/** Text of bytes, unzipped (and its checksum compared) where they are gzip; UTF-8, or what an XML head declares. */
function decodeText(bytes: Uint8Array, file: string): string {
  const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  try {
    const plain = zipped ? gunzipSync(bytes) : bytes;
    const head = new TextDecoder("latin1").decode(plain.subarray(0, 100));
    const encoding = /^<\?xml[^>]*encoding=["']ISO-8859-1["']/i.test(head) ? "latin1" : "utf-8";
    return new TextDecoder(encoding, { fatal: true }).decode(plain);
  } catch (cause) {
    throw new InputError(
      { what: file, expected: zipped ? "a whole gzip file of UTF-8 text" : "UTF-8 text" },
      { cause },
    );
  }
}

/**
 * Writes a file whole or not at all: a temporary neighbor is renamed over it. A name that ends in .gz is zipped, with
 * no time stamp, so that equal text gives equal bytes.
 */
export function writeText(file: string, text: string): void {
  const bytes = new TextEncoder().encode(text);
  writeBytes(file, file.endsWith(".gz") ? gzipSync(bytes, { mtime: 0 }) : bytes);
}

/** Writes bytes whole or not at all. */
export function writeBytes(file: string, bytes: Uint8Array): void {
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${randomBytes(6).toString("hex")}`);
  try {
    fs.writeFileSync(temporary, bytes);
    fs.renameSync(temporary, file);
  } catch (cause) {
    fs.rmSync(temporary, { force: true });
    throw unwritable(file, (cause as NodeJS.ErrnoException).code, cause);
  }
}

/** Complains before long work about a place where its result could not be written. */
export function checkWritable(file: string): void {
  const folder = fs.statSync(path.dirname(file), { throwIfNoEntry: false });
  if (!folder?.isDirectory()) throw unwritable(file, "ENOENT");
  if (fs.statSync(file, { throwIfNoEntry: false })?.isDirectory()) throw unwritable(file, "EISDIR");
  try {
    fs.accessSync(path.dirname(file), fs.constants.W_OK);
  } catch (cause) {
    throw unwritable(file, (cause as NodeJS.ErrnoException).code, cause);
  }
}

function unwritable(file: string, code = "", cause?: unknown): InputError {
  const reasons: Readonly<Record<string, string>> = { ENOENT: "no such folder", EISDIR: "a folder" };
  const value = reasons[code] ?? code;
  return new InputError({ what: file, value, expected: "a place where a file can be written" }, { cause });
}

/** Makes a folder and those above it. */
export function makeFolder(folder: string): void {
  try {
    makeParentsFirst(path.resolve(folder));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new InputError({ what: folder, value: code, expected: "a place where a folder can be made" }, { cause });
  }
}

/** Node's own recursive mkdir never returns where a system folder such as /proc refuses. */
function makeParentsFirst(folder: string): void {
  if (fs.existsSync(folder)) {
    fs.readdirSync(folder);
    return;
  }
  makeParentsFirst(path.dirname(folder));
  try {
    fs.mkdirSync(folder);
  } catch (error) {
    // Another process may have been quicker.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/** Bytes of a file; a missing one is an InputError. */
export function readBytes(file: string): Uint8Array {
  try {
    return fs.readFileSync(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const reason = code === "ENOENT" ? "no such file" : code === "EISDIR" ? "a folder" : (code ?? String(cause));
    throw new InputError({ what: file, value: reason, expected: "a readable file" }, { cause });
  }
}

/** Reads every structure of a file, by its extension or the format named. */
export const readStructures = (file: string, options: Omit<FormatOptions, "file"> = {}): LabeledStructure[] =>
  parseStructures(readText(file), { ...options, file });

/** Writes structures to a file, by its extension or the format named, whole or not at all. */
export const writeStructures = (
  file: string,
  frames: readonly LabeledStructure[],
  options: Omit<FormatOptions, "file"> = {},
): void => writeText(file, formatStructures(frames, { ...options, file }));
