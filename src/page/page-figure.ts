import { type Figure, isFigure, type Table } from "../figures/figure.js";
import { escapeHtml, renderInlineMarkdown } from "../notebook/markup.js";
import { renderFigure } from "../notebook/render-figure.js";
import { provenanceLine, renderTable } from "../notebook/render-value.js";
import type { Provenance } from "../notebook/stage-cache.js";

/** A figure or table in the page, with caption and provenance; `ready` once it is drawn. */
export interface ShownFigure {
  readonly element: HTMLElement;
  readonly ready: Promise<void>;
}

export function showTable(table: Table, provenance: readonly Provenance[]): HTMLElement {
  const element = document.createElement("figure");
  element.className = "table";
  element.id = table.name;
  element.innerHTML = `${caption(table, provenance)}<div class="table-scroll">${renderTable(table)}</div>${note(provenance)}`;
  return element;
}

/** Draws a figure with the same marks as everywhere else; its file is what `phasecell run` would write. */
export function showFigure(figure: Figure, provenance: readonly Provenance[]): ShownFigure {
  const element = document.createElement("figure");
  element.id = figure.name;
  element.innerHTML = `<div class="drawing"></div>${caption(figure, provenance)}`;
  return { element, ready: draw(figure, provenance, element) };
}

const caption = (item: Figure | Table, provenance: readonly Provenance[]): string =>
  `<figcaption><b></b> ${renderInlineMarkdown(item.caption)}${isFigure(item) ? note(provenance) : ""}</figcaption>`;

const note = (provenance: readonly Provenance[]): string => {
  const line = provenanceLine(provenance);
  return `<div class="provenance">${escapeHtml(line)}</div>`;
};

async function draw(figure: Figure, provenance: readonly Provenance[], element: HTMLElement): Promise<void> {
  const svg = await renderFigure(figure, provenance);
  element.querySelector(".drawing")!.innerHTML = svg;
  const link = document.createElement("a");
  link.className = "save";
  link.textContent = "SVG";
  link.title = "save this figure, with where it came from in its metadata";
  link.download = `${figure.name}.svg`;
  link.href = "#";
  link.addEventListener("click", () => {
    link.href = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  });
  element.querySelector(".provenance")!.append(" ", link);
}
