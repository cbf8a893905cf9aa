import { InputError } from "../errors.js";
import type { Figure } from "../figures/figure.js";
import { checkWritable, writeBytes, writeText } from "../formats/files.node.js";
import { rasterize } from "../notebook/rasterize.node.js";
import { renderFigure } from "../notebook/render-figure.js";

/** Complains of a file that cannot be written, or whose name does not say which kind of drawing is wanted. */
export function checkDrawing(file: string): void {
  checkWritable(file);
  if (!/\.(svg|png)$/i.test(file))
    throw new InputError({ what: "--figure", value: file, expected: "FILE.svg or FILE.png" });
}

/** Draws a figure to a file, by its ending. */
export async function drawFigure(figure: Figure, file: string): Promise<void> {
  const svg = await renderFigure(figure, []);
  if (/\.png$/i.test(file)) writeBytes(file, await rasterize(svg));
  else writeText(file, svg);
}
