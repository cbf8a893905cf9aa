import type { PhononDispersion } from "../properties/phonon-dispersion.js";
import type { DensityOfStates } from "../properties/phonon-mesh.js";
import type { Figure } from "./figure.js";
import { GUIDE_COLOR, guideLine, PALETTE, styledFigure } from "./theme.js";

const HEIGHT = 300;

/** Phonon dispersion along a path, with the density of states beside it on the same axis of frequencies. */
export function phononFigure(options: {
  readonly name: string;
  readonly caption: string;
  readonly dispersion: PhononDispersion;
  readonly density?: DensityOfStates;
  /** Frequencies to compare with, from experiment say: `distance` 1/A along the path, `frequency` THz. */
  readonly measured?: readonly { readonly distance: number; readonly frequency: number }[];
}): Figure {
  const { dispersion, density, measured = [] } = options;
  const { distances, frequencies, branches, ticks, starts } = dispersion;
  const [low, high] = [...frequencies, ...measured.map(({ frequency }) => frequency)].reduce(
    ([a, b], f) => [Math.min(a, f), Math.max(b, f)],
    [0, 0] as [number, number],
  );
  const scale = { domain: [low < -0.05 ? 1.05 * low : 0, 1.04 * high], nice: false };
  const lines = Array.from(frequencies, (frequency, mode) => {
    const sample = Math.floor(mode / branches);
    const line = starts.findLastIndex((start) => start <= sample);
    return { distance: distances[sample]!, frequency, branch: `${line} ${mode % branches}` };
  });
  const path = distances[distances.length - 1]!;
  const frequency = {
    field: "frequency",
    type: "quantitative",
    title: "Frequency (THz)",
    scale,
    axis: { tickCount: 8 },
  };
  const bands = {
    width: 440,
    height: HEIGHT,
    layer: [
      {
        data: { values: ticks.slice(1, -1).map(({ distance }) => ({ distance })) },
        mark: { type: "rule", color: GUIDE_COLOR, strokeWidth: 0.7 },
        encoding: { x: { field: "distance", type: "quantitative" } },
      },
      ...zeroLine(low),
      {
        data: { values: lines },
        mark: { type: "line", strokeWidth: 1.5, color: PALETTE[0], clip: true },
        encoding: {
          x: {
            field: "distance",
            type: "quantitative",
            title: null,
            scale: { domain: [0, path], nice: false, zero: false },
            axis: {
              values: ticks.map(({ distance }) => distance),
              labelExpr: labelExpression(ticks),
              labelOverlap: false,
            },
          },
          y: frequency,
          detail: { field: "branch", type: "nominal" },
        },
      },
      ...(measured.length === 0
        ? []
        : [
            {
              data: { values: measured },
              mark: { type: "point", filled: true, size: 34, opacity: 1, color: PALETTE[1] },
              encoding: { x: { field: "distance", type: "quantitative" }, y: frequency },
            },
          ]),
    ],
  };
  if (density === undefined) return styledFigure(options, bands);
  const beside = {
    width: 110,
    height: HEIGHT,
    layer: [
      ...zeroLine(low),
      {
        data: {
          values: Array.from(density.frequencies, (frequency, order) => ({
            frequency,
            density: density.values[order]!,
            order,
          })).filter(({ frequency }) => frequency >= scale.domain[0]! && frequency <= scale.domain[1]!),
        },
        mark: { type: "line", strokeWidth: 1.3, color: PALETTE[0] },
        encoding: {
          x: {
            field: "density",
            type: "quantitative",
            title: "States (1/THz/atom)",
            scale: { nice: true, zero: true },
            axis: { tickCount: 3 },
          },
          y: { ...frequency, title: null, axis: { labels: false, tickCount: 8 } },
          order: { field: "order", type: "quantitative" },
        },
      },
    ],
  };
  return styledFigure(options, { spacing: 12, hconcat: [bands, beside] });
}

/** Where something is unstable, the line between real and imaginary. */
const zeroLine = (low: number) => (low < -0.05 ? [guideLine("y", 0, "dashed")] : []);

/** Vega's labels of an axis come from its values: the name of the nearest tick. */
const labelExpression = (ticks: PhononDispersion["ticks"]): string =>
  ticks.reduceRight(
    (rest, { label, distance }) =>
      `abs(datum.value - ${distance}) < 1e-6 ? '${label.replace(/['\\]/g, "\\$&")}' : ${rest}`,
    "''",
  );
