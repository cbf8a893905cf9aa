import * as v from "valibot";
import { InputError } from "../errors.js";
import type { Structure } from "../structure/structure.js";
import { crystalSchema, toCrystalPhase } from "./crystal-recipe.js";
import type { Phase } from "./phase.js";

/** A phase of a recipe: a crystal, or a liquid by any crystal of its composition, which gets melted. */
export const phaseSchema = v.strictObject({
  ...crystalSchema.entries,
  /** "solid" by default. */
  state: v.exactOptional(v.picklist(["solid", "liquid"])),
});

export type PhaseRecipe = v.InferOutput<typeof phaseSchema>;

/** The phase of a recipe; `readStructure` opens a file by the name in it. */
export function toPhase(
  { state = "solid", ...recipe }: PhaseRecipe,
  what: string,
  readStructure: (file: string) => Structure,
): Phase {
  if (state === "solid") return toCrystalPhase(recipe, what, readStructure);
  if (recipe.cell !== undefined)
    throw new InputError({
      what: `${what}.cell`,
      value: recipe.cell,
      expected: "none: the cell of a liquid is isotropic",
    });
  const { name, structure, repeats } = toCrystalPhase({ ...recipe, cell: "isotropic" }, what, readStructure);
  return { name, state, structure, repeats };
}
