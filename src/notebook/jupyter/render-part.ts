import { type Figure, isFigure, isTable } from "../../figures/figure.js";
import { isLiveDynamics, type LiveDynamics, stillFigure } from "../../figures/live-dynamics.js";
import { type CellState, PrintedText } from "../graph.js";
import { isInputControl } from "../input-control.js";
import type { MimeBundle } from "../jupyter-notebook.js";
import { escapeHtml, isMarkup, renderInlineMarkdown } from "../markup.js";
import { renderFigure } from "../render-figure.js";
import { provenanceLine, renderTable } from "../render-value.js";
import type { Provenance } from "../stage-cache.js";
import { withCaption } from "./captioned-figure.js";
import type { OutputPart } from "./executor-protocol.js";
import { isMarkdown } from "./markdown.js";
import { isStructure, structureView } from "./structure-view.js";

/** Objects may say themselves how Jupyter shows them; Deno's kernel knows the same symbol. */
const DISPLAY = Symbol.for("Jupyter.display");

export interface RenderContext {
  readonly state: CellState;
  /** Stages behind the cell. */
  readonly provenance: readonly Provenance[];
  /** Text of a value that has no picture, as Node's console shows it. */
  readonly inspect: (value: unknown) => string;
}

/** One thing that a cell shows; nothing for `undefined`. Text comes at once, so that a busy cell can still show it. */
export function renderPart(item: unknown, context: RenderContext): OutputPart | Promise<OutputPart> | undefined {
  if (item === undefined) return undefined;
  if (item instanceof PrintedText) return { kind: "printed", stream: item.stream, text: item.text };
  if (isInputControl(item)) return controlPart(item, context.state);
  if (isFigure(item)) return figurePart(item, context);
  if (isLiveDynamics(item)) return startOf(item);
  const own = displayOf(item);
  if (own) return Promise.resolve(own()).then((data) => bundle(data as MimeBundle));
  if (isTable(item)) {
    const caption = `<b>Table.</b> ${renderInlineMarkdown(item.caption)}${provenanceNote(context.provenance)}`;
    const html = `<figure style="margin:0"><figcaption>${caption}</figcaption>${renderTable(item, aligned)}</figure>`;
    return bundle({
      "text/html": html,
      "text/plain": textTable(
        item.columns.map(({ key }) => key),
        item.rows,
      ),
    });
  }
  if (isArqueroTable(item)) {
    const columns = item.columnNames();
    const rows = item.objects({ limit: 20 }) as Readonly<Record<string, unknown>>[];
    const more = item.numRows() > 20 ? `\n... ${item.numRows()} rows` : "";
    return bundle({
      "text/html": `${item.toHTML({ limit: 50 })}${item.numRows() > 50 ? `<p>${item.numRows()} rows</p>` : ""}`,
      "text/plain": textTable(columns, rows) + more,
    });
  }
  if (isStructure(item)) return bundle(structureView(item));
  if (isMarkdown(item)) return bundle({ "text/markdown": item.markdown, "text/plain": item.markdown });
  if (isMarkup(item)) return bundle({ "text/html": item.html, "text/plain": plainText(item.html) });
  if (typeof item === "string") return bundle({ "text/plain": item });
  return bundle({ "text/plain": context.inspect(item) });
}

const bundle = (data: MimeBundle): OutputPart => ({ kind: "bundle", data });

function displayOf(item: unknown): (() => unknown) | undefined {
  if ((typeof item !== "object" && typeof item !== "function") || item === null) return undefined;
  const method = (item as Record<symbol, unknown>)[DISPLAY];
  return typeof method === "function" ? () => method.call(item) : undefined;
}

/** Vega-Lite for front ends that draw it, SVG for the others; caption and provenance are part of both. */
async function figurePart(figure: Figure, { provenance }: RenderContext): Promise<OutputPart> {
  const captioned = withCaption(figure, provenanceLine(provenance));
  return bundle({
    "application/vnd.vegalite.v5+json": captioned.spec,
    "image/svg+xml": await renderFigure(captioned, provenance),
    "text/plain": `[figure ${figure.name}: ${figure.caption}]`,
  });
}

/** Only pages move atoms: here stands where they start, to be turned. */
async function startOf(live: LiveDynamics): Promise<OutputPart> {
  const still = stillFigure(live);
  const view = structureView(live.structure);
  return bundle({
    "text/html": `${String(view["text/html"] ?? "")}<div>${renderInlineMarkdown(still.caption)}</div>`,
    "image/svg+xml": await renderFigure(still, []),
    "text/plain": `${String(view["text/plain"])}: ${still.caption}`,
  });
}

const provenanceNote = (provenance: readonly Provenance[]): string => {
  const line = provenanceLine(provenance);
  return line && `<div style="font-size:.7em;opacity:.7">${escapeHtml(line)}</div>`;
};

/** JupyterLab puts all text of tables to the right. */
const aligned = (isNumber: boolean): string => ` style="text-align:${isNumber ? "right" : "left"}"`;

interface ArqueroTable {
  columnNames(): string[];
  numRows(): number;
  objects(options: { limit: number }): object[];
  toHTML(options: { limit: number }): string;
}

const isArqueroTable = (item: unknown): item is ArqueroTable =>
  typeof item === "object" &&
  item !== null &&
  ["columnNames", "numRows", "objects", "toHTML"].every(
    (name) => typeof (item as Record<string, unknown>)[name] === "function",
  );

function controlPart(control: object, { compiled, items }: CellState): OutputPart {
  const { values, value, ...shown } = control as Record<string, unknown> & { values?: readonly unknown[] };
  const place = (one: unknown): number => values!.indexOf(one);
  const name = compiled.views[items.filter(isInputControl).indexOf(control as never)];
  return {
    kind: "control",
    control: {
      ...(shown as never as { control: "range"; label: string }),
      ...(name === undefined ? {} : { name }),
      value:
        values === undefined
          ? value
          : Array.isArray(value) && !values.includes(value)
            ? value.map(place)
            : place(value),
    },
  };
}

/** Columns as wide as their widest entry. */
function textTable(columns: readonly string[], rows: readonly Readonly<Record<string, unknown>>[]): string {
  const show = (value: unknown): string =>
    typeof value === "number" ? String(Number(value.toPrecision(6))) : String(value ?? "");
  const lines = [columns, ...rows.map((row) => columns.map((column) => show(row[column])))];
  const widths = columns.map((_, k) => Math.max(...lines.map((line) => line[k]!.length)));
  return lines
    .map((line) =>
      line
        .map((text, k) => text.padEnd(widths[k]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** What is left of markup on a terminal. */
const plainText = (html: string): string =>
  html
    .replace(/<[^>]*>/g, "")
    .replace(/&(lt|gt|amp|quot);/g, (_, name: string) => ({ lt: "<", gt: ">", amp: "&", quot: '"' })[name]!)
    .trim();
