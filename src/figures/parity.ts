import type { Figure } from "./figure.js";
import { colorBy, GUIDE_COLOR, guide, PALETTE, quantity, SHAPES, styledFigure } from "./theme.js";

/** One label and what the potential says of it. */
export interface ParityPoint {
  readonly reference: number;
  readonly predicted: number;
  readonly group: string;
}

export interface ParityPanel {
  /** `Energy`. */
  readonly quantity: string;
  /** `eV/atom`. */
  readonly unit: string;
  readonly points: readonly ParityPoint[];
}

/** Points that fall on one dot of the print are drawn once: a force plot may have 100,000. */
const DOTS = 250;

/** Predicted against reference, one square panel per quantity, with the identity and the root mean square error. */
export function parityFigure(options: {
  readonly name: string;
  readonly caption: string;
  readonly panels: readonly ParityPanel[];
}): Figure {
  const groups = [...new Set(options.panels.flatMap(({ points }) => points.map(({ group }) => group)))].sort();
  return styledFigure(options, {
    hconcat: options.panels.map((panel) => parityPanel(panel, groups)),
    spacing: 24,
    resolve: { scale: { color: "shared" } },
  });
}

function parityPanel({ quantity: name, unit, points }: ParityPanel, groups: readonly string[]) {
  const [low, high] = extent(points.flatMap(({ reference, predicted }) => [reference, predicted]));
  const scale = { domain: [low, high], nice: false, zero: false };
  const meanSquare =
    points.reduce((sum, { reference, predicted }) => sum + (predicted - reference) ** 2, 0) / points.length;
  const axis = { tickCount: 5 };
  return {
    width: 225,
    height: 225,
    title: `${name}: RMSE ${Math.sqrt(meanSquare).toPrecision(3)} ${unit}`,
    layer: [
      {
        data: {
          values: [
            { x: low, y: low },
            { x: high, y: high },
          ],
        },
        mark: { type: "line", color: GUIDE_COLOR, strokeWidth: 1 },
        encoding: { x: guide("x"), y: guide("y") },
      },
      {
        data: { values: thinned(points, low, high) },
        mark: { type: "point", filled: true, size: 16, opacity: 0.75, clip: true },
        encoding: {
          x: quantity("reference", `DFT (${unit})`, { scale, axis }),
          y: quantity("predicted", `Potential (${unit})`, { scale, axis }),
          color: { ...colorBy("group", groups), legend: { orient: "bottom", columns: 4, symbolOpacity: 1 } },
          shape: { ...roundsOfShapes(groups), legend: { orient: "bottom", columns: 4, symbolOpacity: 1 } },
        },
      },
    ],
  };
}

/** Colors come round after a palette: then the marker changes, so that every group keeps a look of its own. */
const roundsOfShapes = (groups: readonly string[]) => ({
  field: "group",
  type: "nominal",
  title: null,
  scale: { domain: [...groups], range: groups.map((_, i) => SHAPES[Math.floor(i / PALETTE.length) % SHAPES.length]) },
});

function extent(values: readonly number[]): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const margin = 0.03 * (high - low || 1);
  return [low - margin, high + margin];
}

function thinned(points: readonly ParityPoint[], low: number, high: number): ParityPoint[] {
  const dot = (value: number): number => Math.round((DOTS * (value - low)) / (high - low));
  const drawn = new Map<string, ParityPoint>();
  for (const point of points) {
    const key = `${dot(point.reference)} ${dot(point.predicted)} ${point.group}`;
    if (!drawn.has(key))
      drawn.set(key, { reference: short(point.reference), predicted: short(point.predicted), group: point.group });
  }
  return [...drawn.values()];
}

const short = (value: number): number => Number(value.toPrecision(6));
