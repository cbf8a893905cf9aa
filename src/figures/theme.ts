import type { Figure, VegaLiteSpec } from "./figure.js";

/** Okabe and Ito's colors, told apart with any color vision (Wong, Nature Methods 8, 441 (2011)). */
export const PALETTE = [
  "#0072b2",
  "#d55e00",
  "#009e73",
  "#cc79a7",
  "#e69f00",
  "#56b4e9",
  "#000000",
  "#8c6d31",
] as const;

/** Marker shapes, so that series differ in print without color too. */
export const SHAPES = [
  "circle",
  "square",
  "diamond",
  "triangle-up",
  "cross",
  "triangle-down",
  "circle",
  "square",
] as const;

/** Lines that are not data: identity, zero, guides. */
export const GUIDE_COLOR = "#8c959f";

const FONT = "Helvetica Neue, Helvetica, Arial, sans-serif";
const INK = "#1b1f24";

/** Fonts, axes and colors of every figure. */
const CONFIG = {
  background: "#ffffff",
  font: FONT,
  view: { stroke: INK, strokeWidth: 0.8 },
  axis: {
    labelColor: INK,
    titleColor: INK,
    labelFontSize: 12,
    titleFontSize: 13,
    titleFontWeight: "normal",
    titlePadding: 8,
    grid: false,
    domain: false,
    tickColor: INK,
    tickSize: 4,
    tickWidth: 0.8,
    labelPadding: 4,
    labelFlush: false,
  },
  legend: {
    labelColor: INK,
    titleColor: INK,
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: "normal",
    symbolSize: 60,
    labelLimit: 320,
    rowPadding: 3,
  },
  title: { color: INK, fontSize: 13, fontWeight: "normal", anchor: "start", offset: 6 },
  text: { color: INK, fontSize: 12, font: FONT },
  // 2000 K, not 2,000 K: a comma is a decimal sign to half of the readers (SI Brochure, 5.4.4).
  locale: { number: { decimal: ".", thousands: "", grouping: [3], currency: ["", ""] } },
  range: { category: [...PALETTE] },
};

/** A specification with the house style and a white margin. */
const styled = (spec: VegaLiteSpec): VegaLiteSpec => ({
  $schema: "https://vega.github.io/schema/vega-lite/v6.json",
  padding: 6,
  config: CONFIG,
  ...spec,
});

/** A figure in the house style. */
export const styledFigure = (of: { readonly name: string; readonly caption: string }, spec: VegaLiteSpec): Figure => ({
  kind: "figure",
  name: of.name,
  caption: of.caption,
  spec: styled(spec),
});

/** A quantitative channel with a title like `Volume (A³/atom)`; the scale need not contain zero. */
export const quantity = (field: string, title: string, more: Readonly<Record<string, unknown>> = {}) => ({
  field,
  type: "quantitative",
  title,
  scale: { zero: false, nice: true },
  axis: { tickCount: 6 },
  ...more,
});

/** The same channel for a guide that adds nothing to the axis. */
export const guide = (field: string) => ({ field, type: "quantitative", title: "" });

/** A line across the frame at a value of x or y. */
export const guideLine = (channel: "x" | "y", value: number, style: "plain" | "dashed" = "plain") => ({
  data: { values: [{ [channel]: value }] },
  mark: { type: "rule", color: GUIDE_COLOR, ...(style === "dashed" ? { strokeDash: [4, 3] } : {}) },
  encoding: { [channel]: guide(channel) },
});

/** Color and shape by a name, in the order of `names`. */
export const colorBy = (field: string, names: readonly string[], title: string | null = null) => ({
  field,
  type: "nominal",
  title,
  scale: { domain: [...names], range: names.map((_, i) => PALETTE[i % PALETTE.length]) },
});

export const shapeBy = (field: string, names: readonly string[], title: string | null = null) => ({
  field,
  type: "nominal",
  title,
  scale: { domain: [...names], range: names.map((_, i) => SHAPES[i % SHAPES.length]) },
});
