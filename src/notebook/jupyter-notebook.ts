import { toCell, toNotebook } from "@observablehq/notebook-kit";
import * as v from "valibot";
import { InputError } from "../errors.js";
import { parseWith } from "../schema.js";
import type { Cell, Notebook } from "./cell.js";
import type { DocumentCell, NotebookDocument } from "./html-notebook.js";
import { fromJupyter, isNumberId, originOf, toJupyter } from "./jupyter-source.js";

/** Jupyter's MIME bundle. */
export type MimeBundle = Readonly<Record<string, unknown>>;

/** What a code cell has shown, as nbformat 4 writes it. */
export interface JupyterOutput {
  readonly output_type: "display_data";
  readonly data: MimeBundle;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** The kernel that runs our notebooks. */
export const KERNEL_SPEC = {
  display_name: "PhaseCell (TypeScript)",
  language: "typescript",
  name: "phasecell",
} as const;
const LANGUAGE_INFO = { file_extension: ".ts", mimetype: "text/x-typescript", name: "typescript" } as const;

const text = v.union([v.string(), v.array(v.string())]);
const ownCellSchema = v.looseObject({
  /** Number in the .html file of a cell whose id is none. */
  id: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  pinned: v.optional(v.boolean()),
  hidden: v.optional(v.boolean()),
  output: v.optional(v.string()),
  format: v.optional(v.string()),
  database: v.optional(v.string()),
  html: v.optional(v.string()),
});
const cellSchema = v.looseObject({
  cell_type: v.picklist(["code", "markdown", "raw"]),
  id: v.optional(v.string()),
  source: text,
  metadata: v.optional(v.looseObject({ phasecell: v.optional(ownCellSchema) }), {}),
  outputs: v.optional(v.array(v.unknown()), []),
  attachments: v.optional(v.record(v.string(), v.unknown()), {}),
});
const schema = v.looseObject({
  nbformat: v.literal(4),
  cells: v.array(cellSchema),
  metadata: v.optional(
    v.looseObject({
      kernelspec: v.optional(v.looseObject({ name: v.optional(v.string()) })),
      phasecell: v.optional(
        v.looseObject({
          title: v.optional(v.string()),
          theme: v.optional(v.union([v.string(), v.strictObject({ light: v.string(), dark: v.string() })])),
          readOnly: v.optional(v.boolean()),
          layout: v.optional(v.strictObject({ before: v.string(), after: v.string() })),
        }),
      ),
    }),
    {},
  ),
});
type NotebookJson = v.InferOutput<typeof schema>;

/** A notebook of Jupyter as a document, the kernel it names, and in words what of it the document does not hold. */
export function parseJupyterNotebook(
  json: string,
  what: string,
): { readonly document: NotebookDocument; readonly kernel: string | undefined; readonly dropped: readonly string[] } {
  const given = parseWith(schema, parseJson(json, what), what);
  const { title, theme, readOnly, layout } = given.metadata.phasecell ?? {};
  const ids = numberIds(given.cells.map(({ id, metadata }) => ({ id, number: metadata.phasecell?.id })));
  const cells = given.cells.map((cell, i) => readCell(cell, ids[i]!));
  const { cells: _, ...notebook } = toNotebook({
    title: title ?? headingOf(given.cells) ?? "Untitled",
    ...(theme === undefined ? {} : { theme: theme as Notebook["theme"] }),
    readOnly: readOnly ?? false,
  });
  return {
    document: { notebook, cells, ...(layout ? { layout } : {}) },
    kernel: given.metadata.kernelspec?.name,
    dropped: droppedFrom(given),
  };
}

function parseJson(json: string, what: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new InputError({ what, expected: "a notebook of Jupyter (JSON)" }, { cause });
  }
}

const joined = (source: string | readonly string[]): string =>
  (typeof source === "string" ? source : source.join("")).replace(/\r\n?/g, "\n");

const headingOf = (cells: NotebookJson["cells"]): string | undefined =>
  cells
    .filter(({ cell_type }) => cell_type === "markdown")
    .map(({ source }) => /^# +(.+?)\s*$/m.exec(joined(source))?.[1])
    .find((heading) => heading !== undefined);

/** A number per cell: its id where that is one, else the number it had, else the next above the largest. */
function numberIds(
  cells: readonly { readonly id: string | undefined; readonly number?: number | undefined }[],
): number[] {
  const own = cells.map(({ id, number }) => (isNumberId(id) ? Number(id) : number));
  let largest = own.reduce<number>((most, number) => Math.max(most, number ?? 0), 0);
  const taken = new Set<number>();
  return own.map((number) => {
    const free = number === undefined || taken.has(number) ? ++largest : number;
    taken.add(free);
    return free;
  });
}

function readCell(
  { cell_type: type, source: given, id, metadata }: NotebookJson["cells"][number],
  number: number,
): DocumentCell {
  const source = joined(given);
  const { mode, value } = fromJupyter({ type, source });
  const { pinned = false, hidden = false, output, format, database, html } = metadata.phasecell ?? {};
  const cell = toCell({
    id: number,
    mode,
    value,
    pinned,
    hidden,
    ...(output ? { output } : {}),
    ...(format ? { format: format as NonNullable<Cell["format"]> } : {}),
    ...(database ? { database } : {}),
  });
  const jupyter = originOf(cell, { id, type, source });
  return { cell, jupyter, ...(html === undefined ? {} : { html }) };
}

/** Writes a notebook of Jupyter, without outputs unless they are given by cell id. */
export function formatJupyterNotebook(
  { notebook, cells, layout }: NotebookDocument,
  { outputs }: { readonly outputs?: ReadonlyMap<number, readonly JupyterOutput[]> } = {},
): string {
  const { title, theme, readOnly } = notebook;
  const own = {
    title,
    ...(theme === "air" ? {} : { theme }),
    ...(readOnly ? { readOnly } : {}),
    ...(layout ? { layout } : {}),
  };
  const ids = cells.map(({ cell, jupyter }) => ({ id: jupyter.id ?? String(cell.id) }));
  const numbers = numberIds(ids);
  return toJson({
    cells: cells.map((one, i) => ({
      ...formatCell(one, one.cell.id === numbers[i] ? {} : { id: one.cell.id }, outputs?.get(one.cell.id)),
      ...ids[i],
    })),
    metadata: { kernelspec: KERNEL_SPEC, language_info: LANGUAGE_INFO, phasecell: own },
    nbformat: 4,
    nbformat_minor: 5,
  });
}

function formatCell(
  { cell, jupyter, html }: DocumentCell,
  number: { readonly id?: number },
  outputs: readonly JupyterOutput[] | undefined,
): object {
  const { type, source } = { ...toJupyter(cell), ...jupyter };
  const usual = toCell({ id: cell.id, mode: cell.mode });
  const own = {
    ...number,
    ...(cell.pinned ? { pinned: true } : {}),
    ...(cell.hidden ? { hidden: true } : {}),
    ...(cell.output === undefined ? {} : { output: cell.output }),
    ...(cell.format === usual.format ? {} : { format: cell.format }),
    ...(cell.database === usual.database ? {} : { database: cell.database }),
    ...(html === undefined ? {} : { html }),
  };
  return {
    cell_type: type,
    ...(type === "code" ? { execution_count: null, outputs: outputs ?? [] } : {}),
    metadata: {
      ...(isTucked(type, source) ? { jupyter: TUCKED } : {}),
      ...(Object.keys(own).length ? { phasecell: own } : {}),
    },
    source: source === "" ? [] : source.split(/(?<=\n)/),
  };
}

/** Front ends show such a cell without its source. */
const TUCKED = { source_hidden: true };

/** Prose that is computed stands in a code cell, whose source would show it a second time. */
const isTucked = (type: string, source: string): boolean => type === "code" && source.startsWith("%%");

/** As nbformat writes: keys in order, one space a level, so that a notebook saved by Jupyter differs little. */
function toJson(value: unknown): string {
  const sorted = (_: string, item: unknown): unknown =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item;
  return `${JSON.stringify(value, sorted, 1)}\n`;
}

const OWN_KEYS: ReadonlySet<string> = new Set(["kernelspec", "language_info", "phasecell"]);

function droppedFrom({ cells, metadata }: NotebookJson): string[] {
  const count = (what: string, having: readonly unknown[]): string[] =>
    having.length ? [`${what} of ${having.length} ${having.length === 1 ? "cell" : "cells"}`] : [];
  const foreignKeys = ({ cell_type: type, source, metadata: given }: NotebookJson["cells"][number]): string[] =>
    Object.keys(given).filter(
      (key) =>
        key !== "phasecell" &&
        !(key === "jupyter" && isTucked(type, joined(source)) && JSON.stringify(given[key]) === JSON.stringify(TUCKED)),
    );
  const cellKeys = [...new Set(cells.flatMap(foreignKeys))];
  const kernel = metadata.kernelspec?.name;
  return [
    ...count(
      "outputs",
      cells.filter(({ outputs }) => outputs.length),
    ),
    ...count(
      "attachments",
      cells.filter(({ attachments }) => Object.keys(attachments).length),
    ),
    ...cellKeys.flatMap((key) =>
      count(
        `metadata ${key}`,
        cells.filter((cell) => foreignKeys(cell).includes(key)),
      ),
    ),
    ...Object.keys(metadata)
      .filter((key) => !OWN_KEYS.has(key))
      .map((key) => `metadata ${key} of the notebook`),
    ...(kernel === undefined || kernel === KERNEL_SPEC.name ? [] : [`kernel ${kernel}`]),
    ...count(
      "no id",
      cells.filter(({ id }) => id === undefined),
    ).map((line) => `${line}: numbered`),
  ];
}
