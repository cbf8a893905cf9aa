import type { Figure } from "./figure.js";
import { styledFigure } from "./theme.js";

/** Numbers of a table as colors, rows by columns: blue below zero, red above, white at zero where both occur. */
export function heatMapFigure(options: {
  readonly name: string;
  readonly caption: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** [rows][columns]. */
  readonly values: readonly ArrayLike<number>[];
  /** What the colors mean: `Change (standard deviations)`. */
  readonly title: string;
  readonly rowTitle?: string;
  readonly columnTitle?: string;
  /** Writes the numbers into the cells, with so many digits. */
  readonly digits?: number;
  /** Largest |value| of the scale; the largest there is by default. */
  readonly limit?: number;
}): Figure {
  const { rows, columns, values, digits } = options;
  const cells = rows.flatMap((row, i) =>
    columns.map((column, j) => ({ row, column, value: Number(values[i]![j]!.toPrecision(4)) })),
  );
  const [least, most] = cells.reduce(
    ([low, high], { value }) => [Math.min(low, value), Math.max(high, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  const limit = options.limit ?? Math.max(Math.abs(least), Math.abs(most));
  const scale =
    least < 0
      ? { domain: [-limit, 0, limit], range: ["#0072b2", "#f7f7f7", "#d55e00"], clamp: true }
      : { domain: [0, limit], range: ["#f7f7f7", "#0072b2"], clamp: true };
  const step = Math.max(13, Math.min(64, Math.floor(440 / columns.length)));
  const x = { field: "column", type: "nominal", sort: null, title: options.columnTitle ?? null };
  const y = { field: "row", type: "nominal", sort: null, title: options.rowTitle ?? null };
  const ticks = { domain: false, ticks: false };
  const wide = columns.some((column) => 7 * column.length > step);
  const angle = step < 40 ? { labelAngle: -90 } : wide ? { labelAngle: -35 } : { labelAngle: 0 };
  const color = {
    field: "value",
    type: "quantitative",
    title: options.title,
    scale,
    legend: { orient: "top", gradientLength: 220, titleOrient: "left", titlePadding: 8, titleLimit: 320 },
  };
  const ink = { condition: { test: `abs(datum.value) > ${0.6 * limit}`, value: "#ffffff" }, value: "#1b1f24" };
  return styledFigure(options, {
    width: { step },
    height: { step: Math.max(22, Math.min(step, 40)) },
    data: { values: cells },
    encoding: { x: { ...x, axis: { ...ticks, ...angle } }, y: { ...y, axis: ticks } },
    layer: [
      { mark: { type: "rect" }, encoding: { color } },
      ...(digits === undefined
        ? []
        : [
            {
              mark: { type: "text", fontSize: 11 },
              encoding: { text: { field: "value", type: "quantitative", format: `.${digits}f` }, color: ink },
            },
          ]),
    ],
  });
}
