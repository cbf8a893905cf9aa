import { atOnce, type InPieces } from "../event-loop.js";
import type { Estimate } from "../math/statistics.js";
import { gibbsDifference, gibbsDifferenceValue, gibbsValue } from "./gibbs-difference.js";
import type { GibbsSurface } from "./gibbs-surface.js";
import type { PhaseWindow } from "./phase-data.js";
import { isInDomain, type StatePlace } from "./phase-domain.js";
import { valuesOnGrid, type ZeroCurve, zeroContour } from "./zero-contour.js";

/** A place where two phases have the same Gibbs energy. */
export interface LinePoint {
  /** K; the error is that of T at this P, at most the window. */
  readonly temperature: Estimate;
  /** GPa; the error is that of P at this T, at most the window. */
  readonly pressure: Estimate;
}

/** Why a line goes no further: the window, the domain of a phase, another phase of the same G, or it is closed. */
export type LineEnd = "window" | "domain" | "triple point" | "closed";

/** One piece of the line G1 = G2, stable or metastable throughout. */
export interface PhaseLine {
  readonly phases: readonly [string, string];
  /** Whether no other of the phases has a lower G. */
  readonly stable: boolean;
  /** At least two, in order along the line. */
  readonly points: readonly LinePoint[];
  readonly ends: readonly [LineEnd, LineEnd];
}

/**
 * All pieces of the line G1 = G2 in a window where both phases are trusted, vertical and horizontal ones, closed ones and
 * several alike; each stable or metastable against `others`.
 */
export function tracePhaseLine(
  one: GibbsSurface,
  two: GibbsSurface,
  window: PhaseWindow,
  others: readonly GibbsSurface[] = [],
): PhaseLine[] {
  const line: Line = { one, two, window, others };
  return coexistenceCurves(one, two, window).flatMap((curve) => piecesOf(line, curve));
}

/** The lines of all pairs of phases. */
export const tracePhaseLines = (surfaces: readonly GibbsSurface[], window: PhaseWindow): PhaseLine[] =>
  atOnce(linesInPieces(surfaces, window));

/** `tracePhaseLines`, a curve at a time. */
export function* linesInPieces(surfaces: readonly GibbsSurface[], window: PhaseWindow): InPieces<PhaseLine[]> {
  for (const surface of surfaces) {
    valuesOf(surface, window);
    yield;
  }
  const lines: PhaseLine[] = [];
  for (const [i, one] of surfaces.entries())
    for (const two of surfaces.slice(i + 1)) {
      const others = surfaces.filter((other) => other !== one && other !== two);
      for (const curve of coexistenceCurves(one, two, window)) {
        lines.push(...piecesOf({ one, two, window, others }, curve));
        yield;
      }
      yield;
    }
  return lines;
}

/** G1 = G2 over all of the window, domains aside. */
export function coexistenceCurves(one: GibbsSurface, two: GibbsSurface, window: PhaseWindow): ZeroCurve[] {
  const [a, b] = [valuesOf(one, window), valuesOf(two, window)];
  const differences = a.map((value, n) => value - b[n]!);
  return zeroContour((t, p) => gibbsDifferenceValue(one, two, t, p), window, differences);
}

interface KnownValues {
  readonly window: PhaseWindow;
  readonly values: Float64Array;
}

/** Each phase is in several pairs. */
const known = new WeakMap<GibbsSurface, KnownValues>();

function valuesOf(surface: GibbsSurface, window: PhaseWindow): Float64Array {
  const last = known.get(surface);
  if (last?.window === window) return last.values;
  const values = valuesOnGrid((t, p) => gibbsValue(surface, t, p), window);
  known.set(surface, { window, values });
  return values;
}

export const isTrusted = ({ domain }: GibbsSurface, [t, p]: StatePlace): boolean => isInDomain(domain, t, p);

interface Line {
  readonly one: GibbsSurface;
  readonly two: GibbsSurface;
  readonly window: PhaseWindow;
  readonly others: readonly GibbsSurface[];
}

type Label = "outside" | "stable" | "metastable";

/** eV/atom: below this two Gibbs energies are the same. */
const SAME = 1e-9;

function labelOf({ one, two, others }: Line, place: StatePlace): Label {
  if (!isTrusted(one, place) || !isTrusted(two, place)) return "outside";
  const level = gibbsValue(one, ...place) - SAME;
  return others.some((other) => isTrusted(other, place) && gibbsValue(other, ...place) < level)
    ? "metastable"
    : "stable";
}

interface Piece {
  readonly label: Label;
  readonly places: readonly StatePlace[];
  readonly start: LineEnd;
  readonly end: LineEnd;
}

/** Cuts a curve where its label changes; the place of the change belongs to both sides. */
function piecesOf(line: Line, curve: ZeroCurve): PhaseLine[] {
  const places = curve.closed ? [...curve.places, curve.places[0]!] : curve.places;
  const labels = places.map((place) => labelOf(line, place));
  const pieces: Piece[] = [];
  const border: LineEnd = curve.closed ? "closed" : "window";
  let current: Piece = { label: labels[0]!, places: [places[0]!], start: border, end: border };
  for (let n = 1; n < places.length; n++) {
    if (labels[n] !== current.label) {
      const cut = changeBetween(line, places[n - 1]!, places[n]!, current.label);
      const end = endAt(line, cut, current.label, labels[n]!);
      pieces.push({ ...current, places: [...current.places, cut], end });
      current = { label: labels[n]!, places: [cut], start: end, end: border };
    }
    current = { ...current, places: [...current.places, places[n]!] };
  }
  pieces.push(current);
  // A closed curve that was cut goes through the place where it happened to start.
  if (curve.closed && pieces.length > 1 && pieces[0]!.label === current.label) {
    const first = pieces.shift()!;
    pieces.pop();
    pieces.push({ ...current, places: [...current.places, ...first.places.slice(1)], end: first.end });
  }
  return pieces
    .filter(({ label }) => label !== "outside")
    .map(({ label, places: of, start, end }) => ({
      phases: [line.one.phase, line.two.phase] as const,
      stable: label === "stable",
      points: thinned(of, line.window).map((place) => pointAt(line, place)),
      ends: [start, end] as const,
    }))
    .filter(({ points }) => points.length > 1);
}

function endAt(line: Line, place: StatePlace, from: Label, to: Label): LineEnd {
  if (from === "outside" || to === "outside") return "domain";
  const level = gibbsValue(line.one, ...place);
  const meets = (other: GibbsSurface): boolean => Math.abs(gibbsValue(other, ...place) - level) < 1e-6;
  return line.others.some((other) => isTrusted(other, place) && meets(other)) ? "triple point" : "domain";
}

/** Bisection along the chord, each trial moved onto the curve. */
function changeBetween(line: Line, from: StatePlace, to: StatePlace, label: Label): StatePlace {
  let [low, high] = [0, 1];
  const at = (x: number): StatePlace =>
    ontoLine(line, [from[0] + x * (to[0] - from[0]), from[1] + x * (to[1] - from[1])]);
  for (let step = 0; step < 45; step++) {
    const middle = (low + high) / 2;
    if (labelOf(line, at(middle)) === label) low = middle;
    else high = middle;
  }
  return at(label === "outside" ? high : low);
}

/** Newton's method along the gradient, in units of the window. */
function ontoLine({ one, two, window }: Line, start: StatePlace): StatePlace {
  const [dt, dp] = extent(window);
  let [t, p] = start;
  for (let step = 0; step < 20; step++) {
    const { value, byTemperature, byPressure } = gibbsDifference(one, two, t, p);
    const [gt, gp] = [byTemperature * dt, byPressure * dp];
    const move = value / (gt ** 2 + gp ** 2);
    t -= move * gt * dt;
    p -= move * gp * dp;
    if (Math.hypot(move * gt, move * gp) < 1e-13) break;
  }
  return [t, p];
}

const extent = ({ temperature, pressure }: PhaseWindow): StatePlace => [
  temperature[1] - temperature[0],
  pressure[1] - pressure[0],
];

/** Of the window's size: places of a line closer than this to each other are one. */
const SPACING = 0.01;

/** Without places that crowd; the ends stay. */
function thinned(places: readonly StatePlace[], window: PhaseWindow): StatePlace[] {
  const [dt, dp] = extent(window);
  const gap = (a: StatePlace, b: StatePlace): number => Math.hypot((a[0] - b[0]) / dt, (a[1] - b[1]) / dp);
  const last = places[places.length - 1]!;
  const kept = [places[0]!];
  for (const place of places.slice(1, -1))
    if (gap(place, kept[kept.length - 1]!) >= SPACING && gap(place, last) >= SPACING) kept.push(place);
  return gap(last, kept[kept.length - 1]!) > 0 || kept.length > 1 ? [...kept, last] : kept;
}

function pointAt({ one, two, window }: Line, [t, p]: StatePlace): LinePoint {
  const { error, byTemperature, byPressure } = gibbsDifference(one, two, t, p);
  const [dt, dp] = extent(window);
  return {
    temperature: { value: t, error: Math.min(dt, error / Math.abs(byTemperature)) },
    pressure: { value: p, error: Math.min(dp, error / Math.abs(byPressure)) },
  };
}
