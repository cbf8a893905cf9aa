import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { InputError } from "../errors.js";
import type { Structure } from "../structure/structure.js";
import type { Labeler, LabelOutcome } from "./label.js";
import { pseudopotentialOf, quantumEspressoInput, saferRecipe } from "./quantum-espresso.js";
import { parseQuantumEspressoOutput, type QuantumEspressoOutput } from "./quantum-espresso-output.js";
import { type QuantumEspressoRecipe, toQuantumEspressoRecipe } from "./quantum-espresso-recipe.js";

/** Where this machine keeps Quantum ESPRESSO; nothing here changes a label. */
export interface QuantumEspressoPlace {
  /** `pw.x` of the search path by default. */
  readonly command?: string;
  /** Debian's directory, or that of ESPRESSO_PSEUDO, by default. */
  readonly pseudopotentialDirectory?: string;
}

/**
 * A labeler that runs pw.x, one process on one core per structure, each in its own temporary directory. A run that
 * does not converge is tried once more with the safer recipe. Version and pseudopotential hashes that the recipe
 * leaves out are taken from this machine; those that it fixes are checked before the first run.
 */
export async function quantumEspresso(spec: unknown, place: QuantumEspressoPlace = {}): Promise<Labeler> {
  const command = place.command ?? "pw.x";
  const directory = place.pseudopotentialDirectory ?? process.env.ESPRESSO_PSEUDO ?? "/usr/share/espresso/pseudo";
  const recipe = await completeRecipe(toQuantumEspressoRecipe(spec), command, directory);
  const name = `quantum-espresso ${recipe.version}`;
  let checked: Promise<void> | undefined;

  const attempt = async (structure: Structure, now: QuantumEspressoRecipe, signal?: AbortSignal) => {
    const input = quantumEspressoInput(structure, now);
    let text = await runPw(command, directory, input, signal);
    // Open MPI now and then dies while many programs start at once; that says nothing of the input.
    if (text.includes("before MPI_INIT completed")) text = await runPw(command, directory, input, signal);
    return parseQuantumEspressoOutput(text, structure.numbers.length);
  };

  return {
    name,
    fingerprint: (structure) =>
      JSON.stringify({
        code: name,
        input: quantumEspressoInput(structure, recipe),
        pseudopotentials: Object.entries(recipe.pseudopotentials).map(([symbol, { sha256 }]) => [symbol, sha256]),
      }),
    async label(structure, signal) {
      checked ??= checkPseudopotentials(recipe, directory);
      await checked;
      const first = await attempt(structure, recipe, signal);
      if (first.status !== "unconverged") return toOutcome([first], recipe);
      return toOutcome([first, await attempt(structure, saferRecipe(recipe), signal)], recipe);
    },
  };
}

function toOutcome(runs: readonly QuantumEspressoOutput[], recipe: QuantumEspressoRecipe): LabelOutcome {
  const last = runs.at(-1)!;
  const cost = { attempts: runs.length, seconds: runs.reduce((sum, run) => sum + run.seconds, 0) };
  if (last.version !== undefined && last.version !== recipe.version)
    return {
      ...cost,
      status: "failed",
      reason: "wrong-version",
      message: `pw.x is ${last.version}, the recipe asks for ${recipe.version}`,
    };
  if (last.status === "converged")
    return { ...cost, status: "labeled", label: last.label, code: `quantum-espresso ${recipe.version}` };
  return {
    ...cost,
    status: "failed",
    reason: last.status === "crashed" && last.version === undefined ? "missing-program" : last.status,
    message: last.message,
  };
}

/** The recipe with version and hashes filled in, asking this machine only for what the recipe leaves open. */
async function completeRecipe(
  recipe: QuantumEspressoRecipe,
  command: string,
  directory: string,
): Promise<QuantumEspressoRecipe & { readonly version: string }> {
  const version = recipe.version ?? (await quantumEspressoVersion(command));
  if (version === undefined)
    throw new InputError({
      what: "pw.x",
      value: command,
      expected: "Quantum ESPRESSO on this machine",
      attempt: "apt-get install quantum-espresso quantum-espresso-data, or --command",
    });
  const hashed = Object.entries(recipe.pseudopotentials).map(async ([symbol, { file, sha256 }]) => [
    symbol,
    { file, sha256: sha256 ?? (await fileHash(directory, file)) },
  ]);
  return { ...recipe, version, pseudopotentials: Object.fromEntries(await Promise.all(hashed)) };
}

async function checkPseudopotentials(recipe: QuantumEspressoRecipe, directory: string): Promise<void> {
  for (const symbol of Object.keys(recipe.pseudopotentials)) {
    const { file, sha256 } = pseudopotentialOf(symbol, recipe);
    const found = await fileHash(directory, file);
    if (found !== sha256)
      throw new InputError({ what: `sha256 of ${path.join(directory, file)}`, value: found, expected: `${sha256}` });
  }
}

async function fileHash(directory: string, file: string): Promise<string> {
  const place = path.join(directory, file);
  const bytes = await readFile(place).catch(() => {
    throw new InputError({
      what: "pseudopotential file",
      value: place,
      expected: "a readable UPF file",
      attempt: "apt-get install quantum-espresso-data, or ESPRESSO_PSEUDO",
    });
  });
  return createHash("sha256").update(bytes).digest("hex");
}

/** `6.7MaX`, or undefined where the program is missing. An empty input makes pw.x print its banner and stop. */
export async function quantumEspressoVersion(command = "pw.x"): Promise<string | undefined> {
  const text = await runPw(command, tmpdir(), "").catch(() => "");
  return parseQuantumEspressoOutput(text, 0).version;
}

/**
 * Runs pw.x on an input and returns what it printed, whatever its exit status: the text says more (an unconverged
 * run exits with 2, an early death prints no JOB DONE). Aborting kills the process and rejects once it is gone.
 */
async function runPw(command: string, directory: string, input: string, signal?: AbortSignal): Promise<string> {
  signal?.throwIfAborted();
  const scratch = await mkdtemp(path.join(tmpdir(), "phasecell-label-"));
  try {
    await writeFile(path.join(scratch, "pw.in"), input);
    return await new Promise<string>((resolve, reject) => {
      const child = spawn(command, ["-in", "pw.in"], {
        cwd: scratch,
        // Open MPI would start a helper process beside every pw.x that runs alone, and runs that start together
        // would fight over one session folder and now and then abort in MPI_INIT.
        env: {
          ...process.env,
          ESPRESSO_PSEUDO: directory,
          OMPI_MCA_ess_singleton_isolated: "1",
          OMPI_MCA_orte_tmpdir_base: scratch,
          OMP_NUM_THREADS: "1",
        },
        stdio: ["ignore", "pipe", "pipe"],
      });
      // Fortran reports a crash on standard error, so both go to the reader, in order of arrival.
      const chunks: Buffer[] = [];
      const kill = (): void => void child.kill("SIGKILL");
      signal?.addEventListener("abort", kill, { once: true });
      for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      const finish = (): void => {
        signal?.removeEventListener("abort", kill);
        if (signal?.aborted) reject(signal.reason);
        else resolve(Buffer.concat(chunks).toString());
      };
      // A program that cannot be started printed nothing, which is what the reader of the output reports.
      child.on("error", finish);
      child.on("close", finish);
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
