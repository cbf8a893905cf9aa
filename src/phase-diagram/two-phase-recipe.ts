import * as v from "valibot";
import { crystalSchema } from "../free-energy/crystal-recipe.js";
import { finite, positive, potential, seed, wholeFrom } from "../recipe-entries.js";

const given = v.exactOptional(positive);

/** What `phasecell melting` computes: melting points of a crystal at pressures, by direct coexistence. */
export const meltingRecipeSchema = v.strictObject({
  potential,
  /** Its conventional cell: the interface is perpendicular to c. */
  crystal: crystalSchema,
  /** GPa. */
  pressures: v.exactOptional(v.pipe(v.array(finite), v.minLength(1, "at least one pressure")), [0]),
  /** K between which it melts at all of the pressures. */
  temperature: v.tuple([positive, positive]),
  /** K, standard error at which runs stop. */
  tolerance: given,
  /** At most, per pressure. */
  runs: v.exactOptional(wholeFrom(5)),
  /** fs, as in `DirectCoexistenceSettings`. */
  timestep: given,
  equilibration: given,
  duration: given,
  lookEvery: given,
  /** Units of (V/N)^(1/3). */
  width: given,
  length: given,
  seed: v.exactOptional(seed, 0),
});

export type MeltingRecipe = v.InferOutput<typeof meltingRecipeSchema>;
