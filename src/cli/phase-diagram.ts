import { checkWritable, writeText } from "../formats/files.node.js";
import { toCrystalPhase } from "../free-energy/crystal-recipe.js";
import { type PhaseBoundary, phaseBoundary } from "../phase-diagram/boundaries.js";
import { phaseDiagramRecipeSchema } from "../phase-diagram/phase-diagram-recipe.js";
import { defineCommand, printResult, toJson } from "./command.js";
import { readRecipeFile } from "./recipe-file.js";

const usage = "phase-diagram RECIPE.json [--out RESULT.json]";

export const command = defineCommand({
  name: "phase-diagram",
  summary: "the boundary of two phases by a recipe",
  usage,
  options: { out: { type: "string", placeholder: "FILE", help: "JSON to write" } },
  async run(args, io) {
    const { recipe, structure, potential } = readRecipeFile(args.positionals, phaseDiagramRecipeSchema, usage);
    if (args.values.out !== undefined) checkWritable(args.values.out);
    const { phases, potential: named, ...settings } = recipe;
    const [one, two] = phases.map((phase, i) => toCrystalPhase(phase, `phases.${i}`, structure));
    const boundary = await phaseBoundary(potential(named), [one!, two!], settings, {
      signal: io.signal,
      onProgress: io.onProgress,
    });
    if (args.values.out !== undefined) writeText(args.values.out, `${toJson(boundary)}\n`);
    printResult(args, io, boundary, describe(boundary));
  },
});

function describe(boundary: PhaseBoundary): string {
  const { phases, staticPressure, crossings, line, anchor, worstDisagreement, limits } = boundary;
  const rows = crossings.map(({ temperature, pressure }, i) => {
    const other = line[i]!.pressure;
    const mark = temperature === anchor ? "  (start of the line)" : "";
    return `${String(temperature).padStart(7)} K   ${pressure.value.toFixed(3)} +- ${pressure.error.toFixed(3)}   ${other.value.toFixed(3)} +- ${other.error.toFixed(3)}${mark}`;
  });
  return [
    `${phases[0]} to ${phases[1]}: ${staticPressure.toFixed(3)} GPa static`,
    "        T   crossing of G (GPa)   Clausius-Clapeyron (GPa)",
    ...rows,
    `worst disagreement ${worstDisagreement.toFixed(2)} sigma`,
    ...limits.map((l) => `${l.phase} at ${l.temperature} K, ${l.pressure.toFixed(2)} GPa did not last: ${l.evidence}`),
  ].join("\n");
}
