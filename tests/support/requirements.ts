import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

/** A file or folder of the shared data beside the repository; where it is absent, skip by `isPresent`. */
export const shared = (...names: string[]): string => path.resolve(import.meta.dirname, "../../../shared", ...names);

/** Whether a file or folder is there. */
export const isPresent = (file: string): boolean => fs.existsSync(file);

/** Whether a program starts and ends well with these arguments. */
export const runs = (program: string, ...args: string[]): boolean =>
  spawnSync(program, args, { stdio: "ignore", timeout: 60_000 }).status === 0;

/** Debian's interpreter, the one that sees Debian's ASE and NumPy. */
export const PYTHON = "/usr/bin/python3";

/** Runs a Python script with text on stdin; its stdout. */
export function python(script: string, input: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(PYTHON, ["-c", script, ...args], {
    input,
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}
