import { checkWritable, writeText } from "../formats/files.node.js";
import { type AlchemicalGibbs, gibbsByAlchemy } from "../free-energy/alchemical.js";
import { type FreeEnergyRecipe, freeEnergyRecipeSchema } from "../free-energy/free-energy-recipe.js";
import type { GibbsEnergy, GibbsSettings } from "../free-energy/gibbs-energy.js";
import { gibbsAlongIsotherm, type IsothermPoint } from "../free-energy/isotherm.js";
import type { LegWork } from "../free-energy/legs.js";
import { phaseGibbs } from "../free-energy/phase.js";
import { toPhase } from "../free-energy/phase-recipe.js";
import { gibbsAlongIsobar, type IsobarPoint } from "../free-energy/reversible-scaling.js";
import { seedOf } from "../free-energy/seeds.js";
import { shortest } from "../free-energy/shorter-steps.js";
import { sizesOf } from "../free-energy/sizes.js";
import { defineCommand, printResult, toJson } from "./command.js";
import { describeGibbs } from "./gibbs-text.js";
import { LEG_OPTIONS, openLegFolder } from "./leg-folder.node.js";
import { type RecipeFile, readRecipeFile } from "./recipe-file.js";

const usage = "free-energy RECIPE.json [--out RESULT.json]";

/** G at one temperature and pressure, and along the path that the recipe asks for. */
export interface FreeEnergyPoint extends GibbsEnergy {
  readonly isobar?: readonly IsobarPoint[];
  readonly isotherm?: readonly IsothermPoint[];
  readonly alchemical?: Omit<AlchemicalGibbs, "start">;
}

export const command = defineCommand({
  name: "free-energy",
  summary: "absolute free energy of a solid or a liquid by a recipe",
  usage,
  options: { out: { type: "string", placeholder: "FILE", help: "JSON to write" }, ...LEG_OPTIONS },
  async run(args, io) {
    const { values } = args;
    const rules = { readable: values["allow-read"] ?? [] };
    const source = readRecipeFile(args.positionals, freeEnergyRecipeSchema, usage, rules);
    if (values.out !== undefined) checkWritable(values.out);
    const { recipe } = source;
    const key = recipe.phase ? "phase" : "crystal";
    const measure = measureOf(source, key);
    const work = { signal: io.signal, onProgress: io.onProgress, legs: openLegFolder(source.file, values, io) };
    const points: FreeEnergyPoint[] = [];
    for (const [i, temperature] of recipe.temperatures.entries())
      for (const [j, pressure] of recipe.pressures.entries())
        points.push(await measure({ temperature, pressure, seed: seedOf(recipe.seed, i, j) }, work));
    const document = { [key]: recipe[key]!.name, seed: recipe.seed, points };
    if (values.out !== undefined) writeText(values.out, `${toJson(document)}\n`);
    printResult(args, io, document, points.map(describeGibbs).join("\n\n"));
  },
});

/** What the recipe wants at each temperature and pressure. */
function measureOf(
  { recipe, structure, potential }: RecipeFile<FreeEnergyRecipe>,
  key: "phase" | "crystal",
): (place: GibbsSettings, work: LegWork) => Promise<FreeEnergyPoint> {
  const { crystal: _crystal, phase: _phase, temperatures: _t, pressures: _p, potential: named, ...settings } = recipe;
  const { finalTemperature, finalPressure, finalPotential, ...lengths } = settings;
  const phase = toPhase(recipe[key]!, key, structure);
  sizesOf(phase, settings.sizes);
  const spec = potential(named);
  const final = finalPotential === undefined ? undefined : potential(finalPotential);
  return async (place, work) => {
    const at = { ...lengths, ...place };
    if (finalTemperature !== undefined) {
      const { start, points, ...path } = await gibbsAlongIsobar(spec, phase, { ...at, finalTemperature }, work);
      return { ...start, ...shortest([start, path]), isobar: points };
    }
    if (finalPressure !== undefined) {
      const { start, points, ...path } = await gibbsAlongIsotherm(spec, phase, { ...at, finalPressure }, work);
      return { ...start, ...shortest([start, path]), isotherm: points };
    }
    if (final === undefined) return phaseGibbs(spec, phase, at, work);
    const { start, ...alchemical } = await gibbsByAlchemy(spec, final, phase, at, work);
    return { ...start, ...shortest([start, ...alchemical.works]), alchemical };
  };
}
