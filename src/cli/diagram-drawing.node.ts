import { diagramFigure } from "../figures/diagram.js";
import type { PhaseDiagram } from "../phase-diagram/phase-diagram.js";
import { drawFigure } from "./drawing.node.js";

/** Draws a diagram with what was measured for it to a file. */
export async function drawDiagram(diagram: PhaseDiagram, file: string): Promise<void> {
  const { phases, runs, spent } = diagram;
  const figure = diagramFigure({
    name: "phase-diagram",
    caption: `Phase diagram of ${phases.map(({ name }) => name).join(", ")} from ${runs} measurements, ${Math.round(spent)} ps; bands are 95% confidence.`,
    diagram,
    measured: true,
  });
  await drawFigure(figure, file);
}
