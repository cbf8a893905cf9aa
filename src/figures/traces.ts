import type { Figure } from "./figure.js";
import { colorBy, guideLine, PALETTE, quantity, styledFigure } from "./theme.js";

/** One quantity of a run over time. */
export interface Trace {
  /** Axis title with unit: `Temperature (K)`. */
  readonly title: string;
  readonly values: ArrayLike<number>;
  /** A value to aim at, drawn as a line. */
  readonly target?: number;
}

const MOST_POINTS = 600;

/** What a run did: one panel per quantity over a common time axis [ps]. */
export function tracesFigure(options: {
  readonly name: string;
  readonly caption: string;
  /** ps. */
  readonly time: ArrayLike<number>;
  readonly traces: readonly Trace[];
}): Figure {
  const { time, traces } = options;
  const stride = Math.max(1, Math.ceil(time.length / MOST_POINTS));
  return styledFigure(options, {
    spacing: 16,
    bounds: "flush",
    vconcat: traces.map(({ title, values, target }, panel) => ({
      width: 500,
      height: 110,
      layer: [
        {
          data: { values: points(time, values, stride) },
          mark: { type: "line", strokeWidth: 1, color: PALETTE[panel % PALETTE.length] },
          encoding: {
            x: quantity("x", panel === traces.length - 1 ? "Time (ps)" : "", {
              scale: { nice: false, zero: false },
              axis: { labels: panel === traces.length - 1, tickCount: 8 },
            }),
            y: quantity("y", title, { axis: { tickCount: 4 } }),
          },
        },
        ...(target === undefined ? [] : [guideLine("y", target, "dashed")]),
      ],
    })),
  });
}

function points(x: ArrayLike<number>, y: ArrayLike<number>, stride: number): { x: number; y: number }[] {
  const found: { x: number; y: number }[] = [];
  for (let i = 0; i < x.length; i += stride)
    found.push({ x: Number(x[i]!.toPrecision(7)), y: Number(y[i]!.toPrecision(7)) });
  return found;
}

/** g(r) of one or several runs. */
export function radialDistributionFigure(options: {
  readonly name: string;
  readonly caption: string;
  readonly series: readonly { readonly label: string; readonly r: ArrayLike<number>; readonly g: ArrayLike<number> }[];
}): Figure {
  const names = options.series.map(({ label }) => label);
  return styledFigure(options, {
    width: 460,
    height: 260,
    layer: [
      guideLine("y", 1, "dashed"),
      {
        data: {
          values: options.series.flatMap(({ label, r, g }) => points(r, g, 1).map((point) => ({ ...point, label }))),
        },
        mark: { type: "line", strokeWidth: 1.5 },
        encoding: {
          x: quantity("x", "r (Å)", { scale: { nice: false, zero: false } }),
          y: quantity("y", "g(r)"),
          color: { ...colorBy("label", names), ...(names.length > 1 ? {} : { legend: null }) },
        },
      },
    ],
  });
}
