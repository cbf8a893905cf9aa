import type { Figure } from "./figure.js";
import { GUIDE_COLOR, PALETTE, quantity, styledFigure } from "./theme.js";

/** A place where two phases have the same Gibbs energy. */
export interface BoundaryPoint {
  /** K. */
  readonly temperature: number;
  /** GPa. */
  readonly pressure: number;
  /** One standard deviation of the pressure [GPa]. */
  readonly uncertainty?: number;
}

const WIDTH = 460;
const HEIGHT = 300;

/** A phase's name at the left edge, above or below the boundary. */
const label = (text: string, y: number) => ({
  data: { values: [{ text }] },
  mark: { type: "text", fontSize: 15, fontStyle: "italic", align: "left" },
  encoding: { x: { value: 14 }, y: { value: y }, text: { field: "text" } },
});

/** The boundary of two phases in T and P: crossings of G with error bars (95%), and the Clausius-Clapeyron line. */
export function phaseDiagramFigure(options: {
  readonly name: string;
  readonly caption: string;
  readonly crossings: readonly BoundaryPoint[];
  /** The integrated slope; its uncertainty is a band (95%). */
  readonly clausiusClapeyron?: readonly BoundaryPoint[];
  /** Transition at rest, from static enthalpies [GPa]. */
  readonly staticPressure?: number;
  /** Names of the phases on both sides of the boundary. */
  readonly phases?: { readonly below: string; readonly above: string };
}): Figure {
  const CROSSINGS = "crossing of G";
  const LINE = "Clausius-Clapeyron";
  const STATIC = "static (0 K, no zero point)";
  const line = options.clausiusClapeyron ?? [];
  const names = [CROSSINGS, ...(line.length ? [LINE] : []), ...(options.staticPressure === undefined ? [] : [STATIC])];
  const color = {
    datum: "",
    type: "nominal",
    title: null,
    legend: { orient: "top", columns: 3 },
    scale: {
      domain: names,
      range: names.map((name) => (name === CROSSINGS ? PALETTE[1] : name === LINE ? PALETTE[0] : GUIDE_COLOR)),
    },
  };
  const rows = (points: readonly BoundaryPoint[]) =>
    points.map(({ temperature, pressure, uncertainty = 0 }) => ({
      temperature,
      pressure,
      low: pressure - 1.96 * uncertainty,
      high: pressure + 1.96 * uncertainty,
    }));
  const hottest = Math.max(...[...options.crossings, ...line].map(({ temperature }) => temperature));
  const x = quantity("temperature", "Temperature (K)", { scale: { domain: [0, 1.08 * hottest], nice: false } });
  const scale = { zero: false, nice: true, padding: 36 };
  const y = quantity("pressure", "Pressure (GPa)", { scale });
  const band = quantity("low", "Pressure (GPa)", { scale });
  return styledFigure(options, {
    width: WIDTH,
    height: HEIGHT,
    layer: [
      {
        data: { values: rows(line) },
        mark: { type: "area", opacity: 0.15, color: PALETTE[0], line: false },
        encoding: { x, y: band, y2: { field: "high" } },
      },
      {
        data: { values: rows(line) },
        mark: { type: "line", strokeWidth: 1.8 },
        encoding: { x, y, color: { ...color, datum: LINE } },
      },
      ...(options.staticPressure === undefined
        ? []
        : [
            {
              data: { values: [{ pressure: options.staticPressure }] },
              mark: { type: "rule", strokeDash: [5, 4], strokeWidth: 1.2 },
              encoding: { y, color: { ...color, datum: STATIC } },
            },
          ]),
      {
        data: { values: rows(options.crossings) },
        mark: { type: "rule", strokeWidth: 1.4 },
        encoding: { x, y: band, y2: { field: "high" }, color: { ...color, datum: CROSSINGS } },
      },
      {
        data: { values: rows(options.crossings) },
        mark: { type: "point", filled: true, size: 60, opacity: 1 },
        encoding: { x, y, color: { ...color, datum: CROSSINGS } },
      },
      ...(options.phases ? [label(options.phases.below, HEIGHT - 18), label(options.phases.above, 18)] : []),
    ],
  });
}
