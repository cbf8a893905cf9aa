import { mean, variance } from "../math/statistics.js";
import { randomStream } from "../random.js";
import { GPA_PER_EV_A3 } from "../units.js";
import type { CoexistencePoint } from "./phase-point.js";
import type { StateSurface } from "./state-surface.js";

export interface ClausiusClapeyronSettings {
  /** K, where the line is wanted. */
  readonly temperatures: readonly number[];
  readonly seed: number;
  /** Resampled lines for the error; 200 by default. */
  readonly samples?: number;
}

/**
 * dP/dT = (H2 - H1) / (T (V2 - V1)) [GPa/K] at a point of the boundary (Clausius-Clapeyron).
 */
export function boundarySlope(one: StateSurface, two: StateSurface, temperature: number, pressure: number): number {
  const enthalpy = two.enthalpy(temperature, pressure).value - one.enthalpy(temperature, pressure).value;
  const volume = two.volume(temperature, pressure).value - one.volume(temperature, pressure).value;
  return (enthalpy * GPA_PER_EV_A3) / (temperature * volume);
}

/**
 * The boundary of two phases from one point of it, integrated both ways by the fourth-order Runge-Kutta method. The error
 * is the spread of lines whose starting point and surfaces are redrawn from their errors.
 */
export function clausiusClapeyronLine(
  anchor: CoexistencePoint,
  one: StateSurface,
  two: StateSurface,
  { temperatures, seed, samples = 200 }: ClausiusClapeyronSettings,
): CoexistencePoint[] {
  const values = integrate(anchor.temperature, anchor.pressure.value, one, two, temperatures);
  const random = randomStream(seed, "bootstrap");
  const normal = (): number => random.normal();
  const lines = Array.from({ length: samples }, () =>
    integrate(
      anchor.temperature,
      anchor.pressure.value + anchor.pressure.error * normal(),
      one.perturbed(normal),
      two.perturbed(normal),
      temperatures,
    ),
  );
  return temperatures.map((temperature, i) => {
    const drawn = lines.map((line) => line[i]!);
    const bias = mean(drawn) - values[i]!;
    return { temperature, pressure: { value: values[i]!, error: Math.sqrt(variance(drawn) + bias ** 2) } };
  });
}

/** K, longest step of the integration. */
const STEP = 10;

function integrate(
  start: number,
  pressure: number,
  one: StateSurface,
  two: StateSurface,
  temperatures: readonly number[],
): number[] {
  const slope = (t: number, p: number): number => boundarySlope(one, two, t, p);
  const found = new Map<number, number>();
  for (const side of [1, -1]) {
    let [t, p] = [start, pressure];
    for (const target of temperatures.filter((x) => side * (x - start) >= 0).toSorted((a, b) => side * (a - b))) {
      const steps = Math.ceil(Math.abs(target - t) / STEP);
      const h = steps === 0 ? 0 : (target - t) / steps;
      for (let n = 0; n < steps; n++) {
        const a = slope(t, p);
        const b = slope(t + h / 2, p + (h / 2) * a);
        const c = slope(t + h / 2, p + (h / 2) * b);
        const d = slope(t + h, p + h * c);
        p += (h / 6) * (a + 2 * b + 2 * c + d);
        t += h;
      }
      t = target;
      found.set(target, p);
    }
  }
  return temperatures.map((t) => found.get(t)!);
}
