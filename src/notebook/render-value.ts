import { BUILD_DIGEST } from "../build-digest.generated.js";
import { isFigure, isTable, type Table, type TableColumn } from "../figures/figure.js";
import { type InputControl, isInputControl } from "./input-control.js";
import { escapeHtml, isMarkup, renderInlineMarkdown } from "./markup.js";
import type { Provenance } from "./stage-cache.js";

/** A table as HTML: numbers to the given digits, right-aligned; `style` gives what says so to cells of a column. */
export function renderTable({ columns, rows }: Table, style: (isNumber: boolean) => string = () => ""): string {
  const styleOf = ({ key }: TableColumn): string => style(typeof rows[0]?.[key] === "number");
  const heading = (column: TableColumn): string => {
    const { key, label = key, unit } = column;
    return `<th${styleOf(column)}>${renderInlineMarkdown(label)}${unit ? ` <span class="unit">(${escapeHtml(unit)})</span>` : ""}</th>`;
  };
  const cell = (value: unknown, column: TableColumn): string => {
    const { digits, scientific = false } = column;
    if (value === undefined || value === null) return "<td></td>";
    if (typeof value !== "number") return `<td${styleOf(column)}>${escapeHtml(String(value))}</td>`;
    return `<td class="number"${styleOf(column)}>${scientific ? formatScientific(value, digits) : formatNumber(value, digits)}</td>`;
  };
  const body = rows.map((row) => `<tr>${columns.map((column) => cell(row[column.key], column)).join("")}</tr>`);
  return `<table><thead><tr>${columns.map(heading).join("")}</tr></thead><tbody>${body.join("\n")}</tbody></table>`;
}

/** A number for people: a true minus sign, no needless digits. */
export function formatNumber(value: number, digits?: number): string {
  const text = digits === undefined ? String(Number(value.toPrecision(6))) : value.toFixed(digits);
  return text.replace(/^-/, Number(text) === 0 ? "" : "\u2212");
}

/** A number for people as 1.2 × 10⁻³. */
export function formatScientific(value: number, digits = 0): string {
  if (value === 0 || !Number.isFinite(value)) return formatNumber(value);
  const [mantissa, exponent] = value.toExponential(digits).split("e") as [string, string];
  const power = [...String(Number(exponent))].map((c) => (c === "-" ? "\u207b" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)]!)).join("");
  return `${mantissa.replace(/^-/, "\u2212")} × 10${power}`;
}

/** An input of the reader, with the value in force. */
export function renderControl(name: string, { label, value, extent, options }: InputControl): string {
  const range = extent ? `${extent[0]} to ${extent[1]}` : options ? options.join(", ") : "";
  return `<div class="input"><span class="label">${escapeHtml(label || name)}</span> <output>${escapeHtml(
    typeof value === "number" ? formatNumber(value) : String(value),
  )}</output>${range ? ` <span class="range">${escapeHtml(range)}</span>` : ""} <code>--set ${escapeHtml(name)}=&hellip;</code></div>`;
}

/** Short names of the stages behind a figure: what ran, on which engine, with which seed. */
export function provenanceLine(provenance: readonly Provenance[]): string {
  const [first] = provenance;
  if (!first) return `computed by its cell, no stage · phasecell (${BUILD_DIGEST.slice(0, 8)})`;
  const stages = provenance.map(({ stage, key }) => `${stage} ${key.slice(0, 8)}`);
  return `${stages.join(" · ")} · engine ${first.engine} · seed ${first.seed} · phasecell ${first.versions.phasecell} (${first.versions.build?.slice(0, 8)})`;
}

/** Anything else that a cell shows: markup as it is, data as text. */
export function renderPlain(value: unknown): string {
  if (isMarkup(value)) return value.html;
  if (typeof value === "string") return `<p>${escapeHtml(value)}</p>`;
  return `<pre class="value">${escapeHtml(dataText(value))}</pre>`;
}

export const isPlainDisplay = (value: unknown): boolean =>
  !isFigure(value) && !isTable(value) && !isInputControl(value);

/** Data as text: long arrays by their beginning, numbers to eight digits. */
export function dataText(value: unknown): string {
  const text = JSON.stringify(
    value,
    (_, item) => {
      if (ArrayBuffer.isView(item)) return shortArray(Array.from(item as Float64Array), item.constructor.name);
      if (typeof item === "number") return Number(item.toPrecision(8));
      return item as unknown;
    },
    2,
  );
  return text === undefined ? String(value) : text.length > 4000 ? `${text.slice(0, 4000)} ...` : text;
}

const shortArray = (values: readonly number[], name: string): string =>
  `${name}(${values.length}) ${values
    .slice(0, 8)
    .map((item) => Number(item.toPrecision(6)))
    .join(", ")}${values.length > 8 ? ", ..." : ""}`;
