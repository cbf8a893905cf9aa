import { checkWritable, writeText } from "../formats/files.node.js";
import { freeEnergyRecipeSchema } from "../free-energy/free-energy-recipe.js";
import type { GibbsEnergy } from "../free-energy/gibbs-energy.js";
import { phaseGibbs } from "../free-energy/phase.js";
import { toPhase } from "../free-energy/phase-recipe.js";
import { seedOf } from "../free-energy/seeds.js";
import { defineCommand, printResult, toJson } from "./command.js";
import { LEG_OPTIONS, openLegFolder } from "./leg-folder.node.js";
import { readRecipeFile } from "./recipe-file.js";

const usage = "free-energy RECIPE.json [--out RESULT.json]";

export const command = defineCommand({
  name: "free-energy",
  summary: "absolute free energy of a solid or a liquid by a recipe",
  usage,
  options: { out: { type: "string", placeholder: "FILE", help: "JSON to write" }, ...LEG_OPTIONS },
  async run(args, io) {
    const rules = { readable: args.values["allow-read"] ?? [] };
    const { recipe, file, structure, potential } = readRecipeFile(
      args.positionals,
      freeEnergyRecipeSchema,
      usage,
      rules,
    );
    if (args.values.out !== undefined) checkWritable(args.values.out);
    const { crystal, phase: given, temperatures, pressures, seed, potential: named, ...lengths } = recipe;
    const key = given ? "phase" : "crystal";
    const phase = toPhase((given ?? crystal)!, key, structure);
    const spec = potential(named);
    const legs = openLegFolder(file, args.values.legs, io);
    const points: GibbsEnergy[] = [];
    for (const [i, temperature] of temperatures.entries())
      for (const [j, pressure] of pressures.entries())
        points.push(
          await phaseGibbs(
            spec,
            phase,
            { ...lengths, temperature, pressure, seed: seedOf(seed, i, j) },
            { signal: io.signal, onProgress: io.onProgress, legs },
          ),
        );
    const document = { [key]: phase.name, seed, points };
    if (args.values.out !== undefined) writeText(args.values.out, `${toJson(document)}\n`);
    printResult(args, io, document, points.map(describe).join("\n\n"));
  },
});

const milli = (value: number): string => (1000 * value).toFixed(2);

/** Names of the parts of G, as they are printed. */
const partNames: Readonly<Record<string, string>> = {
  einstein: "Einstein crystal",
  centerOfMass: "center of mass",
  idealGas: "ideal gas",
  excess: "Uhlenbeck-Ford",
  switching: "switching",
  pressureVolume: "P V",
  residualPressure: "residual pressure",
  finiteSize: "to infinite size",
};

function describe({ phase, temperature, pressure, atoms, gibbs, parts, dissipation, averages }: GibbsEnergy): string {
  const notes: Readonly<Record<string, string>> = {
    switching: `  (dissipation ${milli(dissipation.value)} meV/atom)`,
    pressureVolume: `  (${averages.volume.value.toFixed(4)} A^3/atom)`,
  };
  return [
    `${phase}, ${temperature} K, ${pressure} GPa, ${atoms} atoms: G = ${gibbs.value.toFixed(5)} +- ${gibbs.error.toFixed(5)} eV/atom (classical)`,
    ...Object.entries(parts).map(
      ([name, value]) => `  ${(partNames[name] ?? name).padEnd(18)} ${value.toFixed(5)}${notes[name] ?? ""}`,
    ),
    "  without quantum corrections",
  ].join("\n");
}
