import { InputError } from "../errors.js";
import { checkWritable, writeText } from "../formats/files.node.js";
import type { LegWork } from "../free-energy/legs.js";
import { toPhase } from "../free-energy/phase-recipe.js";
import { toDiagramPlan } from "../phase-diagram/diagram-settings.js";
import { growPhaseDiagram } from "../phase-diagram/grow-phase-diagram.js";
import type { PhaseDiagram } from "../phase-diagram/phase-diagram.js";
import {
  boundaryRecipeSchema,
  isBoundaryRecipe,
  type PhaseDiagramRecipe,
  phaseDiagramRecipeSchema,
} from "../phase-diagram/phase-diagram-recipe.js";
import { defineCommand, printResult, toJson } from "./command.js";
import { drawDiagram } from "./diagram-drawing.node.js";
import { describeDiagram } from "./diagram-text.js";
import { checkDrawing } from "./drawing.node.js";
import { LEG_OPTIONS, openLegFolder } from "./leg-folder.node.js";
import { boundaryOf, describeBoundary } from "./phase-boundary.js";
import { type RecipeFile, readRecipeFile } from "./recipe-file.js";

const usage = "phase-diagram RECIPE.json [--out RESULT.json] [--figure FILE]";

export const command = defineCommand({
  name: "phase-diagram",
  summary: "a temperature-pressure diagram by a recipe: lines and triple points with error bars",
  usage,
  options: {
    out: { type: "string", placeholder: "FILE", help: "JSON to write, anew after each round" },
    figure: { type: "string", multiple: true, placeholder: "FILE", help: "drawing to write (.svg, .png), likewise" },
    ...LEG_OPTIONS,
  },
  async run(args, io) {
    const { values } = args;
    const source = readRecipeFile(
      args.positionals,
      (json) => (isBoundaryRecipe(json) ? boundaryRecipeSchema : phaseDiagramRecipeSchema),
      usage,
      { readable: values["allow-read"] ?? [] },
    );
    const { recipe } = source;
    const { out } = values;
    const figures = values.figure ?? [];
    if (out !== undefined) checkWritable(out);
    for (const file of figures) checkDrawing(file);
    const write = (document: unknown): void => {
      if (out !== undefined) writeText(out, `${toJson(document)}\n`);
    };
    const open = (): LegWork => ({
      signal: io.signal,
      onProgress: io.onProgress,
      legs: openLegFolder(source.file, values, io),
    });
    if (isBoundaryRecipe(recipe)) {
      if (figures.length > 0)
        throw new InputError({
          what: "--figure",
          value: figures[0],
          expected: "a recipe with a window: temperature and pressure from and to",
        });
      const boundary = await boundaryOf({ ...source, recipe }, open);
      write(boundary);
      printResult(args, io, boundary, describeBoundary(boundary));
      return;
    }
    const diagram = await grow({ ...source, recipe }, open, async (known) => {
      write(known);
      for (const file of figures) await drawDiagram(known, file);
    });
    printResult(args, io, diagram, describeDiagram(diagram));
  },
});

/** Grows the diagram of a recipe; what is known is written after every round. */
async function grow(
  { recipe, structure, potential }: RecipeFile<PhaseDiagramRecipe>,
  open: () => LegWork,
  write: (diagram: PhaseDiagram) => Promise<void>,
): Promise<PhaseDiagram> {
  const { phases: described, potential: named, ...settings } = recipe;
  const phases = described.map((phase, i) => toPhase(phase, `phases.${i}`, structure));
  const spec = potential(named);
  toDiagramPlan(phases, settings);
  let last: PhaseDiagram | undefined;
  for await (const diagram of growPhaseDiagram(spec, phases, settings, open())) {
    await write(diagram);
    last = diagram;
  }
  return last!;
}
