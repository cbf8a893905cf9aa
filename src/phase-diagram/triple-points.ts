import type { Estimate } from "../math/statistics.js";
import { gibbsDifference, gibbsDifferenceValue, gibbsValue, gibbsVariance } from "./gibbs-difference.js";
import type { GibbsSurface } from "./gibbs-surface.js";
import type { PhaseWindow } from "./phase-data.js";
import type { StatePlace } from "./phase-domain.js";
import { coexistenceCurves, isTrusted } from "./phase-lines.js";

/** Where three phases have the same Gibbs energy. */
export interface TriplePoint {
  readonly phases: readonly [string, string, string];
  /** K. */
  readonly temperature: Estimate;
  /** GPa. */
  readonly pressure: Estimate;
  /** Of the errors of temperature and pressure, -1 to 1. */
  readonly correlation: number;
  /** Whether no fourth phase has a lower G there. */
  readonly stable: boolean;
}

type Three = readonly [GibbsSurface, GibbsSurface, GibbsSurface];

/** All triple points in a window where the three phases are trusted. */
export function triplePoints(surfaces: readonly GibbsSurface[], window: PhaseWindow): TriplePoint[] {
  return surfaces.flatMap((one, i) =>
    surfaces.slice(i + 1).flatMap((two, m) => {
      const thirds = surfaces.slice(i + m + 2);
      if (thirds.length === 0) return [];
      const curves = coexistenceCurves(one, two, window);
      return thirds.flatMap((three) =>
        curves
          .flatMap(({ places, closed }) =>
            crossings(closed ? [...places, places[0]!] : places, [one, two, three], window),
          )
          .map((place) => describe(place, [one, two, three], surfaces)),
      );
    }),
  );
}

/** Places on a curve G1 = G2 where G3 crosses it. */
function crossings(places: readonly StatePlace[], three: Three, window: PhaseWindow): StatePlace[] {
  const above = places.map((place) => gibbsDifferenceValue(three[2], three[0], ...place) >= 0);
  return places.slice(1).flatMap((to, n) => {
    if (above[n] === above[n + 1]) return [];
    const from = places[n]!;
    const place = meet([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2], three);
    return place && isInside(place, window) && three.every((surface) => isTrusted(surface, place)) ? [place] : [];
  });
}

const isInside = ([t, p]: StatePlace, { temperature, pressure }: PhaseWindow): boolean =>
  t >= temperature[0] && t <= temperature[1] && p >= pressure[0] && p <= pressure[1];

/** Newton's method for G1 = G2 = G3. */
function meet(start: StatePlace, [one, two, three]: Three): StatePlace | undefined {
  let [t, p] = start;
  for (let step = 0; step < 30; step++) {
    const [a, b] = [gibbsDifference(one, two, t, p), gibbsDifference(one, three, t, p)];
    const [dt, dp] = solve(a.byTemperature, a.byPressure, b.byTemperature, b.byPressure, a.value, b.value);
    t -= dt;
    p -= dp;
    if (!Number.isFinite(t + p)) return undefined;
    if (Math.abs(dt) < 1e-9 * Math.abs(t) && Math.abs(dp) < 1e-9 * (Math.abs(p) + 1)) return [t, p];
  }
  return undefined;
}

/** x of [[a, b], [c, d]] x = (e, f). */
const solve = (a: number, b: number, c: number, d: number, e: number, f: number): [number, number] => {
  const determinant = a * d - b * c;
  return [(e * d - b * f) / determinant, (a * f - e * c) / determinant];
};

/** Errors of T and P from those of G1 - G2 and G1 - G3, which share G1. */
function describe([t, p]: StatePlace, three: Three, surfaces: readonly GibbsSurface[]): TriplePoint {
  const [one, two, third] = three;
  const [a, b] = [gibbsDifference(one, two, t, p), gibbsDifference(one, third, t, p)];
  const variances = three.map((surface) => gibbsVariance(surface, t, p)) as [number, number, number];
  // Moves of the point when one phase's G rises by 1 eV/atom.
  const moves = [
    [1, 1],
    [-1, 0],
    [0, -1],
  ].map(([e, f]) => solve(a.byTemperature, a.byPressure, b.byTemperature, b.byPressure, e!, f!));
  const sum = (of: (move: [number, number]) => number): number =>
    moves.reduce((total, move, k) => total + variances[k]! * of(move), 0);
  const [tt, pp, tp] = [sum(([x]) => x * x), sum(([, y]) => y * y), sum(([x, y]) => x * y)];
  const level = gibbsValue(one, t, p) - 1e-9;
  return {
    phases: [one.phase, two.phase, third.phase],
    temperature: { value: t, error: Math.sqrt(tt) },
    pressure: { value: p, error: Math.sqrt(pp) },
    correlation: tt > 0 && pp > 0 ? tp / Math.sqrt(tt * pp) : 0,
    stable: !surfaces.some(
      (other) => !three.includes(other) && isTrusted(other, [t, p]) && gibbsValue(other, t, p) < level,
    ),
  };
}
