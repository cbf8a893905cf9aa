import { type Figure, isFigure, isTable, type Table } from "../figures/figure.js";
import { isLiveDynamics, stillFigure } from "../figures/live-dynamics.js";
import type { CellState, NotebookGraph } from "./graph.js";
import { highlightTypeScript } from "./highlight.js";
import { isInputControl } from "./input-control.js";
import { provenanceOf } from "./lineage.js";
import { escapeHtml, renderInlineMarkdown } from "./markup.js";
import { renderFigure } from "./render-figure.js";
import { provenanceLine, renderControl, renderPlain, renderTable } from "./render-value.js";
import { REPORT_STYLE } from "./report-style.js";

export interface ReportInput {
  readonly title: string;
  readonly graph: NotebookGraph;
  /** In the order of the file. */
  readonly cells: readonly CellState[];
  /** Style sheet of the equations, fonts included. */
  readonly equationStyle: string;
  /** Said at the foot: how to make the report again. */
  readonly footer: string;
}

export interface Report {
  readonly html: string;
  /** Figure name -> SVG. */
  readonly figures: ReadonlyMap<string, string>;
}

/** A notebook that has run, as one page without any other file: prose, code, figures with captions, tables. */
export async function renderReport({ title, graph, cells, equationStyle, footer }: ReportInput): Promise<Report> {
  const figures = new Map<string, string>();
  let tables = 0;
  const showFigure = async (figure: Figure, state: CellState): Promise<string> => {
    const provenance = provenanceOf(graph, state.compiled.cell.id);
    const name = uniqueName(figure.name, figures);
    const svg = await renderFigure({ ...figure, name }, provenance);
    figures.set(name, svg);
    return `<figure id="${escapeHtml(name)}">${svg}<figcaption><b>Figure ${figures.size}.</b> ${renderInlineMarkdown(
      figure.caption,
    )}${provenanceNote(provenanceLine(provenance))}</figcaption></figure>`;
  };
  const showTable = (table: Table, state: CellState): string =>
    `<figure class="table" id="${escapeHtml(table.name)}"><figcaption><b>Table ${++tables}.</b> ${renderInlineMarkdown(
      table.caption,
    )}</figcaption><div class="table-scroll">${renderTable(table)}</div>${provenanceNote(
      provenanceLine(provenanceOf(graph, state.compiled.cell.id)),
    )}</figure>`;
  const sections: string[] = [];
  // Code of cells that show nothing waits for the next thing shown, so that neighbors open together.
  let code: string[] = [];
  let open = false;
  const flushCode = (): void => {
    if (code.length)
      sections.push(
        `<details${open ? " open" : ""}><summary>code</summary>${code.map((text) => `<pre><code>${text}</code></pre>`).join("")}</details>`,
      );
    code = [];
    open = false;
  };
  for (const state of cells) {
    const { cell, views } = state.compiled;
    let controls = 0;
    if (state.items.length) flushCode();
    for (const item of state.items) {
      if (isFigure(item)) sections.push(await showFigure(item, state));
      else if (isLiveDynamics(item)) sections.push(await showFigure(stillFigure(item), state));
      else if (isTable(item)) sections.push(showTable(item, state));
      else if (isInputControl(item)) sections.push(renderControl(views[controls++] ?? "", item));
      else sections.push(renderPlain(item));
    }
    if ((cell.mode !== "ts" && cell.mode !== "js") || cell.hidden) continue;
    code.push(highlightTypeScript(cell.value));
    open ||= cell.pinned;
  }
  flushCode();
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${REPORT_STYLE}</style>
<style>${equationStyle}</style>
</head>
<body>
<main>
${sections.filter(Boolean).join("\n")}
<footer>${footer}</footer>
</main>
</body>
</html>
`;
  return { html, figures };
}

const provenanceNote = (line: string): string => (line ? `<div class="provenance">${escapeHtml(line)}</div>` : "");

function uniqueName(name: string, taken: ReadonlyMap<string, unknown>): string {
  let unique = name;
  for (let count = 2; taken.has(unique); count++) unique = `${name}-${count}`;
  return unique;
}
