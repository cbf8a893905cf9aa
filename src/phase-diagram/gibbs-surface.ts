import { InputError } from "../errors.js";
import type { SmallFit } from "../math/least-squares.js";
import { dot, quadraticForm } from "../math/linear-algebra.js";
import type { Estimate } from "../math/statistics.js";
import { type GibbsBasis, type GibbsQuantity, gibbsFunctional, type Oscillator } from "./gibbs-basis.js";
import { type LinearSystem, likeliest, toSystem } from "./gibbs-evidence.js";
import { gibbsBasis, type PriorScales } from "./gibbs-prior.js";
import { type GibbsMeasurement, type MeasurementKind, measurementsOf } from "./gibbs-rows.js";
import type { PhaseData, PhaseWindow } from "./phase-data.js";
import { convexHull, type PhaseDomain } from "./phase-domain.js";

/** G(T, P) of one phase with the covariance of everything read off it: plain data. */
export interface GibbsSurface {
  readonly phase: string;
  readonly basis: GibbsBasis;
  /** [K] eV/atom. */
  readonly coefficients: Float64Array;
  /** [K x K]. */
  readonly covariance: Float64Array;
  readonly domain: PhaseDomain;
  /** Which widths of the higher terms the data made likely. */
  readonly scales: PriorScales;
  /** How well each kind of measurement is met. */
  readonly quality: readonly FitQuality[];
  /** The number that is missed by most of its own errors; well above 3 says that surface or errors are wrong. */
  readonly worst: WorstDeviation | undefined;
}

export interface FitQuality {
  readonly kind: MeasurementKind;
  readonly count: number;
  /** Sum of squared deviations over squared errors. */
  readonly chiSquared: number;
  /** By which their errors were widened, 1 or more (Birge's ratio). */
  readonly widening: number;
}

export interface WorstDeviation {
  readonly kind: MeasurementKind;
  /** K. */
  readonly temperature: number;
  /** GPa. */
  readonly pressure: number;
  /** In sigmas, with a sign. */
  readonly deviation: number;
}

export interface GibbsSurfaceSettings {
  /** Of the diagram: all phases of one diagram take the same. That of the data by default. */
  readonly window?: PhaseWindow;
  /** How far from its data a phase is trusted, as a share of the window. 0.1 by default. */
  readonly reach?: number;
  /** Of quantum motion: roughly the oscillators of the phase. Classical motion without. */
  readonly oscillators?: readonly Oscillator[];
}

/**
 * The Gibbs energy of a phase from all its measurements at once. Each is a linear functional of G(T, P): G itself,
 * V = dG/dP, H = G - T dG/dT, differences of G/T along isobars and of G along isotherms, enthalpy and volume at rest.
 * G is expanded in the functions of `GibbsBasis`; coefficients follow from weighted least squares with the prior widths of
 * `priorWidths`, whose two scales maximize the evidence (MacKay, Neural Comput. 4 (1992) 415). Errors of a kind that
 * scatter too much are widened by Birge's ratio.
 */
export function fitGibbsSurface(phase: string, data: PhaseData, settings: GibbsSurfaceSettings = {}): GibbsSurface {
  const measurements = measurementsOf(data);
  if (!measurements.some(({ kind }) => kind !== "static enthalpy" && kind !== "static volume"))
    throw new InputError({
      what: `data of ${phase}`,
      value: "nothing at temperature",
      expected: "a G, V, H or isobar",
    });
  const { window, reach = 0.1, oscillators } = settings;
  const basis = { ...gibbsBasis(measurements, window), ...(oscillators ? { oscillators } : {}) };
  const system = toSystem(basis, measurements);
  const first = likeliest(basis, measurements, system, system.errors);
  const quality = qualityOf(measurements, system, first.fit);
  const widening = new Map(quality.map(({ kind, widening }) => [kind, widening]));
  const errors = system.errors.map((error, n) => error * widening.get(measurements[n]!.kind)!);
  const { fit, scales } = quality.every((q) => q.widening === 1)
    ? first
    : likeliest(basis, measurements, system, errors);
  const coefficients = fit.parameters;
  coefficients[0]! += system.origin;
  return {
    phase,
    basis,
    coefficients,
    covariance: fit.covariance,
    domain: { hull: convexHull(measurements.map(({ place }) => place)), margin: marginOf(measurements, window, reach) },
    scales,
    quality,
    worst: worstOf(measurements, system, coefficients),
  };
}

/** Pseudo-observations that agree: a kind of few numbers is widened only by strong disagreement. */
const AGREEING = 2;

function qualityOf(measurements: readonly GibbsMeasurement[], system: LinearSystem, fit: SmallFit): FitQuality[] {
  const { rows, values, errors } = system;
  return [...new Set(measurements.map(({ kind }) => kind))].map((kind) => {
    let [count, chiSquared, freedom] = [0, 0, 0];
    measurements.forEach((m, n) => {
      if (m.kind !== kind) return;
      count++;
      chiSquared += ((values[n]! - dot(rows[n]!, fit.parameters)) / errors[n]!) ** 2;
      freedom += 1 - quadraticForm(fit.covariance, rows[n]!) / errors[n]! ** 2;
    });
    const ratio = (chiSquared + AGREEING) / (Math.max(0, freedom) + AGREEING);
    return { kind, count, chiSquared, widening: Math.sqrt(Math.max(1, ratio)) };
  });
}

function worstOf(
  measurements: readonly GibbsMeasurement[],
  { rows, values, errors, origin }: LinearSystem,
  coefficients: Float64Array,
): WorstDeviation | undefined {
  let worst: WorstDeviation | undefined;
  measurements.forEach(({ kind, place: [temperature, pressure] }, n) => {
    const fitted = dot(rows[n]!, coefficients) - origin * rows[n]![0]!;
    const deviation = (values[n]! - fitted) / errors[n]!;
    if (worst === undefined || Math.abs(deviation) > Math.abs(worst.deviation))
      worst = { kind, temperature, pressure, deviation };
  });
  return worst;
}

function marginOf(
  measurements: readonly GibbsMeasurement[],
  window: PhaseWindow | undefined,
  reach: number,
): readonly [number, number] {
  const span = (d: 0 | 1, of: readonly [number, number] | undefined): number => {
    const all = [...(of ?? measurements.map(({ place }) => place[d]))];
    return reach * (Math.max(...all) - Math.min(...all)) || 1e-6;
  };
  return [span(0, window?.temperature), span(1, window?.pressure)];
}

/** G [eV/atom], V [A^3/atom], H [eV/atom], S or C_P [eV/K/atom] at T [K] and P [GPa], with its standard error. */
export function readSurface(
  { basis, coefficients, covariance }: GibbsSurface,
  quantity: GibbsQuantity,
  temperature: number,
  pressure: number,
): Estimate {
  const { row, offset } = gibbsFunctional(basis, quantity, temperature, pressure);
  return { value: offset + dot(row, coefficients), error: Math.sqrt(Math.max(0, quadraticForm(covariance, row))) };
}
