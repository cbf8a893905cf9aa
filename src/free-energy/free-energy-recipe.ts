import * as v from "valibot";
import { crystalSchema, runLengthEntries, seedSchema } from "./crystal-recipe.js";
import { phaseSchema } from "./phase-recipe.js";

const positive = v.pipe(v.number(), v.finite(), v.gtValue(0, "a number above 0"));

/** What `phasecell free-energy` computes: G of one phase at temperatures and pressures. */
export const freeEnergyRecipeSchema = v.pipe(
  v.strictObject({
    /** An expression such as `Ta06A.snapcoeff+zbl(4.0,4.8)`, paths relative to the recipe; or a potential as JSON. */
    potential: v.union([v.string(), v.looseObject({ format: v.literal("phasecell-potential") })]),
    /** Either a crystal or, by the key `phase`, any phase. */
    crystal: v.exactOptional(crystalSchema),
    phase: v.exactOptional(phaseSchema),
    /** K. */
    temperatures: v.pipe(v.array(positive), v.minLength(1, "at least one temperature")),
    /** GPa. */
    pressures: v.exactOptional(
      v.pipe(v.array(v.pipe(v.number(), v.finite())), v.minLength(1, "at least one pressure")),
      [0],
    ),
    seed: v.exactOptional(seedSchema, 0),
    ...runLengthEntries,
  }),
  v.check(({ crystal, phase }) => (crystal === undefined) !== (phase === undefined), "either a crystal or a phase"),
);

export type FreeEnergyRecipe = v.InferOutput<typeof freeEnergyRecipeSchema>;
