import * as v from "valibot";
import { crystalSchema, seedSchema } from "../free-energy/crystal-recipe.js";

const positive = v.pipe(v.number(), v.finite(), v.gtValue(0, "a number above 0"));
const given = v.exactOptional(positive);

/** What `phasecell melting` computes: melting points of a crystal at pressures, by direct coexistence. */
export const meltingRecipeSchema = v.strictObject({
  /** An expression such as `Cu_mishin1.eam.alloy`, paths relative to the recipe; or a potential as JSON. */
  potential: v.union([v.string(), v.looseObject({ format: v.literal("phasecell-potential") })]),
  /** Its conventional cell: the interface is perpendicular to c. */
  crystal: crystalSchema,
  /** GPa. */
  pressures: v.exactOptional(
    v.pipe(v.array(v.pipe(v.number(), v.finite())), v.minLength(1, "at least one pressure")),
    [0],
  ),
  /** K between which it melts at all of the pressures. */
  temperature: v.tuple([positive, positive]),
  /** K, standard error at which runs stop. */
  tolerance: given,
  /** At most, per pressure. */
  runs: v.exactOptional(v.pipe(v.number(), v.integer("a whole number"), v.minValue(5, "at least 5"))),
  /** fs, as in `DirectCoexistenceSettings`. */
  timestep: given,
  equilibration: given,
  duration: given,
  lookEvery: given,
  /** Units of (V/N)^(1/3). */
  width: given,
  length: given,
  seed: v.exactOptional(seedSchema, 0),
});

export type MeltingRecipe = v.InferOutput<typeof meltingRecipeSchema>;
