import { InputError } from "../errors.js";
import { diagramFigure } from "../figures/diagram.js";
import { writeBytes, writeText } from "../formats/files.node.js";
import { rasterize } from "../notebook/rasterize.node.js";
import { renderFigure } from "../notebook/render-figure.js";
import type { PhaseDiagram } from "../phase-diagram/phase-diagram.js";

/** Complains of a name that does not say which kind of drawing is wanted. */
export function checkDrawing(file: string): void {
  if (!/\.(svg|png)$/i.test(file))
    throw new InputError({ what: "--figure", value: file, expected: "FILE.svg or FILE.png" });
}

/** Draws a diagram with what was measured for it to a file. */
export async function drawDiagram(diagram: PhaseDiagram, file: string): Promise<void> {
  const { phases, runs, spent } = diagram;
  const figure = diagramFigure({
    name: "phase-diagram",
    caption: `Phase diagram of ${phases.map(({ name }) => name).join(", ")} from ${runs} measurements, ${Math.round(spent)} ps; bands are 95% confidence.`,
    diagram,
    measured: true,
  });
  const svg = await renderFigure(figure, []);
  if (/\.png$/i.test(file)) writeBytes(file, await rasterize(svg));
  else writeText(file, svg);
}
