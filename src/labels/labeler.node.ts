import { InputError } from "../errors.js";
import { createPotential } from "../potentials/create-potential.js";
import type { PotentialSpec } from "../potentials/potential.js";
import { parseWith } from "../schema.js";
import { analyticLabeler } from "./analytic.js";
import type { Labeler } from "./label.js";
import { AnalyticRecipeSchema, LABEL_ENGINES } from "./label-recipe.js";
import { type QuantumEspressoPlace, quantumEspresso } from "./quantum-espresso.node.js";

/** The labeler a recipe asks for. `place` says where this machine keeps the program, which is not the recipe's to say. */
export async function openLabeler(recipe: unknown, place: QuantumEspressoPlace = {}): Promise<Labeler> {
  const engine = typeof recipe === "object" && recipe !== null && "engine" in recipe ? recipe.engine : undefined;
  if (engine === "quantum-espresso") return quantumEspresso(recipe, place);
  if (engine === "analytic") {
    const { potential } = parseWith(AnalyticRecipeSchema, recipe, "label recipe");
    return analyticLabeler(createPotential(potential as unknown as PotentialSpec));
  }
  throw new InputError({ what: "label recipe.engine", value: engine, expected: `one of ${LABEL_ENGINES.join(", ")}` });
}
