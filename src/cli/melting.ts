import { growthRateFigure } from "../figures/growth-rate.js";
import { checkWritable, writeText } from "../formats/files.node.js";
import { toCrystalPhase } from "../free-energy/crystal-recipe.js";
import { seedOf } from "../free-energy/seeds.js";
import { type DirectCoexistence, directCoexistence } from "../phase-diagram/direct-coexistence.js";
import { meltingRecipeSchema } from "../phase-diagram/two-phase-recipe.js";
import { defineCommand, printResult, toJson } from "./command.js";
import { checkDrawing, drawFigure } from "./drawing.node.js";
import { LEG_OPTIONS, openLegFolder } from "./leg-folder.node.js";
import { readRecipeFile } from "./recipe-file.js";

const usage = "melting RECIPE.json [--out RESULT.json] [--figure FILE]";

export const command = defineCommand({
  name: "melting",
  summary: "melting points of a crystal side by side with its melt, by a recipe",
  usage,
  options: {
    out: { type: "string", placeholder: "FILE", help: "JSON to write, anew after each pressure" },
    figure: {
      type: "string",
      placeholder: "FILE",
      help: "growth rates (.svg, .png), named by the pressure if there are several",
    },
    ...LEG_OPTIONS,
  },
  async run(args, io) {
    const { values } = args;
    const rules = { readable: values["allow-read"] ?? [] };
    const source = readRecipeFile(args.positionals, meltingRecipeSchema, usage, rules);
    if (values.out !== undefined) checkWritable(values.out);
    if (values.figure !== undefined) checkDrawing(values.figure);
    const { crystal, pressures, potential: named, seed, ...settings } = source.recipe;
    const phase = toCrystalPhase(crystal, "crystal", source.structure);
    const spec = source.potential(named);
    const legs = openLegFolder(source.file, values, io);
    const points: DirectCoexistence[] = [];
    for (const [i, pressure] of pressures.entries()) {
      points.push(
        await directCoexistence(
          spec,
          phase,
          { ...settings, pressure, seed: seedOf(seed, i) },
          { signal: io.signal, onProgress: io.onProgress, legs },
        ),
      );
      if (values.out !== undefined) writeText(values.out, `${toJson({ crystal: phase.name, seed, points })}\n`);
      if (values.figure !== undefined)
        await draw(points.at(-1)!, pressures.length === 1 ? values.figure : namedBy(values.figure, pressure));
    }
    printResult(args, io, { crystal: phase.name, seed, points }, points.map(describe).join("\n"));
  },
});

/** `growth.svg` becomes `growth-5GPa.svg`. */
const namedBy = (file: string, pressure: number): string => file.replace(/(\.\w+)$/, `-${pressure}GPa$1`);

function draw({ phase, pressure, rates, line }: DirectCoexistence, file: string): Promise<void> {
  const caption = `Growth of ${phase} beside its melt at ${pressure} GPa.`;
  return drawFigure(growthRateFigure({ name: "growth-rate", caption, rates, line }), file);
}

function describe({ phase, pressure, melting, atoms, runs, settled, rates }: DirectCoexistence): string {
  const time = rates.reduce((sum, rate) => sum + rate.time, 0);
  return [
    `${phase} melts at ${melting.value.toFixed(1)} +- ${melting.error.toFixed(1)} K at ${pressure} GPa`,
    `  (${runs.length} runs of ${atoms} atoms, ${time.toFixed(0)} ps side by side${settled ? "" : "; the tolerance was not reached"})`,
  ].join("\n");
}
