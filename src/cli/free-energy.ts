import { checkWritable, writeText } from "../formats/files.node.js";
import { toCrystalPhase } from "../free-energy/crystal-recipe.js";
import { freeEnergyRecipeSchema } from "../free-energy/free-energy-recipe.js";
import { type CrystalGibbs, gibbsEnergy } from "../free-energy/gibbs.js";
import { seedOf } from "../free-energy/seeds.js";
import { defineCommand, printResult, toJson } from "./command.js";
import { readRecipeFile } from "./recipe-file.js";

const usage = "free-energy RECIPE.json [--out RESULT.json]";

export const command = defineCommand({
  name: "free-energy",
  summary: "absolute free energy of a solid by a recipe",
  usage,
  options: { out: { type: "string", placeholder: "FILE", help: "JSON to write" } },
  async run(args, io) {
    const { recipe, structure, potential } = readRecipeFile(args.positionals, freeEnergyRecipeSchema, usage);
    if (args.values.out !== undefined) checkWritable(args.values.out);
    const { crystal, temperatures, pressures, seed, potential: named, ...lengths } = recipe;
    const phase = toCrystalPhase(crystal, "crystal", structure);
    const spec = potential(named);
    const points: CrystalGibbs[] = [];
    for (const [i, temperature] of temperatures.entries())
      for (const [j, pressure] of pressures.entries())
        points.push(
          await gibbsEnergy(
            spec,
            phase,
            { ...lengths, temperature, pressure, seed: seedOf(seed, i, j) },
            { signal: io.signal, onProgress: io.onProgress },
          ),
        );
    const document = { crystal: phase.name, seed, points };
    if (args.values.out !== undefined) writeText(args.values.out, `${toJson(document)}\n`);
    printResult(args, io, document, points.map(describe).join("\n\n"));
  },
});

const milli = (value: number): string => (1000 * value).toFixed(2);

function describe(point: CrystalGibbs): string {
  const { phase, temperature, pressure, atoms, gibbs, parts, dissipation } = point;
  return [
    `${phase}, ${temperature} K, ${pressure} GPa, ${atoms} atoms: G = ${gibbs.value.toFixed(5)} +- ${gibbs.error.toFixed(5)} eV/atom (classical)`,
    `  Einstein crystal   ${parts.einstein.toFixed(5)} eV/atom`,
    `  center of mass     ${parts.centerOfMass.toFixed(5)}`,
    `  switching          ${parts.switching.toFixed(5)}  (dissipation ${milli(dissipation.value)} meV/atom)`,
    `  P V                ${parts.pressureVolume.toFixed(5)}  (${point.averages.volume.value.toFixed(4)} A^3/atom)`,
    `  residual pressure  ${parts.residualPressure.toFixed(5)}`,
    `  not applied: leading finite-size term ${milli(point.leadingFiniteSize)} meV/atom; quantum corrections`,
  ].join("\n");
}
