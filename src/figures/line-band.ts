import type { PhaseWindow } from "../phase-diagram/phase-data.js";
import type { PhaseLine } from "../phase-diagram/phase-lines.js";

/** A frame of a temperature-pressure diagram in pixels: pressure to the right, temperature up. */
export interface DiagramFrame {
  readonly window: PhaseWindow;
  readonly width: number;
  readonly height: number;
}

/** A place of a band. */
export interface BandPlace {
  readonly temperature: number;
  readonly pressure: number;
  readonly order: number;
  /** Pixels across the line. */
  readonly across: number;
}

/**
 * The band of 95% along a line, as wide across the line as it is drawn, so that steep and flat pieces have the band that they
 * should: with errors x of P and y of T in pixels the line is off by xy / sqrt(x^2 + y^2) across itself.
 */
export function bandAlong({ points }: PhaseLine, { window, width, height }: DiagramFrame): BandPlace[] {
  const toRight = width / (window.pressure[1] - window.pressure[0]);
  const up = height / (window.temperature[1] - window.temperature[0]);
  return points.map(({ temperature, pressure }, order) => {
    const [x, y] = [toRight * pressure.error, up * temperature.error];
    const across = x > 0 && y > 0 ? (2 * 1.96 * x * y) / Math.hypot(x, y) : 0;
    return { temperature: temperature.value, pressure: pressure.value, order, across };
  });
}
