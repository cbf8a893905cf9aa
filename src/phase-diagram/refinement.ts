import { atOnce, type InPieces } from "../event-loop.js";
import { dot } from "../math/linear-algebra.js";
import { gibbsFunctional } from "./gibbs-basis.js";
import type { GibbsSurface } from "./gibbs-surface.js";
import { excessOf, type LineSight, lineSights, type TargetedLines } from "./line-sights.js";
import type { PhaseLine } from "./phase-lines.js";

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

export interface ProposedMeasurement<Candidate extends MeasurementCandidate = MeasurementCandidate> {
  readonly candidate: Candidate;
  /** By how much the excess variance of the lines is expected to fall when this one is made after those before it, per cost. */
  readonly gain: number;
  /** The excess that is left then: 0 means that the target is expected to be met everywhere. */
  readonly excess: number;
}

export interface ProposalSettings extends Pick<TargetedLines, "target" | "window"> {
  /** Measurements to choose; 1 by default. */
  readonly count?: number;
}

/**
 * The measurements that are expected to sharpen the stable lines most per cost, best first: greedily one after the other,
 * each with the covariance that those before it will leave. Surfaces are linear in their coefficients and errors are
 * Gaussian, so the variance after a measurement b with error s is known before it is made:
 * C - C b b^T C / (s^2 + b^T C b) (Chaloner and Verdinelli, Statist. Sci. 10 (1995) 273). Variance below the target is worth
 * nothing, and nothing is proposed when all is settled.
 */
export const proposeMeasurements = <Candidate extends MeasurementCandidate>(
  surfaces: readonly GibbsSurface[],
  lines: readonly PhaseLine[],
  candidates: readonly Candidate[],
  settings: ProposalSettings,
): ProposedMeasurement<Candidate>[] => atOnce(proposalsInPieces(surfaces, lines, candidates, settings));

/** `proposeMeasurements`, some candidates at a time. */
export function* proposalsInPieces<Candidate extends MeasurementCandidate>(
  surfaces: readonly GibbsSurface[],
  lines: readonly PhaseLine[],
  candidates: readonly Candidate[],
  { target, window, count = 1 }: ProposalSettings,
): InPieces<ProposedMeasurement<Candidate>[]> {
  const sights = lineSights({ surfaces, lines, target, window });
  const variances = Float64Array.from(sights, ({ variance }) => variance);
  const views = surfaces.map((surface, phase) => viewOf(surface, phase, sights));
  const options: Option<Candidate>[] = [];
  for (const candidate of candidates) {
    const phase = surfaces.findIndex((surface) => surface.phase === candidate.phase);
    if (phase < 0) continue;
    const rows = rowsOf(surfaces[phase]!, candidate);
    const falls = fallsOf(views[phase]!, directions(views[phase]!.covariance, rows));
    options.push({ candidate, phase, rows, falls });
    yield;
  }
  const excessLeft = (): number =>
    sights.reduce((sum, sight, n) => sum + excessOf(sight, variances[n]!), 0) / Math.max(1, sights.length);
  const gainOf = ({ candidate, phase, falls }: Option<Candidate>): number => {
    let sum = 0;
    views[phase]!.sights.forEach((n, k) => {
      sum += excessOf(sights[n]!, variances[n]!) - excessOf(sights[n]!, variances[n]! - falls[k]!);
    });
    return sum / sights.length / candidate.cost;
  };
  const chosen: ProposedMeasurement<Candidate>[] = [];
  while (chosen.length < count && excessLeft() > 0) {
    let [best, gain]: [Option<Candidate> | undefined, number] = [undefined, 0];
    for (const option of options) {
      const own = gainOf(option);
      if (own > gain) [best, gain] = [option, own];
    }
    if (best === undefined) break;
    const { phase, rows, falls } = best;
    const view = views[phase]!;
    for (const direction of directions(view.covariance, rows)) subtractOuter(view.covariance, direction);
    view.sights.forEach((n, k) => {
      variances[n] = Math.max(0, variances[n]! - falls[k]!);
    });
    options.splice(options.indexOf(best), 1);
    for (const option of options) {
      if (option.phase !== phase) continue;
      option.falls = fallsOf(view, directions(view.covariance, option.rows));
      yield;
    }
    chosen.push({ candidate: best.candidate, gain, excess: excessLeft() });
  }
  return chosen;
}

interface Option<Candidate> {
  readonly candidate: Candidate;
  readonly phase: number;
  readonly rows: readonly Float64Array[];
  /** By how much the variance of each point that its phase takes part in falls. */
  falls: Float64Array;
}

/** The points that a phase takes part in, and its covariance, which falls as measurements are chosen. */
interface PhaseView {
  readonly covariance: Float64Array;
  readonly sights: readonly number[];
  readonly rows: readonly Float64Array[];
}

function viewOf({ covariance }: GibbsSurface, phase: number, sights: readonly LineSight[]): PhaseView {
  const own = sights.flatMap(({ phases }, n) => (phases.includes(phase) ? [n] : []));
  return {
    covariance: covariance.slice(),
    sights: own,
    rows: own.map((n) => sights[n]!.rows[sights[n]!.phases[0] === phase ? 0 : 1]),
  };
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
      for (let k = 0; k < product.length; k++) product[k]! -= share * direction[k]!;
    }
    const scale = 1 / Math.sqrt(1 + Math.max(0, dot(row, product)));
    known.push(product.map((x) => x * scale));
  }
  return known;
}

const fallsOf = ({ rows }: PhaseView, known: readonly Float64Array[]): Float64Array =>
  Float64Array.from(rows, (row) => {
    let fall = 0;
    for (const direction of known) fall += dot(row, direction) ** 2;
    return fall;
  });

function timesVector(matrix: Float64Array, x: Float64Array): Float64Array {
  const size = x.length;
  const product = new Float64Array(size);
  for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) product[i]! += matrix[i * size + j]! * x[j]!;
  return product;
}

function subtractOuter(matrix: Float64Array, d: Float64Array): void {
  const size = d.length;
  for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) matrix[i * size + j]! -= d[i]! * d[j]!;
}
