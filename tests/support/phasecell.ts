import { spawnSync } from "node:child_process";
import path from "node:path";

/** Runs the command line that `npm run build` made in a folder; its stdout. */
export function phasecellIn(folder: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.resolve("dist/cli/main.js"), ...args], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

export const phasecell = (...args: string[]): string => phasecellIn(".", ...args);
