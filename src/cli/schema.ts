import { toJsonSchema } from "@valibot/to-json-schema";
import { type GenericSchema, union } from "valibot";
import { didYouMean, InputError } from "../errors.js";
import { freeEnergyRecipeSchema } from "../free-energy/free-energy-recipe.js";
import { phononRecipeSchema } from "../free-energy/phonon-recipe.js";
import { labelRecipeSchema } from "../labels/label-recipe.js";
import { boundaryRecipeSchema, phaseDiagramRecipeSchema } from "../phase-diagram/phase-diagram-recipe.js";
import { meltingRecipeSchema } from "../phase-diagram/two-phase-recipe.js";
import { fitRecipeSchema } from "../regression/recipe.js";
import { defineCommand } from "./command.js";
import { mdRecipeSchema } from "./md-recipe.js";

/** The recipes of the command line, by the command that takes them. */
const RECIPES: Readonly<Record<string, GenericSchema>> = {
  fit: fitRecipeSchema,
  "free-energy": freeEnergyRecipeSchema,
  label: labelRecipeSchema,
  md: mdRecipeSchema,
  melting: meltingRecipeSchema,
  "phase-diagram": union([phaseDiagramRecipeSchema, boundaryRecipeSchema]),
  phonons: phononRecipeSchema,
};

export const command = defineCommand({
  name: "schema",
  summary: "the JSON schema of a recipe",
  usage: `schema ${Object.keys(RECIPES).join("|")}`,
  options: {},
  async run({ positionals }, io) {
    const [kind, ...others] = positionals;
    const schema = kind !== undefined && Object.hasOwn(RECIPES, kind) ? RECIPES[kind] : undefined;
    if (!schema || others.length) {
      const meant = kind === undefined ? undefined : didYouMean(kind, Object.keys(RECIPES));
      throw new InputError({
        what: "recipe kind",
        value: positionals.join(" "),
        expected: `one of ${Object.keys(RECIPES).join(", ")}`,
        ...(meant ? { attempt: meant } : {}),
      });
    }
    const json = toJsonSchema(schema as never, { target: "draft-2020-12", typeMode: "input", errorMode: "ignore" });
    io.stdout.write(`${JSON.stringify({ title: `phasecell ${kind} recipe`, ...json }, null, 2)}\n`);
  },
});
