import type { Checkpoint } from "../dynamics/checkpoint.js";
import type { DynamicsSpec } from "../dynamics/dynamics-spec.js";
import { type DynamicsState, simulate } from "../dynamics/simulate.js";
import type { Thermodynamics } from "../dynamics/thermodynamics.js";
import { ComputationError } from "../errors.js";
import { makeFolder, readBytes, writeBytes, writeText } from "../formats/files.node.js";
import { toCrystalPhase } from "../free-energy/crystal-recipe.js";
import { createPotential } from "../potentials/create-potential.js";
import { supercell } from "../structure/supercell.js";
import { defineCommand, printResult } from "./command.js";
import { decodeSavedRun, encodeSavedRun, formatThermodynamics, formatTrajectory, type SavedRun } from "./md-files.js";
import { type MdRecipe, mdRecipeSchema } from "./md-recipe.js";
import { ALLOW_READ, type RecipeFile, readRecipeFile } from "./recipe-file.js";

const usage = "md RECIPE.json [--resume CHECKPOINT] [--out DIR]";

export const command = defineCommand({
  name: "md",
  summary: "molecular dynamics by a recipe; --resume continues bit for bit",
  usage,
  options: {
    resume: { type: "string", placeholder: "FILE", help: "a checkpoint of the same recipe" },
    out: { type: "string", placeholder: "DIR", help: "where results go (results/<recipe>)" },
    "allow-read": ALLOW_READ,
  },
  async run(args, io) {
    const source = readRecipeFile(args.positionals, mdRecipeSchema, usage, {
      readable: args.values["allow-read"] ?? [],
    });
    const folder = args.values.out ?? `results/${source.file.replace(/^.*[\\/]/, "").replace(/\.[^.]*$/, "")}`;
    const { resume } = args.values;
    const saved = resume === undefined ? undefined : decodeSavedRun(readBytes(resume), resume);
    const rows: Thermodynamics[] = [...(saved?.rows ?? [])];
    const frames: DynamicsState[] = [...(saved?.frames ?? [])];
    const checkpointFile = `${folder}/checkpoint.bin`;
    makeFolder(folder);
    let kept = saved && { file: resume, step: saved.checkpoint.step };
    const run = simulate(toDynamics(source), {
      signal: io.signal,
      onProgress: io.onProgress,
      onCheckpoint: (checkpoint) => {
        writeBytes(checkpointFile, encodeSavedRun(upTo(checkpoint, rows, frames)));
        kept = { file: checkpointFile, step: checkpoint.step };
      },
      checkpointEvery: source.recipe.checkpointEvery ?? Math.ceil(source.recipe.steps / 10),
      ...(saved ? { checkpoint: saved.checkpoint } : {}),
      ...(source.recipe.threads === undefined ? {} : { threads: source.recipe.threads }),
    });
    const last = saved?.checkpoint.step ?? -1;
    const advance = () =>
      run.next().catch((error) => {
        const out = args.values.out ? ` --out ${folder}` : "";
        throw kept
          ? withAttempt(error, `phasecell md ${source.file} --resume ${kept.file}${out}, from step ${kept.step}`)
          : error;
      });
    let next = await advance();
    for (; !next.done; next = await advance()) {
      const { thermodynamics, state } = next.value;
      if (thermodynamics.step > last) rows.push(thermodynamics);
      if (state && state.step > last) frames.push(state);
    }
    const texts = {
      "thermodynamics.csv": formatThermodynamics(rows),
      "final.xyz": formatTrajectory([next.value.state]),
      ...(frames.length ? { "trajectory.xyz": formatTrajectory(frames) } : {}),
    };
    for (const [name, text] of Object.entries(texts)) writeText(`${folder}/${name}`, text);
    const files = [...Object.keys(texts).map((name) => `${folder}/${name}`), checkpointFile];
    const summary = summarize(rows);
    printResult(
      args,
      io,
      { files, steps: next.value.state.step, atoms: next.value.state.structure.numbers.length, ...summary },
      `${files.join("\n")}\nsecond half: T = ${summary.temperature.toFixed(1)} K, P = ${summary.pressure.toFixed(3)} GPa, E = ${summary.totalEnergy.toFixed(6)} eV`,
    );
  },
});

/** The same complaint, with one more thing to do. */
function withAttempt(error: unknown, attempt: string): unknown {
  if (!(error instanceof ComputationError)) return error;
  const { complaint } = error;
  const both = complaint.attempt === undefined ? attempt : `${complaint.attempt}, then ${attempt}`;
  return new ComputationError({ ...complaint, attempt: both }, { cause: error });
}

function toDynamics({ recipe, structure, potential }: RecipeFile<MdRecipe>): DynamicsSpec {
  const { structure: given, repeats, potential: named, frameEvery, initialTemperature, ensemble, ...run } = recipe;
  const { checkpointEvery: _checkpointEvery, threads: _threads, partitions, ...settings } = run;
  const cell =
    typeof given === "string"
      ? structure(given)
      : toCrystalPhase({ name: given.lattice, ...given, repeats: [1, 1, 1] }, "structure", structure).structure;
  return {
    ...settings,
    ensemble,
    structure: supercell(cell, repeats),
    potential: createPotential(potential(named)),
    ...(frameEvery === undefined ? {} : { frameEvery }),
    ...(partitions === undefined ? {} : { partitions }),
    ...(initialTemperature === undefined ? {} : { initialTemperature }),
  };
}

/** Rows and frames that belong to a checkpoint: those not after it. */
const upTo = (checkpoint: Checkpoint, rows: readonly Thermodynamics[], frames: readonly DynamicsState[]): SavedRun => ({
  checkpoint,
  rows: rows.filter(({ step }) => step <= checkpoint.step),
  frames: frames.filter(({ step }) => step <= checkpoint.step),
});

/** Means over the second half of the rows. */
function summarize(rows: readonly Thermodynamics[]) {
  const half = rows.slice(Math.floor(rows.length / 2));
  const mean = (of: (row: Thermodynamics) => number): number =>
    half.reduce((sum, row) => sum + of(row), 0) / half.length;
  return {
    temperature: mean((row) => row.temperature),
    pressure: mean((row) => row.pressure),
    volume: mean((row) => row.volume),
    potentialEnergy: mean((row) => row.potentialEnergy),
    totalEnergy: mean((row) => row.totalEnergy),
  };
}
