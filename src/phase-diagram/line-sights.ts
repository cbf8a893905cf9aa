import { gibbsFunctional } from "./gibbs-basis.js";
import { gibbsDifference, gibbsValue, gibbsVariance } from "./gibbs-difference.js";
import type { GibbsSurface } from "./gibbs-surface.js";
import type { PhaseWindow } from "./phase-data.js";
import type { StatePlace } from "./phase-domain.js";
import { isTrusted, type PhaseLine } from "./phase-lines.js";

/** How sure lines are to be: a point of a line is settled when one of its errors is as small. */
export interface LineTarget {
  /** K. */
  readonly temperature: number;
  /** GPa. */
  readonly pressure: number;
}

/** A diagram whose lines are to be as sure as the target. */
export interface TargetedLines {
  readonly surfaces: readonly GibbsSurface[];
  readonly lines: readonly PhaseLine[];
  readonly target: LineTarget;
  readonly window: PhaseWindow;
}

/** A point of a line as a design of measurements sees it. */
export interface LineSight {
  /** Of the two phases among the surfaces. */
  readonly phases: readonly [number, number];
  /** By how much the line moves, in units of the target, per coefficient of either phase. */
  readonly rows: readonly [Float64Array, Float64Array];
  /** Probability that the point is on a stable line. */
  readonly weight: number;
  /** In units of the target. */
  readonly variance: number;
}

/** A point that is less likely to be on a stable line has no say. */
const LEAST_WEIGHT = 0.05;

/** All points that count: of lines, and where two phases without a line come so close that errors may hide one. */
export function lineSights({ surfaces, lines, target, window }: TargetedLines): LineSight[] {
  return surfaces.flatMap((one, i) =>
    surfaces.slice(i + 1).flatMap((two, m) => {
      const own = lines.filter(({ phases }) => phases.includes(one.phase) && phases.includes(two.phase));
      const places = own.flatMap(({ points }) =>
        points.map(({ temperature, pressure }): StatePlace => [temperature.value, pressure.value]),
      );
      const phases = [i, i + m + 1] as const;
      return (own.length === 0 ? nearMiss(one, two, window) : places).flatMap((place) =>
        sightAt(surfaces, phases, place, target),
      );
    }),
  );
}

function sightAt(
  surfaces: readonly GibbsSurface[],
  phases: LineSight["phases"],
  [t, p]: StatePlace,
  target: LineTarget,
): LineSight[] {
  const [one, two] = [surfaces[phases[0]]!, surfaces[phases[1]]!];
  const weight = stableProbability(surfaces, one, two, [t, p]);
  if (weight < LEAST_WEIGHT) return [];
  const { error, byTemperature, byPressure } = gibbsDifference(one, two, t, p);
  const scale = 1 / Math.max(Math.abs(byTemperature) * target.temperature, Math.abs(byPressure) * target.pressure);
  const row = ({ basis }: GibbsSurface): Float64Array =>
    gibbsFunctional(basis, "gibbs", t, p).row.map((x) => x * scale);
  return [{ phases, rows: [row(one), row(two)], weight, variance: (error * scale) ** 2 }];
}

/** sigma: further apart two phases do not meet. */
const CLEARLY_APART = 3;

/** Where two phases that do not cross come closest in sigmas, among a grid of the window. */
function nearMiss(one: GibbsSurface, two: GibbsSurface, { temperature, pressure }: PhaseWindow): StatePlace[] {
  const axis = ([from, to]: readonly [number, number]): number[] =>
    Array.from({ length: 13 }, (_, i) => from + ((to - from) * i) / 12);
  let [closest, least]: [StatePlace | undefined, number] = [undefined, CLEARLY_APART];
  for (const t of axis(temperature))
    for (const p of axis(pressure)) {
      if (!isTrusted(one, [t, p]) || !isTrusted(two, [t, p])) continue;
      const { value, error } = gibbsDifference(one, two, t, p);
      if (Math.abs(value) < least * error) [closest, least] = [[t, p], Math.abs(value) / error];
    }
  return closest ? [closest] : [];
}

/** That no third phase has a lower G where two have the same, each for itself. */
function stableProbability(
  surfaces: readonly GibbsSurface[],
  one: GibbsSurface,
  two: GibbsSurface,
  [t, p]: StatePlace,
): number {
  const level = (gibbsValue(one, t, p) + gibbsValue(two, t, p)) / 2;
  const variance = (gibbsVariance(one, t, p) + gibbsVariance(two, t, p)) / 4;
  return surfaces.reduce((product, other) => {
    if (other === one || other === two || product === 0 || !isTrusted(other, [t, p])) return product;
    return product * normalBelow((gibbsValue(other, t, p) - level) / Math.sqrt(variance + gibbsVariance(other, t, p)));
  }, 1);
}

/** Share of a normal distribution below z (Abramowitz and Stegun 7.1.26, to 1e-7). */
function normalBelow(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const series = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  const tail = (series * Math.exp(-x * x)) / 2;
  return z > 0 ? 1 - tail : tail;
}

/** What the lines still lack, in units of the target. */
export interface LineExcess {
  /** Mean over their points of the variance beyond 1, weighted by how likely the point is stable; 0 when all is settled. */
  readonly excess: number;
  /** Largest error of a point that may be stable. */
  readonly worst: number;
}

/** How far the lines of a diagram are from the target. */
export function lineExcess(
  surfaces: readonly GibbsSurface[],
  lines: readonly PhaseLine[],
  settings: Pick<TargetedLines, "target" | "window">,
): LineExcess {
  const sights = lineSights({ surfaces, lines, ...settings });
  return {
    excess: sights.reduce((sum, sight) => sum + excessOf(sight, sight.variance), 0) / Math.max(1, sights.length),
    worst: Math.sqrt(sights.reduce((most, { variance }) => Math.max(most, variance), 0)),
  };
}

/** Variance beyond the target's, weighted. */
export const excessOf = ({ weight }: LineSight, variance: number): number => weight * Math.max(0, variance - 1);
