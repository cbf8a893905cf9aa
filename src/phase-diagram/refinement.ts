import { dot } from "../math/linear-algebra.js";
import { gibbsFunctional } from "./gibbs-basis.js";
import { gibbsDifference, gibbsValue, gibbsVariance } from "./gibbs-difference.js";
import type { GibbsSurface } from "./gibbs-surface.js";
import type { PhaseWindow } from "./phase-data.js";
import type { StatePlace } from "./phase-domain.js";
import { isTrusted, type PhaseLine } from "./phase-lines.js";

/** A measurement that could be made. */
export interface MeasurementCandidate {
  readonly phase: string;
  /** K. */
  readonly temperature: number;
  /** GPa. */
  readonly pressure: number;
  /** Expected standard errors of what it gives: G and H eV/atom, V A^3/atom; one at least. */
  readonly errors: { readonly gibbs?: number; readonly volume?: number; readonly enthalpy?: number };
  /** In any unit, the same for all: ps of dynamics times atoms, say. */
  readonly cost: number;
}

/** How sure lines are to be: a point of a line is settled when one of its errors is as small. */
export interface LineTarget {
  /** K. */
  readonly temperature: number;
  /** GPa. */
  readonly pressure: number;
}

export interface ProposedMeasurement<Candidate extends MeasurementCandidate = MeasurementCandidate> {
  readonly candidate: Candidate;
  /** By how much the excess variance of the lines is expected to fall when this one is made after those before it, per cost. */
  readonly gain: number;
  /** The excess that is left then: 0 means that the target is expected to be met everywhere. */
  readonly excess: number;
}

export interface ProposalSettings {
  readonly target: LineTarget;
  readonly window: PhaseWindow;
  /** Measurements to choose; 1 by default. */
  readonly count?: number;
}

/** What the lines still lack, in units of the target. */
export interface LineExcess {
  /** Mean over their points of the variance beyond 1, weighted by how likely the point is stable; 0 when all is settled. */
  readonly excess: number;
  /** Largest error of a point that may be stable. */
  readonly worst: number;
}

/** A point of a line as the design sees it: how far the line moves, in targets, per coefficient of either phase. */
interface SightedPoint {
  readonly one: number;
  readonly two: number;
  readonly rows: readonly [Float64Array, Float64Array];
  /** Probability that the point is on a stable line. */
  readonly weight: number;
  readonly variance: number;
}

/** A point that is less likely to be on a stable line has no say. */
const LEAST_WEIGHT = 0.05;

interface Sights {
  readonly surfaces: readonly GibbsSurface[];
  readonly lines: readonly PhaseLine[];
  readonly target: LineTarget;
  readonly window: PhaseWindow;
}

function sight({ surfaces, lines, target, window }: Sights): SightedPoint[] {
  const at = (one: number, two: number, [t, p]: StatePlace): SightedPoint[] => {
    const [a, b] = [surfaces[one]!, surfaces[two]!];
    const weight = stableProbability(surfaces, a, b, t, p);
    if (weight < LEAST_WEIGHT) return [];
    const { error, byTemperature, byPressure } = gibbsDifference(a, b, t, p);
    const scale = 1 / Math.max(Math.abs(byTemperature) * target.temperature, Math.abs(byPressure) * target.pressure);
    const row = (surface: GibbsSurface): Float64Array =>
      gibbsFunctional(surface.basis, "gibbs", t, p).row.map((x) => x * scale);
    return [{ one, two, rows: [row(a), row(b)], weight, variance: (error * scale) ** 2 }];
  };
  return surfaces.flatMap((one, i) =>
    surfaces.slice(i + 1).flatMap((two, m) => {
      const own = lines.filter(({ phases }) => phases.includes(one.phase) && phases.includes(two.phase));
      const places = own.flatMap(({ points }) =>
        points.map(({ temperature, pressure }): StatePlace => [temperature.value, pressure.value]),
      );
      return (own.length === 0 ? nearMiss(one, two, window) : places).flatMap((place) => at(i, i + m + 1, place));
    }),
  );
}

/** sigma: further apart two phases do not meet. */
const CLEARLY_APART = 3;

/** Where two phases that do not cross come closest, if errors may hide a crossing: among a grid of the window. */
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
  t: number,
  p: number,
): number {
  const level = (gibbsValue(one, t, p) + gibbsValue(two, t, p)) / 2;
  const variance = (gibbsVariance(one, t, p) + gibbsVariance(two, t, p)) / 4;
  return surfaces.reduce((product, other) => {
    if (other === one || other === two || !isTrusted(other, [t, p])) return product;
    return product * normalBelow((gibbsValue(other, t, p) - level) / Math.sqrt(variance + gibbsVariance(other, t, p)));
  }, 1);
}

/** Share of a normal distribution below z (Abramowitz and Stegun 7.1.26, to 1e-7). */
function normalBelow(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const tail =
    (((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) *
      t *
      Math.exp(-x * x)) /
    2;
  return z > 0 ? 1 - tail : tail;
}

/** How far the lines of a diagram are from the target. */
export function lineExcess(
  surfaces: readonly GibbsSurface[],
  lines: readonly PhaseLine[],
  { target, window }: ProposalSettings,
): LineExcess {
  const variances = sight({ surfaces, lines, target, window });
  return {
    excess: totalExcess(variances),
    worst: Math.sqrt(variances.reduce((most, { variance }) => Math.max(most, variance), 0)),
  };
}

const totalExcess = (points: readonly SightedPoint[]): number =>
  points.reduce((sum, { weight, variance }) => sum + weight * Math.max(0, variance - 1), 0) /
  Math.max(1, points.length);

/**
 * The measurements that are expected to sharpen the stable lines most per cost, best first: greedily one after the other, each with the
 * covariance that those before it will leave. Surfaces are linear in their coefficients and errors are Gaussian, so the
 * variance after a measurement b with error s is known before it is made: C - C b b^T C / (s^2 + b^T C b) (the Bayesian
 * design of Chaloner and Verdinelli, Statist. Sci. 10 (1995) 273). What is settled counts as settled: variance below the
 * target is worth nothing. Nothing is proposed when all is settled.
 */
export function proposeMeasurements<Candidate extends MeasurementCandidate>(
  surfaces: readonly GibbsSurface[],
  lines: readonly PhaseLine[],
  candidates: readonly Candidate[],
  { target, window, count = 1 }: ProposalSettings,
): ProposedMeasurement<Candidate>[] {
  const covariances = surfaces.map(({ covariance }) => covariance.slice());
  let points = sight({ surfaces, lines, target, window });
  const chosen: ProposedMeasurement<Candidate>[] = [];
  const left = candidates.flatMap((candidate) => {
    const phase = surfaces.findIndex((surface) => surface.phase === candidate.phase);
    return phase < 0 ? [] : [{ candidate, phase, rows: rowsOf(surfaces[phase]!, candidate) }];
  });
  while (chosen.length < count && left.length > 0) {
    const before = totalExcess(points);
    if (before === 0) break;
    let [best, most] = [-1, 0];
    left.forEach(({ candidate, phase, rows }, n) => {
      const after = totalExcess(updated(points, phase, directions(covariances[phase]!, rows)));
      const gain = (before - after) / candidate.cost;
      if (gain > most) [best, most] = [n, gain];
    });
    if (best < 0) break;
    const [{ candidate, phase, rows }] = left.splice(best, 1) as [(typeof left)[number]];
    const known = directions(covariances[phase]!, rows);
    points = updated(points, phase, known);
    for (const direction of known) subtractOuter(covariances[phase]!, direction);
    chosen.push({ candidate, gain: most, excess: totalExcess(points) });
  }
  return chosen;
}

/** Functionals of a measurement, each over its error. */
function rowsOf(surface: GibbsSurface, { temperature, pressure, errors }: MeasurementCandidate): Float64Array[] {
  return (["gibbs", "volume", "enthalpy"] as const).flatMap((quantity) => {
    const error = errors[quantity];
    if (error === undefined) return [];
    return [gibbsFunctional(surface.basis, quantity, temperature, pressure).row.map((x) => x / error)];
  });
}

/** Vectors d for which the covariance after the measurements is C - sum of d d^T. */
function directions(covariance: Float64Array, rows: readonly Float64Array[]): Float64Array[] {
  const known: Float64Array[] = [];
  for (const row of rows) {
    const product = timesVector(covariance, row);
    for (const direction of known) {
      const share = dot(direction, row);
      product.forEach((_, k) => {
        product[k]! -= share * direction[k]!;
      });
    }
    const scale = 1 / Math.sqrt(1 + Math.max(0, dot(row, product)));
    known.push(product.map((x) => x * scale));
  }
  return known;
}

const updated = (points: readonly SightedPoint[], phase: number, known: readonly Float64Array[]): SightedPoint[] =>
  points.map((point) => {
    const side = point.one === phase ? 0 : point.two === phase ? 1 : undefined;
    if (side === undefined) return point;
    const fall = known.reduce((sum, direction) => sum + dot(point.rows[side], direction) ** 2, 0);
    return { ...point, variance: Math.max(0, point.variance - fall) };
  });

function timesVector(matrix: Float64Array, x: Float64Array): Float64Array {
  const size = x.length;
  return x.map((_, i) => dot(matrix.subarray(i * size, (i + 1) * size), x));
}

function subtractOuter(matrix: Float64Array, d: Float64Array): void {
  d.forEach((x, i) => {
    d.forEach((y, j) => {
      matrix[i * d.length + j]! -= x * y;
    });
  });
}
