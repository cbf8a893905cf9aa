/** A Vega-Lite specification: plain JSON, https://vega.github.io/vega-lite/. */
export type VegaLiteSpec = Readonly<Record<string, unknown>>;

/** A picture as data: any host draws it, with caption and provenance. */
export interface Figure {
  readonly kind: "figure";
  /** File name without extension: `parity`. */
  readonly name: string;
  /** What the reader should see in it, with units and conditions; Markdown. */
  readonly caption: string;
  readonly spec: VegaLiteSpec;
}

/** One column of a table. */
export interface TableColumn {
  readonly key: string;
  /** Heading; the key when absent. */
  readonly label?: string;
  readonly unit?: string;
  /** Digits after the point. */
  readonly digits?: number;
  /** 1.2 × 10⁻³ instead of 0.0012. */
  readonly scientific?: boolean;
}

export type TableRow = Readonly<Record<string, string | number | boolean | undefined>>;

/** A table as data. */
export interface Table {
  readonly kind: "table";
  readonly name: string;
  readonly caption: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly TableRow[];
}

/** A table of records, as `objects()` of an arquero table gives them; all columns of the first row by default. */
export function table(
  rows: readonly TableRow[],
  options: { readonly name: string; readonly caption: string; readonly columns?: readonly (TableColumn | string)[] },
): Table {
  const columns = (options.columns ?? Object.keys(rows[0] ?? {})).map((column) =>
    typeof column === "string" ? { key: column } : column,
  );
  return { kind: "table", name: options.name, caption: options.caption, columns, rows };
}

export const isFigure = (value: unknown): value is Figure => hasKind(value, "figure");
export const isTable = (value: unknown): value is Table => hasKind(value, "table");

const hasKind = (value: unknown, kind: string): boolean =>
  typeof value === "object" && value !== null && (value as { kind?: unknown }).kind === kind;
