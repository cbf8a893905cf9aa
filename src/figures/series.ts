import type { Figure } from "./figure.js";
import { colorBy, guideLine, quantity, SHAPES, styledFigure } from "./theme.js";

/** A point of a series; `error` is one standard deviation of y. */
export interface SeriesPoint {
  readonly x: number;
  readonly y: number;
  readonly error?: number;
}

export interface Series {
  readonly label: string;
  readonly points: readonly SeriesPoint[];
  /** "line" (default), "points" for what was measured, "both", or "step" for counts. */
  readonly mark?: "line" | "points" | "both" | "step";
}

export interface AxisOptions {
  /** `Volume (Å³/atom)`. */
  readonly title: string;
  readonly log?: boolean;
  /** The axis starts at zero; false by default. */
  readonly zero?: boolean;
  readonly domain?: readonly [number, number];
  /** The least distance between ticks; 1 for counts. */
  readonly tickStep?: number;
}

const EXPONENT = "format(round(log(datum.value) / LN10), 'd')";
/** Labels of a wide logarithmic axis: 10⁻³ at whole powers, nothing between. */
const POWER_OF_TEN = `abs(log(datum.value) / LN10 - round(log(datum.value) / LN10)) < 1e-6 ? '10' + ${[
  ..."0123456789",
  "\u2212",
].reduce((text, digit, k) => `replace(${text}, regexp('${digit}', 'g'), '${"⁰¹²³⁴⁵⁶⁷⁸⁹⁻"[k]}')`, EXPONENT)} : ''`;

/** What the legend shows for a line without points. */
const DASH = "M-1.4,-0.18H1.4V0.18H-1.4Z";

/** Curves and points over a common axis, with error bars of 95% where points have errors. */
export function seriesFigure(options: {
  readonly name: string;
  readonly caption: string;
  readonly x: AxisOptions;
  readonly y: AxisOptions;
  readonly series: readonly Series[];
  /** Values of y to compare with, drawn as dashed lines. */
  readonly guides?: readonly number[];
  readonly height?: number;
}): Figure {
  const { series, guides = [] } = options;
  const names = series.map(({ label }) => label);
  const columns = names.length === 4 && names.join("").length < 48 ? 4 : 3;
  const legend = names.length > 1 ? { orient: "top", columns, symbolStrokeWidth: 2 } : null;
  const all = series.flatMap(({ points }) => points);
  const x = axis(
    "x",
    options.x.log
      ? {
          domain: extent(
            all.map(({ x }) => x),
            1,
          ),
          ...options.x,
        }
      : options.x,
  );
  const heights = [...guides, ...all.map(({ y }) => y)];
  const y = axis("y", options.y.log ? { domain: extent(heights, 1.4), ...options.y } : options.y);
  const floor = options.y.log ? y.scale.domain![0]! / 10 : Number.NEGATIVE_INFINITY;
  const color = { ...colorBy("label", names), legend };
  const shapes = series.map(({ mark = "line" }, i) =>
    mark === "line" || mark === "step" ? DASH : SHAPES[i % SHAPES.length],
  );
  const shape = { field: "label", type: "nominal", title: null, scale: { domain: names, range: shapes }, legend };
  const having = (...marks: (Series["mark"] | undefined)[]) =>
    series.filter(({ mark = "line" }) => marks.includes(mark)).flatMap((one) => rowsOf(one, floor));
  // Points on the frame are drawn whole; those beyond a frame that was asked for are not.
  const cut = (options.x.domain ?? options.y.domain) !== undefined;
  // A line joins its points as they are given, not from left to right.
  const order = { field: "order", type: "quantitative" };
  const points = having("points", "both");
  const bars = points.filter(({ error }) => error > 0);
  return styledFigure(options, {
    width: 460,
    height: options.height ?? 260,
    layer: [
      ...guides.map((value) => guideLine("y", value, "dashed")),
      ...layer(having("line", "both"), { type: "line", strokeWidth: 1.6, clip: true }, { x, y, color, order }),
      ...layer(having("step"), { type: "line", interpolate: "step-after", strokeWidth: 1.6 }, { x, y, color }),
      ...layer(
        bars,
        { type: "rule", strokeWidth: 1.3, clip: true },
        { x, y: { ...y, field: "low" }, y2: { field: "high" }, color },
      ),
      ...layer(points, { type: "point", filled: true, size: 46, opacity: 1, clip: cut }, { x, y, color, shape }),
    ],
  });
}

function rowsOf({ label, points }: Series, floor: number) {
  return points.map(({ x, y, error = 0 }, order) => {
    const [low, high] = [Math.max(floor, y - 1.96 * error), y + 1.96 * error];
    return { label, x, y, error, low, high, order };
  });
}

/** Around the positive values alone: on a logarithmic axis a bar that reaches below zero ends at the frame. */
function extent(values: readonly number[], margin: number): readonly [number, number] {
  const positive = values.filter((value) => value > 0);
  return [Math.min(...positive) / margin, margin * Math.max(...positive)];
}

const layer = (values: readonly unknown[], mark: object, encoding: object) =>
  values.length ? [{ data: { values }, mark, encoding }] : [];

function axis(field: string, { title, log = false, zero = false, domain, tickStep }: AxisOptions) {
  const wide = log && domain !== undefined && domain[1] > 2e3 * domain[0];
  return {
    ...quantity(field, title),
    scale: { ...(log ? { type: "log" } : { zero }), nice: !log && !domain, ...(domain ? { domain } : {}) },
    axis: {
      tickCount: log ? 5 : 6,
      ...(wide ? { labelExpr: POWER_OF_TEN } : {}),
      ...(tickStep === undefined ? {} : { tickMinStep: tickStep }),
    },
  };
}
