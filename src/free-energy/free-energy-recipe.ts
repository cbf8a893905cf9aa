import * as v from "valibot";
import { crystalSchema, runLengthEntries, seedSchema } from "./crystal-recipe.js";

const positive = v.pipe(v.number(), v.finite(), v.gtValue(0, "a number above 0"));

/** What `phasecell free-energy` computes: G of one crystal at temperatures and pressures. */
export const freeEnergyRecipeSchema = v.strictObject({
  /** An expression such as `Ta06A.snapcoeff+zbl(4.0,4.8)`, paths relative to the recipe; or a potential as JSON. */
  potential: v.union([v.string(), v.looseObject({ format: v.literal("phasecell-potential") })]),
  crystal: crystalSchema,
  /** K. */
  temperatures: v.pipe(v.array(positive), v.minLength(1, "at least one temperature")),
  /** GPa. */
  pressures: v.exactOptional(
    v.pipe(v.array(v.pipe(v.number(), v.finite())), v.minLength(1, "at least one pressure")),
    [0],
  ),
  seed: v.exactOptional(seedSchema, 0),
  ...runLengthEntries,
});

export type FreeEnergyRecipe = v.InferOutput<typeof freeEnergyRecipeSchema>;
