import { InputError } from "../errors.js";
import { checkWritable, readStructures, readText, writeText } from "../formats/files.node.js";
import { fitPotential } from "../regression/fit.js";
import { type FitRecipe, fitRecipeSchema } from "../regression/recipe.js";
import type { LabeledStructure } from "../structure/labeled-structure.js";
import { defineCommand, printResult, toJson } from "./command.js";
import { errorTableText } from "./error-table.js";
import { ALLOW_READ, readRecipeFile } from "./recipe-file.js";

export const command = defineCommand({
  name: "fit",
  summary: "a potential from labeled structures, by a recipe",
  usage: "fit RECIPE.json --out POTENTIAL.json",
  options: {
    out: { type: "string", short: "o", placeholder: "POTENTIAL.json", help: "where the potential is written" },
    "allow-read": ALLOW_READ,
  },
  async run(args, io) {
    const { out, "allow-read": readable = [] } = args.values;
    const usage = "fit RECIPE.json --out POTENTIAL.json";
    const { recipe, place } = readRecipeFile(args.positionals, fitRecipeSchema, usage, { readable });
    if (out === undefined) throw new InputError({ what: "fit", value: "no output", expected: "--out POTENTIAL.json" });
    checkWritable(out);
    const { data, split, groups, ...fit } = recipe;
    const structures = selectStructures(recipe, place);
    const result = await fitPotential(fit, structures, {
      read: (name) => readText(place(name)),
      signal: io.signal,
      onProgress: io.onProgress,
    });
    const { potential, settings, errors, validation } = result;
    const training = { ...potential.training, recipe };
    writeText(out, `${toJson({ ...potential, training })}\n`);
    const { cutoff, rfac0, weights, ridge } = settings;
    const text = [
      `${out}: ${structures.length} structures; cutoff ${cutoff} A, rfac0 ${rfac0}, ridge ${ridge}, weights ${JSON.stringify(weights)}`,
      errorTableText(errors, "errors on the data"),
      errorTableText({ ...validation, groups: {} }, "errors of cross-validation"),
    ].join("\n\n");
    printResult(args, io, { output: out, settings, errors, validation }, text);
  },
});

/** The structures of a recipe's files, of the asked split and groups only. */
function selectStructures({ data, split, groups }: FitRecipe, place: (name: string) => string): LabeledStructure[] {
  const read = [data].flat().flatMap((name) => readStructures(place(name)));
  const inSplit = split === undefined ? read : read.filter(({ structure }) => structure.info?.split === split);
  if (inSplit.length === 0)
    throw new InputError({
      what: "split",
      value: split,
      expected: `one of ${[...new Set(read.map(({ structure }) => String(structure.info?.split ?? "none")))].join(", ")}`,
    });
  const known = new Set(inSplit.map(({ group }) => group));
  const stray = groups?.find((name) => !known.has(name));
  if (stray !== undefined)
    throw new InputError({ what: "groups", value: stray, expected: `one of ${[...known].join(", ")}` });
  return groups === undefined ? inSplit : inSplit.filter(({ group }) => groups.includes(group));
}
