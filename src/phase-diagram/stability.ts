import type { Estimate } from "../math/statistics.js";
import { GPA_PER_EV_A3 } from "../units.js";
import { gibbsDifference, gibbsValue } from "./gibbs-difference.js";
import { type GibbsSurface, readSurface } from "./gibbs-surface.js";
import type { PhaseWindow } from "./phase-data.js";
import { isTrusted } from "./phase-lines.js";
import { root } from "./zero-contour.js";

/** The phase of lowest G at a place. */
export interface StablePhase {
  readonly phase: string;
  /** The next one, and by how much its G is higher [eV/atom]. */
  readonly next?: { readonly phase: string; readonly difference: Estimate };
}

/** The phase of lowest G [eV/atom] at T [K] and P [GPa] among those that are trusted there, if any is. */
export function stablePhase(
  surfaces: readonly GibbsSurface[],
  temperature: number,
  pressure: number,
): StablePhase | undefined {
  const [first, second] = byGibbs(surfaces, temperature, pressure);
  if (first === undefined) return undefined;
  if (second === undefined) return { phase: first.phase };
  const { value, error } = gibbsDifference(second, first, temperature, pressure);
  return { phase: first.phase, next: { phase: second.phase, difference: { value, error } } };
}

const byGibbs = (surfaces: readonly GibbsSurface[], t: number, p: number): GibbsSurface[] =>
  surfaces
    .filter((surface) => isTrusted(surface, [t, p]))
    .map((surface) => ({ surface, gibbs: gibbsValue(surface, t, p) }))
    .toSorted((a, b) => a.gibbs - b.gibbs)
    .map(({ surface }) => surface);

/** Two phases side by side at one pressure: a straight piece of the convex hull of F(V). */
export interface TieLine {
  readonly phases: readonly [string, string];
  /** GPa: minus the slope of the common tangent of both F(V). */
  readonly pressure: Estimate;
  /** A^3/atom of both phases, where the tangent touches. */
  readonly volumes: readonly [Estimate, Estimate];
}

/** One phase's piece of the lower envelope of G(P). */
export interface HullPiece {
  readonly phase: string;
  /** GPa, from and to. */
  readonly pressure: readonly [number, number];
}

/** What is stable on an isotherm. */
export interface PressureHull {
  /** K. */
  readonly temperature: number;
  readonly pieces: readonly HullPiece[];
  readonly ties: readonly TieLine[];
}

/** Pressures at which the phase of lowest G is looked up: a piece narrower than this share of the window is not seen. */
const STEPS = 400;

/**
 * The lower envelope of G(P) at T [K], which is the convex hull of all F(V) = G - P V (its Legendre transform): between two
 * pieces V jumps along a common tangent of slope -P.
 */
export function hullAlongPressure(
  surfaces: readonly GibbsSurface[],
  temperature: number,
  { pressure: [from, to] }: Pick<PhaseWindow, "pressure">,
): PressureHull {
  const lowest = (p: number): GibbsSurface | undefined => byGibbs(surfaces, temperature, p)[0];
  const pieces: { phase: string; pressure: [number, number] }[] = [];
  const ties: TieLine[] = [];
  const add = (surface: GibbsSurface | undefined, a: number, b: number): void => {
    const last = pieces[pieces.length - 1];
    if (surface === undefined || b <= a) return;
    if (last && last.phase === surface.phase && last.pressure[1] === a) last.pressure[1] = b;
    else pieces.push({ phase: surface.phase, pressure: [a, b] });
  };
  const split = (a: number, b: number, one: GibbsSurface | undefined, two: GibbsSurface | undefined): void => {
    if (one === two) {
      add(one, a, b);
      return;
    }
    const change = changeOf(temperature, a, b, one, two, lowest);
    const between = lowest(change);
    if (between !== one && between !== two && b - a > (1e-6 * (to - from)) / STEPS) {
      split(a, change, one, between);
      split(change, b, between, two);
      return;
    }
    add(one, a, change);
    if (one && two && isTrusted(one, [temperature, change]) && isTrusted(two, [temperature, change]))
      ties.push(tieAt(temperature, change, one, two));
    add(two, change, b);
  };
  for (let n = 0; n < STEPS; n++) {
    const [a, b] = [n, n + 1].map((k) => (k === STEPS ? to : from + ((to - from) * k) / STEPS)) as [number, number];
    split(a, b, lowest(a), lowest(b));
  }
  return { temperature, pieces, ties };
}

/** Where one phase gives way to another: G1 = G2, or the end of a domain by bisection. */
function changeOf(
  t: number,
  a: number,
  b: number,
  one: GibbsSurface | undefined,
  two: GibbsSurface | undefined,
  lowest: (p: number) => GibbsSurface | undefined,
): number {
  if (one && two) {
    const difference = (p: number): number => gibbsValue(one, t, p) - gibbsValue(two, t, p);
    const [atA, atB] = [difference(a), difference(b)];
    if (atA <= 0 && atB >= 0 && atB > atA) return root(difference, a, b, atA, atB);
  }
  let [low, high] = [a, b];
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    if (lowest(middle) === one) low = middle;
    else high = middle;
  }
  return high;
}

function tieAt(t: number, p: number, one: GibbsSurface, two: GibbsSurface): TieLine {
  const { error, byPressure } = gibbsDifference(one, two, t, p);
  return {
    phases: [one.phase, two.phase],
    pressure: { value: p, error: error / Math.abs(byPressure) },
    volumes: [readSurface(one, "volume", t, p), readSurface(two, "volume", t, p)],
  };
}

/** F(V) of a phase at T [K] between two pressures [GPa], for a drawing of the hull: A^3/atom and eV/atom. */
export function helmholtzCurve(
  surface: GibbsSurface,
  temperature: number,
  [from, to]: readonly [number, number],
  count = 60,
): { readonly volume: number; readonly energy: number }[] {
  return Array.from({ length: count }, (_, n) => from + ((to - from) * n) / (count - 1))
    .filter((pressure) => isTrusted(surface, [temperature, pressure]))
    .map((pressure) => {
      const volume = readSurface(surface, "volume", temperature, pressure).value;
      return { volume, energy: gibbsValue(surface, temperature, pressure) - (pressure * volume) / GPA_PER_EV_A3 };
    });
}
