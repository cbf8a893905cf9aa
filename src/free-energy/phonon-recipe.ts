import * as v from "valibot";
import { finite, positive, potential, wholeFrom } from "../recipe-entries.js";
import { crystalSchema } from "./crystal-recipe.js";

const notNegative = v.pipe(finite, v.minValue(0, "0 or above"));
const three = v.tuple([wholeFrom(1), wholeFrom(1), wholeFrom(1)]);

/** What `phasecell phonons` computes: phonons of one crystal at rest, and what follows from them. */
export const phononRecipeSchema = v.strictObject({
  potential,
  crystal: v.omit(crystalSchema, ["repeats"]),
  /** GPa, at which cell and atoms relax. */
  pressure: v.exactOptional(finite, 0),
  /** K, of the thermal properties. */
  temperatures: v.exactOptional(
    v.pipe(v.array(notNegative), v.minLength(1, "at least one temperature")),
    [0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000],
  ),
  statistics: v.exactOptional(v.picklist(["quantum", "classical"]), "quantum"),
  /** A, how far force constants reach; twice the cutoff is exact. */
  range: v.exactOptional(positive),
  /** Repeats of the primitive cell instead of a range. */
  repeats: v.exactOptional(three),
  /** A. */
  displacement: v.exactOptional(positive),
  /** Points along each reciprocal vector. */
  divisions: v.exactOptional(three),
  /** The Gibbs energy at the temperatures and these pressures, from phonons at several volumes. */
  quasiHarmonic: v.exactOptional(
    v.strictObject({
      /** GPa. */
      pressures: v.exactOptional(v.pipe(v.array(finite), v.minLength(1, "at least one pressure")), [0]),
      /** Volumes over that of the relaxed crystal. */
      ratios: v.exactOptional(v.pipe(v.array(positive), v.minLength(6, "at least six volumes"))),
    }),
  ),
});

export type PhononRecipe = v.InferOutput<typeof phononRecipeSchema>;
