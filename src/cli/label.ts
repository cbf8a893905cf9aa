import { ComputationError, InputError } from "../errors.js";
import { formatExtxyz } from "../formats/extxyz.js";
import { checkWritable, readText, writeText } from "../formats/files.node.js";
import { parseStructures } from "../formats/formats.js";
import type { LabelOutcome } from "../labels/label.js";
import { openLabelCache } from "../labels/label-cache.node.js";
import { labelStructures, toLabeled } from "../labels/label-structures.js";
import { openLabeler } from "../labels/labeler.node.js";
import type { LabeledStructure } from "../structure/labeled-structure.js";
import { defineCommand, printResult } from "./command.js";

export const command = defineCommand({
  name: "label",
  summary: "energies, forces and stresses of structures by a first-principles code",
  usage: "label STRUCTURES... --recipe R.json --out LABELED.extxyz",
  options: {
    engine: {
      type: "string",
      placeholder: "NAME",
      help: "quantum-espresso or analytic, where the recipe does not say",
    },
    recipe: { type: "string", placeholder: "FILE", help: "settings that fix the labels, JSON" },
    out: { type: "string", placeholder: "FILE", help: "extended XYZ to write" },
    parallel: { type: "string", placeholder: "N", help: "structures at a time, one core each (1)" },
    cache: {
      type: "string",
      placeholder: "DIR",
      help: "where labels are kept, so that none is paid for twice (.cache/labels)",
    },
    command: { type: "string", placeholder: "PATH", help: "the program, when it is not on the search path (pw.x)" },
    pseudopotentials: { type: "string", placeholder: "DIR", help: "their directory (ESPRESSO_PSEUDO or Debian's)" },
  },
  async run(args, io) {
    const { values, positionals } = args;
    if (positionals.length === 0)
      throw new InputError({ what: "structures", value: "none", expected: "files: phasecell label STRUCTURES..." });
    const out = required(values.out, "--out", "the file to write");
    checkWritable(out);
    const recipe = readRecipe(required(values.recipe, "--recipe", "a JSON file"), values.engine);
    const frames = positionals.flatMap((file) => parseStructures(readText(file), { file }));
    const labeler = await openLabeler(recipe, {
      ...(values.command === undefined ? {} : { command: values.command }),
      ...(values.pseudopotentials === undefined ? {} : { pseudopotentialDirectory: values.pseudopotentials }),
    });

    let cached = 0;
    const outcomes = await labelStructures(
      frames.map(({ structure }) => structure),
      labeler,
      {
        cache: await openLabelCache({ directory: values.cache ?? ".cache/labels" }),
        parallel: Number(values.parallel ?? 1),
        signal: io.signal,
        onProgress: io.onProgress,
        onOutcome: (_index, _outcome, held) => void (held && cached++),
      },
    );
    const labeled = frames.flatMap((frame, i) => withLabel(frame, outcomes[i]!));
    const failed = outcomes.flatMap((outcome, structure) =>
      outcome.status === "failed" ? [{ structure, reason: outcome.reason, message: outcome.message }] : [],
    );
    if (labeled.length > 0) writeText(out, formatExtxyz(labeled));
    printResult(
      args,
      io,
      { labeler: labeler.name, structures: frames.length, labeled: labeled.length, cached, failed, out },
      `${labeled.length} of ${frames.length} structures labeled by ${labeler.name} (${cached} from the cache): ${labeled.length > 0 ? out : "nothing written"}`,
    );
    const [first] = failed;
    if (first)
      throw new ComputationError({
        what: `${failed.length} of ${frames.length} structures without label`,
        value: `structure ${first.structure}: ${first.message}`,
        ...(first.reason === "missing-program"
          ? { expected: "the program on this machine", attempt: "installing it, or --command PATH" }
          : { expected: "converged runs", attempt: "more k-points or wider smearing in the recipe" }),
      });
  },
});

function required(value: string | undefined, what: string, expected: string): string {
  if (value === undefined) throw new InputError({ what, value: "not given", expected });
  return value;
}

function readRecipe(file: string, engine: string | undefined): unknown {
  let recipe: unknown;
  try {
    recipe = JSON.parse(readText(file));
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError({ what: file, value: (cause as Error).message, expected: "JSON" }, { cause });
  }
  if (typeof recipe !== "object" || recipe === null || engine === undefined) return recipe;
  const named = "engine" in recipe ? recipe.engine : engine;
  if (named !== engine)
    throw new InputError({ what: "--engine", value: engine, expected: `${named}, which ${file} is for` });
  return { ...recipe, engine };
}

/** The frame with its new label; group, weight and everything else it carried are kept. */
function withLabel(frame: LabeledStructure, outcome: LabelOutcome): LabeledStructure[] {
  if (outcome.status === "failed") return [];
  const { energy, forces, stress, provenance } = toLabeled(frame.structure, outcome, frame.group, "structure");
  const { source: _, ...code } = provenance ?? {};
  return [
    {
      ...frame,
      energy: energy!,
      forces: forces!,
      stress: stress!,
      provenance: { ...frame.provenance, ...code },
    },
  ];
}
