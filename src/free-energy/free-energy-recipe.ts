import * as v from "valibot";
import { crystalSchema, runLengthEntries, seedSchema } from "./crystal-recipe.js";
import { phaseSchema } from "./phase-recipe.js";

const positive = v.pipe(v.number(), v.finite(), v.gtValue(0, "a number above 0"));

const PATHS = ["finalTemperature", "finalPressure", "finalPotential"] as const;

/** An expression such as `Ta06A.snapcoeff+zbl(4.0,4.8)`, paths relative to the recipe; or a potential as JSON. */
const potential = v.union([v.string(), v.looseObject({ format: v.literal("phasecell-potential") })]);

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
    pressures: v.exactOptional(
      v.pipe(v.array(v.pipe(v.number(), v.finite())), v.minLength(1, "at least one pressure")),
      [0],
    ),
    /** K: also G along the isobar from each temperature to this one, by reversible scaling. */
    finalTemperature: v.exactOptional(positive),
    /** GPa: also G along the isotherm from each pressure to this one, by slow compression. */
    finalPressure: v.exactOptional(v.pipe(v.number(), v.finite())),
    /** Also G under this potential, by alchemical switching. */
    finalPotential: v.exactOptional(potential),
    /** Of an isobar or isotherm. */
    points: v.exactOptional(v.pipe(v.number(), v.integer("a whole number"), v.minValue(1, "at least 1"))),
    seed: v.exactOptional(seedSchema, 0),
    ...runLengthEntries,
  }),
  v.check(({ crystal, phase }) => (crystal === undefined) !== (phase === undefined), "either a crystal or a phase"),
  v.check(
    (recipe) => PATHS.filter((key) => recipe[key] !== undefined).length < 2,
    `one of ${PATHS.join(", ")} at most`,
  ),
);

export type FreeEnergyRecipe = v.InferOutput<typeof freeEnergyRecipeSchema>;
