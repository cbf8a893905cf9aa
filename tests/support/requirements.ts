import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, it } from "vitest";

/** A file or folder of the shared data beside the repository; where it is absent, skip by `isPresent`. */
export const shared = (...names: string[]): string => path.resolve(import.meta.dirname, "../../../shared", ...names);

/** Whether a file or folder is there. */
export const isPresent = (file: string): boolean => fs.existsSync(file);

/** Whether a program starts and ends well with these arguments. */
export const runs = (program: string, ...args: string[]): boolean =>
  spawnSync(program, args, { stdio: "ignore", timeout: 60_000 }).status === 0;

/** Debian's interpreter, the one that sees Debian's ASE and NumPy. */
export const PYTHON = "/usr/bin/python3";

/** Where scripts put peers that no package of Debian brings. */
export const peerFolder = (...names: string[]): string =>
  path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), ".cache"), "phasecell", ...names);

/** The virtual environment of JupyterLab, where `scripts/peers.mjs` makes it. */
export const jupyterLab = (...names: string[]): string => peerFolder("jupyterlab", ...names);

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

/** Why a test that reads `../shared/data/<name>` cannot run here, if it cannot. */
export const requireShared = (...names: string[]): string | undefined =>
  isPresent(shared("data", ...names)) ? undefined : `no shared data ${names.join("/")}`;

/** Why a test that talks to a program cannot run here, if it cannot. */
export const requirePeer = (program: string, ...args: string[]): string | undefined =>
  runs(program, ...args) ? undefined : `no ${program}`;

/** Why a test that asks ASE cannot run here, if it cannot. */
export const requireAse = (): string | undefined =>
  runs(PYTHON, "-c", "import ase.io") ? undefined : "no ASE (Debian's python3-ase)";

/** Potential files that come with Debian's LAMMPS. */
export const LAMMPS_POTENTIALS = "/usr/share/lammps/potentials";

/** Why a test that reads them, or one of them, cannot run here, if it cannot. */
export const requireLammpsPotentials = (file = LAMMPS_POTENTIALS): string | undefined =>
  isPresent(file) ? undefined : `no ${file} (Debian's lammps-data)`;

/** Tests with requirements: skipped with the reasons in their name where one is missing, failing for it in CI. */
export function describeWith(needs: readonly (string | undefined)[], name: string, tests: () => void): void {
  const reasons = needs.filter((reason) => reason !== undefined).join(", ");
  if (reasons === "") describe(name, tests);
  else if (process.env.CI === "true")
    describe(name, () => {
      it("finds what it needs", () => {
        throw new Error(reasons);
      });
    });
  else describe.skip(`${name} (skipped: ${reasons})`, tests);
}
