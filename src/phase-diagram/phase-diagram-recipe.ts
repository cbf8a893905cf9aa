import * as v from "valibot";
import { crystalSchema, runLengthEntries, sizes } from "../free-energy/crystal-recipe.js";
import { phaseSchema } from "../free-energy/phase-recipe.js";
import { finite, positive, potential, seed } from "../recipe-entries.js";

/** What `phasecell phase-diagram` computes: the diagram of crystals and a liquid over a window, as `PhaseDiagramSettings`. */
export const phaseDiagramRecipeSchema = v.strictObject({
  potential,
  phases: v.pipe(v.array(phaseSchema), v.minLength(1, "at least one phase")),
  /** K, from and to. */
  temperature: v.tuple([finite, finite]),
  /** GPa, from and to. */
  pressure: v.tuple([finite, finite]),
  /** Standard error that lines are to have: a point is settled when it has one of the two. 1% of the window by default. */
  target: v.exactOptional(
    v.strictObject({
      /** K. */
      temperature: v.exactOptional(positive),
      /** GPa. */
      pressure: v.exactOptional(positive),
    }),
  ),
  /** ps of dynamics, of all runs together. */
  budget: v.exactOptional(positive),
  /** Of further cells in which absolute Gibbs energies are measured; each costs as much again in ps. */
  sizes: v.exactOptional(sizes),
  seed: v.exactOptional(seed, 0),
  ...runLengthEntries,
});

/** The boundary of two crystals at given temperatures, twice: crossings of G and the Clausius-Clapeyron line. */
export const boundaryRecipeSchema = v.strictObject({
  potential,
  phases: v.tuple([crystalSchema, crystalSchema]),
  /** K. */
  temperatures: v.pipe(v.array(positive), v.minLength(2, "at least two temperatures")),
  /** GPa, where the search for the static boundary starts. */
  startPressure: v.exactOptional(finite),
  /** GPa, how far from the crossings state points are taken. */
  pressureSpread: v.exactOptional(positive),
  seed: v.exactOptional(seed, 0),
  ...runLengthEntries,
});

export type PhaseDiagramRecipe = v.InferOutput<typeof phaseDiagramRecipeSchema>;
export type BoundaryRecipe = v.InferOutput<typeof boundaryRecipeSchema>;

/** Whether a recipe asks for the boundary of two crystals: it names temperatures, not a range. */
export const isBoundaryRecipe = (recipe: unknown): recipe is BoundaryRecipe =>
  typeof recipe === "object" && recipe !== null && "temperatures" in recipe && !("temperature" in recipe);
