import * as v from "valibot";
import { QuantumEspressoRecipeSchema } from "./quantum-espresso-recipe.js";

/** Labels by a potential, for trials where the truth is to be known. */
export const AnalyticRecipeSchema = v.strictObject({
  engine: v.literal("analytic"),
  /** As `createPotential` takes it. */
  potential: v.record(v.string(), v.unknown()),
});

/** What `phasecell label --recipe` reads; `engine` says for which program. */
export const labelRecipeSchema = v.variant("engine", [QuantumEspressoRecipeSchema, AnalyticRecipeSchema]);

/** Programs that label, by the word a recipe's `engine` names them with. */
export const LABEL_ENGINES = ["quantum-espresso", "analytic"] as const;

export type LabelRecipe = v.InferInput<typeof labelRecipeSchema>;
