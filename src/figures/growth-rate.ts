import type { GrowthLine, GrowthRate } from "../phase-diagram/two-phase-growth.js";
import type { Figure } from "./figure.js";
import { guide, guideLine, PALETTE, quantity, styledFigure } from "./theme.js";

/** Growth rates against temperature with the line through them; where it crosses zero the crystal melts. */
export function growthRateFigure(options: {
  readonly name: string;
  readonly caption: string;
  readonly rates: readonly GrowthRate[];
  readonly line: GrowthLine;
}): Figure {
  const { melting, slope, noise } = options.line;
  // Shares of the box per nanosecond, with the error that the diffusion of the interfaces leaves.
  const points = options.rates.map(({ temperature, rate, time }) => ({
    temperature,
    rate: 1000 * rate,
    low: 1000 * (rate - noise / Math.sqrt(time)),
    high: 1000 * (rate + noise / Math.sqrt(time)),
  }));
  const band = [melting.value - melting.error, melting.value + melting.error];
  const temperatures = [...points.map(({ temperature }) => temperature), ...band];
  const margin = 0.04 * (Math.max(...temperatures) - Math.min(...temperatures));
  const ends = [Math.min(...temperatures) - margin, Math.max(...temperatures) + margin];
  const x = quantity("temperature", "Temperature (K)", { scale: { zero: false, nice: false, domain: ends } });
  const y = quantity("rate", "Crystal growth rate (1/ns)");
  return styledFigure(options, {
    width: 460,
    height: 300,
    layer: [
      {
        data: { values: [{ low: band[0], high: band[1] }] },
        mark: { type: "rect", color: PALETTE[1], opacity: 0.18 },
        encoding: { x: guide("low"), x2: { field: "high" } },
      },
      guideLine("y", 0),
      {
        data: {
          values: ends.map((temperature) => ({
            temperature,
            rate: 1000 * slope.value * (temperature - melting.value),
          })),
        },
        mark: { type: "line", color: PALETTE[0], strokeWidth: 1.6 },
        encoding: { x, y },
      },
      {
        data: { values: points },
        mark: { type: "rule", color: PALETTE[0], strokeWidth: 1, clip: true },
        encoding: { x, y: guide("low"), y2: { field: "high" } },
      },
      {
        data: { values: points },
        mark: { type: "point", filled: true, size: 55, color: PALETTE[0], opacity: 1 },
        encoding: { x, y },
      },
      {
        data: {
          values: [
            {
              x: band[1],
              text: `${melting.value.toFixed(0)} ± ${Math.max(1, Math.round(melting.error))} K`,
            },
          ],
        },
        mark: { type: "text", align: "left", baseline: "top", dx: 6, dy: 4, color: PALETTE[1] },
        encoding: { x: guide("x"), y: { value: 4 }, text: { field: "text" } },
      },
    ],
  });
}
