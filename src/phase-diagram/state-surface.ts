import { InputError } from "../errors.js";
import { fitLinear, type SmallFit } from "../math/least-squares.js";
import type { Estimate } from "../math/statistics.js";
import type { StatePoint } from "./phase-point.js";

/** Volume and enthalpy of one phase as smooth functions of T and P, fitted to runs. */
export interface StateSurface {
  /** A^3/atom. */
  volume(temperature: number, pressure: number): Estimate;
  /** eV/atom. */
  enthalpy(temperature: number, pressure: number): Estimate;
  /** Integral of the volume from pressure `from` to `to` along an isotherm [A^3 GPa/atom]. */
  volumeIntegral(temperature: number, from: number, to: number): Estimate;
  /** The same surface with coefficients moved by their covariance: `normal` draws standard normal numbers. */
  perturbed(normal: () => number): StateSurface;
  /** Largest deviation of a run from the surface, in its own sigmas: well above 3 says that the surface is too stiff. */
  readonly worstDeviation: number;
}

type Term = readonly [temperature: number, pressure: number];

/** Powers of (T, P): the full quadratic, as far as the runs determine it. */
const terms: readonly Term[] = [
  [0, 0],
  [1, 0],
  [0, 1],
  [2, 0],
  [1, 1],
  [0, 2],
];

interface Fit extends SmallFit {
  readonly used: readonly Term[];
}

/** Scales keep the design matrix well conditioned: T in 1000 K, P in 10 GPa. */
const T_SCALE = 1000;
const P_SCALE = 10;

/**
 * Fits V(T, P) and H(T, P) by quadratic polynomials, weighted by the errors of the runs. Powers that the runs cannot
 * determine (one pressure only, two temperatures only) are left out.
 */
export function fitStateSurface(points: readonly StatePoint[]): StateSurface {
  const distinct = (of: (p: StatePoint) => number): number => new Set(points.map(of)).size;
  const [temperatures, pressures] = [distinct((p) => p.temperature), distinct((p) => p.pressure)];
  const used = terms.filter(([t, p]) => t < temperatures && p < pressures).slice(0, points.length);
  if (points.length < 3 || pressures < 2)
    throw new InputError({
      what: "state points",
      value: `${points.length} at ${temperatures} temperatures and ${pressures} pressures`,
      expected: "at least 3 at 2 or more pressures",
    });
  const fitTo = (of: (p: StatePoint) => Estimate): Fit => {
    const design = points.flatMap((p) => used.map(([a, b]) => power(p.temperature, p.pressure, a, b)));
    // A run whose series happened to look too quiet must not dominate: its error counts at least half the median.
    const errors = points.map((p) => of(p).error);
    const median = errors.toSorted((a, b) => a - b)[Math.floor(errors.length / 2)]!;
    const sigma = errors.map((e) => Math.max(e, median / 2, 1e-12));
    const fit = fitLinear(
      Float64Array.from(design),
      points.map((p) => of(p).value),
      sigma,
    );
    // Errors of short correlated runs tend to be too small: scatter beyond them widens the covariance (Birge's ratio).
    const birge = Math.max(1, fit.chiSquared / Math.max(1, points.length - used.length));
    return { ...fit, covariance: fit.covariance.map((c) => c * birge), used };
  };
  const [volume, enthalpy] = [fitTo((p) => p.volume), fitTo((p) => p.enthalpy)];
  const deviation = (p: StatePoint, of: Estimate, at: Fit): number =>
    Math.abs(of.value - evaluate(at, rowOf(at, p.temperature, p.pressure)).value) / of.error;
  return surface(
    volume,
    enthalpy,
    Math.max(...points.map((p) => Math.max(deviation(p, p.volume, volume), deviation(p, p.enthalpy, enthalpy)))),
  );
}

const power = (temperature: number, pressure: number, a: number, b: number): number =>
  (temperature / T_SCALE) ** a * (pressure / P_SCALE) ** b;

const rowOf = ({ used }: Fit, temperature: number, pressure: number): number[] =>
  used.map(([a, b]) => power(temperature, pressure, a, b));

/** A linear combination of the coefficients, with its error from their covariance. */
function evaluate({ parameters, covariance }: Fit, row: readonly number[]): Estimate {
  let square = 0;
  row.forEach((x, i) => {
    row.forEach((y, j) => {
      square += x * y * covariance[i * row.length + j]!;
    });
  });
  return { value: row.reduce((sum, x, i) => sum + x * parameters[i]!, 0), error: Math.sqrt(Math.max(0, square)) };
}

function surface(volume: Fit, enthalpy: Fit, worstDeviation: number): StateSurface {
  return {
    worstDeviation,
    volume: (t, p) => evaluate(volume, rowOf(volume, t, p)),
    enthalpy: (t, p) => evaluate(enthalpy, rowOf(enthalpy, t, p)),
    volumeIntegral: (t, from, to) =>
      evaluate(
        volume,
        volume.used.map(
          ([a, b]) =>
            ((t / T_SCALE) ** a * P_SCALE * ((to / P_SCALE) ** (b + 1) - (from / P_SCALE) ** (b + 1))) / (b + 1),
        ),
      ),
    perturbed: (normal) => surface(drawn(volume, normal), drawn(enthalpy, normal), worstDeviation),
  };
}

/** Coefficients + L z with L L^T the covariance (Cholesky that passes over directions without variance). */
function drawn(fit: Fit, normal: () => number): Fit {
  const size = fit.parameters.length;
  const l = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      let rest = fit.covariance[i * size + j]!;
      for (let k = 0; k < j; k++) rest -= l[i * size + k]! * l[j * size + k]!;
      if (i === j) l[i * size + i] = Math.sqrt(Math.max(0, rest));
      else l[i * size + j] = l[j * size + j]! > 0 ? rest / l[j * size + j]! : 0;
    }
  const z = Float64Array.from({ length: size }, normal);
  return {
    ...fit,
    parameters: fit.parameters.map((p, i) => p + z.reduce((sum, x, k) => sum + l[i * size + k]! * x, 0)),
  };
}
