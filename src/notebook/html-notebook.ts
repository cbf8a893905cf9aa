import { toCell, toNotebook } from "@observablehq/notebook-kit";
import { InputError } from "../errors.js";
import { type Cell, cellLabel, type Notebook } from "./cell.js";
import { decodeEntities, type HtmlElement, scanHtml } from "./html-scanner.js";
import { type JupyterOrigin, originOf } from "./jupyter-source.js";

/** A cell of a notebook file with what the other format wants to find again. */
export interface DocumentCell {
  readonly cell: Cell;
  readonly jupyter: JupyterOrigin;
  /** Its text in the .html file, from the end of the cell before it, where it is not the usual one. */
  readonly html?: string;
}

/** A notebook file, in either format, with nothing lost. */
export interface NotebookDocument {
  readonly notebook: Omit<Notebook, "cells">;
  readonly cells: readonly DocumentCell[];
  /** Text of the .html file before the first and after the last cell, where it is not the usual one. */
  readonly layout?: { readonly before: string; readonly after: string };
}

const MODE_OF_TYPE: Readonly<Record<string, Cell["mode"]>> = {
  "text/markdown": "md",
  "text/html": "html",
  "application/x-tex": "tex",
  "application/sql": "sql",
  "text/vnd.graphviz": "dot",
  "application/vnd.node.javascript": "node",
  "text/x-python": "python",
  "text/x-r": "r",
  "application/vnd.observable.javascript": "ojs",
  "text/x-typescript": "ts",
};
const typeOfMode = (mode: Cell["mode"]): string =>
  Object.keys(MODE_OF_TYPE).find((type) => MODE_OF_TYPE[type] === mode) ?? "module";

/** Reads Observable's .html format as `deserialize` of notebook-kit does, and remembers how the file was laid out. */
export function parseHtmlNotebook(html: string, what: string, ids: Ids = createIds()): NotebookDocument {
  const cells: DocumentCell[] = [];
  let opening: HtmlElement | undefined;
  let title: string | undefined;
  let inside = false;
  let firstCell: number | undefined;
  let lastToken = 0;
  let lastCell = 0;
  for (const element of scanHtml(html)) {
    if (element.name === "notebook") {
      opening ??= element;
      inside = true;
    } else if (element.name === "/notebook") inside = false;
    else if (element.name === "title") title ??= decodeEntities(element.text!);
    else if (element.name === "script" && inside) {
      firstCell ??= lastToken;
      cells.push(readCell(element, ids, html.slice(cells.length ? lastCell : firstCell, element.end)));
      lastCell = element.end;
    }
    if (element.name !== "/notebook") lastToken = element.end;
  }
  if (!opening) throw new InputError({ what, expected: "a notebook in Observable's format: <notebook>...</notebook>" });
  const { cells: _, ...notebook } = toNotebook({
    ...(title === undefined ? {} : { title }),
    theme: readTheme(opening.attributes.get("theme")),
    readOnly: opening.attributes.has("readonly"),
  });
  const layout = {
    before: html.slice(0, firstCell ?? lastToken),
    after: html.slice(cells.length ? lastCell : lastToken),
  };
  const usual = layout.before === usualBefore(notebook) && layout.after === USUAL_AFTER;
  return { notebook, cells, ...(usual ? {} : { layout }) };
}

function readCell({ attributes, text }: HtmlElement, ids: Ids, html: string): DocumentCell {
  const mode = MODE_OF_TYPE[attributes.get("type") ?? ""] ?? "js";
  const [format, output, database] = ["format", "output", "database"].map((name) => attributes.get(name));
  const cell = toCell({
    id: ids.take(attributes.get("id") ?? ""),
    mode,
    value: dedent(text!.replace(/<\\(?=\\*\/script(\s|>))/gi, "<")),
    pinned: attributes.has("pinned"),
    hidden: attributes.has("hidden"),
    ...(format ? { format: format as NonNullable<Cell["format"]> } : {}),
    ...(output ? { output } : {}),
    ...(database ? { database } : {}),
  });
  const [id, type, source] = ORIGIN_KEYS.map((key) => attributes.get(`data-jupyter-${key}`));
  const origin = originOf(cell, { id: id !== undefined && ids.takeName(id) ? id : undefined, type, source });
  const read = { cell, jupyter: origin };
  return html === usualCell(read) ? read : { ...read, html };
}

const ORIGIN_KEYS = ["id", "type", "source"] as const;

interface Ids {
  take(given: string): number;
  /** False for a name that was there before. */
  takeName(name: string): boolean;
  copy(): Ids;
}

/** Ids as notebook-kit gives them: a positive whole number not seen before, else the next above the largest. */
function createIds(seen: Iterable<number> = [], seenNames: Iterable<string> = []): Ids {
  const taken = new Set(seen);
  const names = new Set(seenNames);
  let largest = Math.max(0, ...taken);
  return {
    copy: () => createIds(taken, names),
    takeName: (name) => !names.has(name) && names.add(name).has(name),
    take(given) {
      let id = Math.floor(Number(given));
      if (!Number.isFinite(id) || id <= 0 || taken.has(id)) id = largest + 1;
      largest = Math.max(largest, id);
      taken.add(id);
      return id;
    },
  };
}

function readTheme(text = "air"): Notebook["theme"] {
  const theme = text.trim().toLowerCase();
  const both = /^light-dark\(([\w-]+),\s*([\w-]+)\)$/.exec(theme);
  return both ? ({ light: both[1], dark: both[2] } as Notebook["theme"]) : (theme as Notebook["theme"]);
}

/**
 * Writes the .html format. Text that the file had is used where it still means the same; InputError for a source that
 * the format cannot hold.
 */
export function formatHtmlNotebook(document: NotebookDocument): string {
  const kept = assemble(document, true);
  if (meansSame(kept, document)) return kept;
  const usual = assemble(document, false);
  if (meansSame(usual, document)) return usual;
  const found = parseHtmlNotebook(usual, "notebook").cells;
  const lost = document.cells.find((cell, i) => meaning(cell) !== (found[i] && meaning(found[i])));
  throw new InputError({
    what: lost ? cellLabel(lost.cell) : "notebook",
    value: lost?.cell.value.slice(0, 60),
    expected: "a source without carriage returns, null characters and script tags inside comments",
  });
}

function assemble({ notebook, cells, layout }: NotebookDocument, keep: boolean): string {
  const { before, after } = keep && layout ? layout : { before: usualBefore(notebook), after: USUAL_AFTER };
  let ids = createIds();
  const parts = cells.map((one) => {
    const kept = keep && one.html !== undefined ? ids.copy() : undefined;
    if (kept && meaningAlone(one.html!, kept) === meaning(one)) {
      ids = kept;
      return one.html!;
    }
    const usual = usualCell(one);
    meaningAlone(usual, ids);
    return usual;
  });
  return before + parts.join("") + after;
}

/** What the text of one cell means after the cells that `ids` has seen. */
function meaningAlone(html: string, ids: Ids): string | undefined {
  const { cells } = parseHtmlNotebook(`<notebook>${html}</notebook>`, "cell", ids);
  return cells.length === 1 ? meaning(cells[0]!) : undefined;
}

const meaning = ({ cell, jupyter }: DocumentCell): string =>
  JSON.stringify([
    ...[cell.id, cell.mode, cell.value, cell.pinned, cell.hidden, cell.format, cell.output, cell.database],
    ...[jupyter.id, jupyter.type, jupyter.source],
  ]);

function meansSame(html: string, { notebook, cells }: NotebookDocument): boolean {
  const found = parseHtmlNotebook(html, "notebook");
  const head = ({ title, theme, readOnly }: Omit<Notebook, "cells">): string =>
    JSON.stringify([title, theme, readOnly]);
  return (
    head(found.notebook) === head(notebook) &&
    found.cells.length === cells.length &&
    found.cells.every((cell, i) => meaning(cell) === meaning(cells[i]!))
  );
}

const USUAL_AFTER = "\n</notebook>\n";

function usualBefore({ title, theme, readOnly }: Omit<Notebook, "cells">): string {
  const text = typeof theme === "string" ? theme : `light-dark(${theme.light}, ${theme.dark})`;
  return `<!doctype html>\n<notebook theme="${escapeAttribute(text)}"${readOnly ? " readonly" : ""}>\n  <title>${title
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")}</title>`;
}

function usualCell({ cell, jupyter }: DocumentCell): string {
  const attribute = (name: string, value: string | undefined): string =>
    value === undefined ? "" : ` ${name}="${escapeAttribute(value)}"`;
  const open = [
    `<script id="${cell.id}" type="${typeOfMode(cell.mode)}"`,
    cell.pinned ? " pinned" : "",
    cell.hidden ? " hidden" : "",
    attribute("database", cell.database),
    attribute("output", cell.output),
    attribute("format", cell.format),
    ...ORIGIN_KEYS.map((key) => attribute(`data-jupyter-${key}`, jupyter[key])),
  ].join("");
  return `\n  ${open}>${indent(cell.value.replace(/<(?=\\*\/script(\s|>))/gi, "<\\"))}</script>`;
}

const escapeAttribute = (text: string): string => text.replace(/&/g, "&amp;").replace(/"/g, "&quot;");

function dedent(text: string): string {
  const lines = text.split(/\r\n?|\n/);
  if (/^\s*$/.test(lines.at(-1)!)) lines.pop();
  if (lines.length && /^\s*$/.test(lines[0]!)) lines.shift();
  return lines.map((line) => line.replace(/^ {4}/, "")).join("\n");
}

const indent = (text: string): string =>
  `\n${text
    .split("\n")
    .map((line) => (line === "" ? "" : `    ${line}`))
    .join("\n")}\n  `;
