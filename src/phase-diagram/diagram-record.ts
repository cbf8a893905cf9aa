import type { ShorterSteps } from "../free-energy/shorter-steps.js";
import { type Estimate, studentWidening } from "../math/statistics.js";
import type { MeasurementFailure, StabilityLimit } from "./finding.js";
import type { PhaseData, StaticPoint } from "./phase-data.js";
import type { PhasePoint, StatePoint } from "./phase-point.js";

/** An absolute Gibbs energy in a diagram. */
export interface DiagramPoint extends PhasePoint, ShorterSteps {
  /** Atoms in the runs. */
  readonly atoms: number;
  /** Independent switchings that the error of `gibbs` is from: of few it is hardly known itself. */
  readonly replicas: number;
  /** eV/atom, irreversible work of a switching run. */
  readonly dissipation: Estimate;
  /** eV/atom by name: their sum is G. */
  readonly parts: Readonly<Record<string, number>>;
}

/** A crystal at rest in a diagram. */
export interface DiagramStatic extends StaticPoint {
  readonly phase: string;
}

/** All that was measured for a diagram, in the order in which it was asked for. */
export interface DiagramData {
  readonly points: readonly DiagramPoint[];
  readonly states: readonly StatePoint[];
  readonly static: readonly DiagramStatic[];
  /** Where a phase did not last: a finding like the others. */
  readonly limits: readonly StabilityLimit[];
  /** Where nothing could be measured; absent where all could. */
  readonly failures?: readonly MeasurementFailure[];
}

export const noData: DiagramData = { points: [], states: [], static: [], limits: [] };

export const joinData = (one: DiagramData, two: DiagramData): DiagramData => ({
  points: [...one.points, ...two.points],
  states: [...one.states, ...two.states],
  static: [...one.static, ...two.static],
  limits: [...one.limits, ...two.limits],
  ...((one.failures || two.failures) && { failures: [...(one.failures ?? []), ...(two.failures ?? [])] }),
});

/** Where a phase was tried and gave nothing, whatever the reason. */
export const lostPlaces = ({ limits, failures = [] }: DiagramData): (StabilityLimit | MeasurementFailure)[] => [
  ...limits,
  ...failures,
];

/**
 * Points of one phase with the scatter of their replicas pooled as a share of T, which in one phase hardly depends on
 * anything: the two or three replicas of a point may agree by luck, and such a point must not decide on a surface.
 */
export function pooled(points: readonly DiagramPoint[]): DiagramPoint[] {
  let [freedom, squares] = [0, 0];
  for (const { gibbs, temperature, replicas } of points) {
    const scatter = (gibbs.error * Math.sqrt(replicas)) / studentWidening(replicas - 1) / temperature;
    squares += (replicas - 1) * scatter ** 2;
    freedom += replicas - 1;
  }
  const scatter = Math.sqrt(squares / freedom) * studentWidening(freedom);
  return points.map((point) => {
    const error = (scatter * point.temperature) / Math.sqrt(point.replicas);
    return { ...point, gibbs: { value: point.gibbs.value, error } };
  });
}

/**
 * What of the data describes one phase. The crystal at rest counts only at pressures where the phase lasts at the lowest
 * temperature that was tried: otherwise it is no minimum of the enthalpy, and G is not analytic down to T = 0.
 */
export function dataOfPhase(phase: string, data: DiagramData): PhaseData {
  const of = <Entry extends { readonly phase: string }>(entries: readonly Entry[]): Entry[] =>
    entries.filter((entry) => entry.phase === phase);
  const states = of(data.states);
  const lost = of(lostPlaces(data));
  const lasts = ({ pressure }: StaticPoint): boolean => {
    const coldest = [...states, ...lost]
      .filter((place) => place.pressure === pressure)
      .toSorted((a, b) => a.temperature - b.temperature)[0];
    return coldest !== undefined && states.includes(coldest as StatePoint);
  };
  return { gibbs: pooled(of(data.points)), states, static: of(data.static).filter(lasts) };
}
