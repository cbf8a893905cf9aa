import { type GibbsBasis, type GibbsFunctional, type GibbsQuantity, gibbsFunctional } from "./gibbs-basis.js";
import type { PhaseData } from "./phase-data.js";
import type { StatePlace } from "./phase-domain.js";

export type MeasurementKind =
  | "gibbs"
  | "volume"
  | "enthalpy"
  | "isobar"
  | "isotherm"
  | "static enthalpy"
  | "static volume";

/** One number that was measured: a linear functional of G(T, P). */
export interface GibbsMeasurement {
  readonly kind: MeasurementKind;
  /** Where; of a difference its second end. */
  readonly place: StatePlace;
  readonly functional: (basis: GibbsBasis) => GibbsFunctional;
  readonly value: number;
  readonly error: number;
}

/** eV/atom and A^3/atom, by which a polynomial may miss a crystal at rest. */
const STATIC_ENTHALPY_ERROR = 1e-4;
const STATIC_VOLUME_ERROR = 5e-3;

/** All numbers of a phase. */
export function measurementsOf(data: PhaseData): GibbsMeasurement[] {
  const { gibbs = [], states = [], isobars = [], isotherms = [] } = data;
  return [
    ...floored(gibbs.map((g) => measured("gibbs", "gibbs", [g.temperature, g.pressure], g.gibbs.value, g.gibbs.error))),
    ...(["volume", "enthalpy"] as const).flatMap((kind) =>
      floored(states.map((s) => measured(kind, kind, [s.temperature, s.pressure], s[kind].value, s[kind].error))),
    ),
    ...isobars.flatMap(({ pressure, points }) =>
      // G/T: what the error of the start adds to it is the same all along.
      increments(
        "isobar",
        points.map(({ temperature, gibbs: { value, error } }) => ({
          place: [temperature, pressure],
          factor: 1 / temperature,
          value: value / temperature,
          error: error / temperature,
        })),
      ),
    ),
    ...isotherms.flatMap(({ temperature, points }) =>
      increments(
        "isotherm",
        points.map(({ pressure, gibbs }) => ({ place: [temperature, pressure], factor: 1, ...gibbs })),
      ),
    ),
    ...(data.static ?? []).flatMap(({ pressure, enthalpy, volume }) => [
      measured("static enthalpy", "gibbs", [0, pressure], enthalpy, STATIC_ENTHALPY_ERROR),
      measured("static volume", "volume", [0, pressure], volume, STATIC_VOLUME_ERROR),
    ]),
  ];
}

const measured = (
  kind: MeasurementKind,
  quantity: GibbsQuantity,
  place: StatePlace,
  value: number,
  error: number,
): GibbsMeasurement => ({
  kind,
  place,
  functional: (basis) => gibbsFunctional(basis, quantity, ...place),
  value,
  error,
});

/** A series that happened to look too quiet must not dominate: its error counts at least half the median. */
function floored(all: readonly GibbsMeasurement[]): GibbsMeasurement[] {
  const sorted = all.map(({ error }) => error).toSorted((a, b) => a - b);
  const median = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  return all.map((one) => ({ ...one, error: Math.max(one.error, median / 2) }));
}

interface CurvePoint {
  readonly place: StatePlace;
  /** Of G in `value`. */
  readonly factor: number;
  readonly value: number;
  readonly error: number;
}

/**
 * Differences of consecutive points. The work of a slow run fluctuates briefly against the run, so that its sum walks at
 * random: variances beyond that of the start grow along the curve, and the differences are independent.
 */
function increments(kind: MeasurementKind, points: readonly CurvePoint[]): GibbsMeasurement[] {
  const [start] = points;
  if (start === undefined) return [];
  let largest = 0;
  const variances = points.map(({ error }) => {
    largest = Math.max(largest, error ** 2 - start.error ** 2);
    return largest;
  });
  // Replicas that happened to agree at a point say little: each step has at least a third of the even share.
  const least = largest / (3 * Math.max(1, points.length - 1));
  return points.slice(1).map((point, i) => {
    const before = points[i]!;
    return {
      kind,
      place: point.place,
      functional: (basis) => {
        const [a, b] = [
          gibbsFunctional(basis, "gibbs", ...before.place),
          gibbsFunctional(basis, "gibbs", ...point.place),
        ];
        return {
          row: b.row.map((x, k) => point.factor * x - before.factor * a.row[k]!),
          offset: point.factor * b.offset - before.factor * a.offset,
        };
      },
      value: point.value - before.value,
      error: Math.sqrt(Math.max(variances[i + 1]! - variances[i]!, least)),
    };
  });
}
