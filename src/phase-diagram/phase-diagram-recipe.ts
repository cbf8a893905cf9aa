import * as v from "valibot";
import { crystalSchema, runLengthEntries, seedSchema } from "../free-energy/crystal-recipe.js";

const finite = v.pipe(v.number(), v.finite());
const positive = v.pipe(finite, v.gtValue(0, "a number above 0"));

/** What `phasecell phase-diagram` computes: the boundary of two crystals. */
export const phaseDiagramRecipeSchema = v.strictObject({
  /** An expression such as `Ta06A.snapcoeff+zbl(4.0,4.8)`, paths relative to the recipe; or a potential as JSON. */
  potential: v.union([v.string(), v.looseObject({ format: v.literal("phasecell-potential") })]),
  phases: v.tuple([crystalSchema, crystalSchema]),
  /** K. */
  temperatures: v.pipe(v.array(positive), v.minLength(2, "at least two temperatures")),
  /** GPa, where the search for the static boundary starts. */
  startPressure: v.exactOptional(finite),
  /** GPa, how far from the crossings state points are taken. */
  pressureSpread: v.exactOptional(positive),
  seed: v.exactOptional(seedSchema, 0),
  ...runLengthEntries,
});

export type PhaseDiagramRecipe = v.InferOutput<typeof phaseDiagramRecipeSchema>;
