import type { PhaseWindow } from "../phase-diagram/phase-data.js";
import type { PhaseLine } from "../phase-diagram/phase-lines.js";

/** A frame of a temperature-pressure diagram in pixels: pressure to the right, temperature up. */
export interface DiagramFrame {
  readonly window: PhaseWindow;
  readonly width: number;
  readonly height: number;
}

/** A corner of a polygon. */
export interface BandCorner {
  readonly temperature: number;
  readonly pressure: number;
  readonly order: number;
}

/**
 * The band of 95% around a line, as a polygon: each point moved both ways across the line as it is drawn, so that steep
 * and flat pieces have the band that they should. With errors x of P and y of T in pixels the line is off by
 * xy / sqrt(x^2 + y^2) across itself. Where the line leaves the window the band goes on as far as it is wide, for the
 * frame to cut.
 */
export function bandAround({ points, ends }: PhaseLine, frame: DiagramFrame): BandCorner[] {
  const across = frame.width / (frame.window.pressure[1] - frame.window.pressure[0]);
  const up = frame.height / (frame.window.temperature[1] - frame.window.temperature[0]);
  const spots = points.map(({ temperature, pressure }): Spot => {
    const [dx, dy] = [across * pressure.error, up * temperature.error];
    const off = dx > 0 && dy > 0 ? (1.96 * dx * dy) / Math.hypot(dx, dy) : 0;
    return { x: across * pressure.value, y: up * temperature.value, off };
  });
  if (ends[0] === "window") spots.unshift(beyond(spots[0]!, spots[1]!));
  if (ends[1] === "window") spots.push(beyond(spots[spots.length - 1]!, spots[spots.length - 2]!));
  const side = (sign: number) =>
    spots.map(({ x, y, off }, n) => {
      const [before, after] = [spots[Math.max(0, n - 1)]!, spots[Math.min(spots.length - 1, n + 1)]!];
      const [a, b] = [after.x - before.x, after.y - before.y];
      const shift = (sign * off) / (Math.hypot(a, b) || 1);
      return { pressure: (x - shift * b) / across, temperature: (y + shift * a) / up };
    });
  return [...side(1), ...side(-1).toReversed()].map((corner, order) => ({ ...corner, order }));
}

/** Pixels. */
interface Spot {
  readonly x: number;
  readonly y: number;
  /** Half the width of the band. */
  readonly off: number;
}

/** As far past the end as the band is wide. */
function beyond(end: Spot, before: Spot): Spot {
  const share = end.off / (Math.hypot(end.x - before.x, end.y - before.y) || 1);
  return { x: end.x + share * (end.x - before.x), y: end.y + share * (end.y - before.y), off: end.off };
}
