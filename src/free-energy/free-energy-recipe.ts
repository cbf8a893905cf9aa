import * as v from "valibot";
import { finite, positive, potential, seed, wholeFrom } from "../recipe-entries.js";
import { crystalSchema, runLengthEntries, sizes } from "./crystal-recipe.js";
import { phaseSchema } from "./phase-recipe.js";

const PATHS = ["finalTemperature", "finalPressure", "finalPotential"] as const;

/** What `phasecell free-energy` computes: G of one phase at temperatures and pressures, or along paths from there. */
export const freeEnergyRecipeSchema = v.pipe(
  v.strictObject({
    potential,
    /** Either a crystal or, by the key `phase`, any phase. */
    crystal: v.exactOptional(crystalSchema),
    phase: v.exactOptional(phaseSchema),
    /** K. */
    temperatures: v.pipe(v.array(positive), v.minLength(1, "at least one temperature")),
    /** GPa. */
    pressures: v.exactOptional(v.pipe(v.array(finite), v.minLength(1, "at least one pressure")), [0]),
    /** K: also G along the isobar from each temperature to this one, by reversible scaling. */
    finalTemperature: v.exactOptional(positive),
    /** GPa: also G along the isotherm from each pressure to this one, by slow compression. */
    finalPressure: v.exactOptional(finite),
    /** Also G under this potential, by alchemical switching. */
    finalPotential: v.exactOptional(potential),
    /** Of an isobar or isotherm. */
    points: v.exactOptional(wholeFrom(1)),
    /** Of further cells; G is that of infinite size. */
    sizes: v.exactOptional(sizes),
    seed: v.exactOptional(seed, 0),
    ...runLengthEntries,
  }),
  v.check(({ crystal, phase }) => (crystal === undefined) !== (phase === undefined), "either a crystal or a phase"),
  v.check(
    (recipe) => PATHS.filter((key) => recipe[key] !== undefined).length < 2,
    `one of ${PATHS.join(", ")} at most`,
  ),
);

export type FreeEnergyRecipe = v.InferOutput<typeof freeEnergyRecipeSchema>;
