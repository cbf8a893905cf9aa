import type { Figure } from "./figure.js";
import { colorBy, GUIDE_COLOR, guide, quantity, shapeBy, styled } from "./theme.js";

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
  const legend = names.length > 1 ? { orient: "top", columns: 3, symbolStrokeWidth: 2 } : null;
  const x = axis("x", options.x);
  const y = axis("y", options.y);
  const color = { ...colorBy("label", names), legend };
  const shape = { ...shapeBy("label", names), legend };
  const having = (...marks: (Series["mark"] | undefined)[]) =>
    series.filter(({ mark = "line" }) => marks.includes(mark)).flatMap(rowsOf);
  const points = having("points", "both");
  const bars = points.filter(({ error }) => error > 0);
  return {
    kind: "figure",
    name: options.name,
    caption: options.caption,
    spec: styled({
      width: 460,
      height: options.height ?? 260,
      layer: [
        ...guides.map((value) => ({
          data: { values: [{ y: value }] },
          mark: { type: "rule", color: GUIDE_COLOR, strokeDash: [4, 3] },
          encoding: { y: guide("y") },
        })),
        ...layer(having("line", "both"), { type: "line", strokeWidth: 1.6, clip: true }, { x, y, color }),
        ...layer(having("step"), { type: "line", interpolate: "step-after", strokeWidth: 1.6 }, { x, y, color }),
        ...layer(
          bars,
          { type: "rule", strokeWidth: 1.3, clip: true },
          { x, y: { ...y, field: "low" }, y2: { field: "high" }, color },
        ),
        ...layer(points, { type: "point", filled: true, size: 46, opacity: 1, clip: true }, { x, y, color, shape }),
      ],
    }),
  };
}

function rowsOf({ label, points }: Series) {
  return points.map(({ x, y, error = 0 }) => ({ label, x, y, error, low: y - 1.96 * error, high: y + 1.96 * error }));
}

const layer = (values: readonly unknown[], mark: object, encoding: object) =>
  values.length ? [{ data: { values }, mark, encoding }] : [];

const axis = (field: string, { title, log = false, zero = false, domain, tickStep }: AxisOptions) =>
  quantity(field, title, {
    scale: { ...(log ? { type: "log" } : { zero }), ...(domain ? { domain, nice: false } : { nice: !log }) },
    axis: { tickCount: log ? 5 : 6, ...(tickStep === undefined ? {} : { tickMinStep: tickStep }) },
  });
