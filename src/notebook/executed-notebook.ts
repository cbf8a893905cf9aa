import type { CellState, NotebookGraph } from "./graph.js";
import type { NotebookDocument } from "./html-notebook.js";
import { isInputControl } from "./input-control.js";
import { composeOutput } from "./jupyter/compose-output.js";
import type { OutputPart } from "./jupyter/executor-protocol.js";
import { renderPart } from "./jupyter/render-part.js";
import { formatJupyterNotebook, type JupyterOutput } from "./jupyter-notebook.js";
import { provenanceOf } from "./lineage.js";
import { isMarkup, type Markup } from "./markup.js";
import { dataText, renderControl } from "./render-value.js";

/** A notebook that has run as .ipynb with its outputs; same run, same bytes. */
export async function formatExecutedNotebook(
  document: NotebookDocument,
  graph: NotebookGraph,
  cells: readonly CellState[],
): Promise<string> {
  const outputs = new Map<number, JupyterOutput[]>();
  for (const state of cells) outputs.set(state.compiled.cell.id, await outputsOf(state, graph));
  return formatJupyterNotebook(document, { outputs });
}

/** Left out: viewers that know it load Vega from the network, and SVG is shown everywhere. */
const VEGA_LITE = "application/vnd.vegalite.v5+json";

async function outputsOf(state: CellState, graph: NotebookGraph): Promise<JupyterOutput[]> {
  const context = { state, provenance: provenanceOf(graph, state.compiled.cell.id), inspect: dataText };
  const found: JupyterOutput[] = [];
  let controls = 0;
  for (const item of state.items) {
    const part = await renderPart(
      toRender(item, () => state.compiled.views[controls++] ?? ""),
      context,
    );
    const { [VEGA_LITE]: _, ...data } = part ? composeOutput({ parts: [part as OutputPart] }) : {};
    if (Object.keys(data).length) found.push({ output_type: "display_data", data, metadata: {} });
  }
  return found;
}

/** Records as front ends of Jupyter can show them: equations are theirs to set. */
function toRender(item: unknown, view: () => string): unknown {
  if (isInputControl(item)) return { html: renderControl(view(), item) } satisfies Markup;
  return isMarkup(item) ? { html: withTexSource(item.html) } : item;
}

const KATEX = /<span class="katex(?:-display)?">/g;

/** HTML with each equation that KaTeX has set as its TeX between dollar signs: its style sheet is not there. */
export function withTexSource(html: string): string {
  let text = "";
  let end = 0;
  for (const { index, 0: open } of html.matchAll(KATEX)) {
    if (index < end) continue;
    text += html.slice(end, index);
    end = endOfSpan(html, index);
    const equation = /<annotation encoding="application\/x-tex">([^<]*)</.exec(html.slice(index, end))?.[1] ?? "";
    const mark = open.includes("display") ? "$$" : "$";
    text += `${mark}${equation}${mark}`;
  }
  return text + html.slice(end);
}

function endOfSpan(html: string, start: number): number {
  const tag = /<(\/?)span\b/g;
  tag.lastIndex = start;
  let depth = 0;
  for (let found = tag.exec(html); found; found = tag.exec(html)) {
    depth += found[1] ? -1 : 1;
    if (depth === 0) return html.indexOf(">", found.index) + 1;
  }
  return html.length;
}
