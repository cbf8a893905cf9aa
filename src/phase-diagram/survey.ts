import type { Phase } from "../free-energy/phase.js";
import { type DiagramData, lostPlaces } from "./diagram-record.js";
import { SURVEY_PRESSURES, SURVEY_TEMPERATURES } from "./diagram-settings.js";
import { canRest, type Measurement } from "./measurement.js";
import type { PhaseWindow } from "./phase-data.js";
import type { StatePlace } from "./phase-domain.js";

/** The first measurements of all phases: their state on a grid over the window, crystals also at rest. */
export function surveyOf(phases: readonly Phase[], window: PhaseWindow): Measurement[] {
  const temperatures = nodes(window.temperature, SURVEY_TEMPERATURES);
  const pressures = nodes(window.pressure, SURVEY_PRESSURES);
  return phases.flatMap((phase) => [
    ...(canRest(phase) ? pressures : []).map((pressure): Measurement => {
      return { phase: phase.name, kind: "static", temperature: 0, pressure, repeat: 0 };
    }),
    ...temperatures.flatMap((temperature) =>
      pressures.map((pressure): Measurement => {
        return { phase: phase.name, kind: "state", temperature, pressure, repeat: 0 };
      }),
    ),
  ]);
}

/** The states halfway between neighbors on an isobar of the survey of which one lasted and one did not. */
export function bordersOf(phases: readonly Phase[], data: DiagramData, window: PhaseWindow): Measurement[] {
  return phases.flatMap(({ name }) => {
    const states = data.states.filter(({ phase }) => phase === name);
    const tried = [...states, ...data.limits.filter(({ phase, temperature }) => phase === name && temperature > 0)];
    return [...new Set(tried.map(({ pressure }) => pressure))].flatMap((pressure) => {
      const isobar = tried
        .filter((place) => place.pressure === pressure)
        .toSorted((a, b) => a.temperature - b.temperature);
      return isobar.slice(1).flatMap((hot, n): Measurement[] => {
        const cold = isobar[n]!;
        if (states.includes(hot as never) === states.includes(cold as never)) return [];
        const [temperature] = roundPlace(window, [(hot.temperature + cold.temperature) / 2, pressure]);
        return [{ phase: name, kind: "state", temperature, pressure, repeat: 0 }];
      });
    });
  });
}

/** Chebyshev's nodes in a range, as round as a hundredth of it allows: polynomials through them do not swing. */
function nodes(range: readonly [number, number], count: number): number[] {
  const [from, to] = range;
  return Array.from({ length: count }, (_, k) => {
    const share = (1 - Math.cos(((2 * k + 1) * Math.PI) / (2 * count))) / 2;
    return roundIn(range, from + share * (to - from));
  });
}

/** A place rounded in both directions as `roundIn` does. */
export const roundPlace = ({ temperature, pressure }: PhaseWindow, [t, p]: StatePlace): StatePlace => [
  roundIn(temperature, t),
  roundIn(pressure, p),
];

/** A number rounded to the power of ten below a hundredth of a range, kept inside it. */
function roundIn([from, to]: readonly [number, number], x: number): number {
  const digits = -Math.floor(Math.log10((to - from) / 100));
  const rounded = Number(x.toFixed(Math.max(0, Math.min(20, digits))));
  return Math.min(to, Math.max(from, digits < 0 ? Math.round(x / 10 ** -digits) * 10 ** -digits : rounded));
}

/**
 * Whether a phase may be expected to last at a place: the known place nearest to it, on the scale of the survey's grid,
 * is one where it did. So nothing is measured beyond a limit of stability, and what lies between is tried.
 */
export function mayLast(phase: string, data: DiagramData, window: PhaseWindow, [t, p]: StatePlace): boolean {
  const scale: StatePlace = [
    (window.temperature[1] - window.temperature[0]) / SURVEY_TEMPERATURES,
    (window.pressure[1] - window.pressure[0]) / SURVEY_PRESSURES,
  ];
  const nearest = (places: readonly { phase: string; temperature: number; pressure: number }[]): number =>
    places
      .filter((place) => place.phase === phase && place.temperature > 0)
      .reduce(
        (least, { temperature, pressure }) =>
          Math.min(least, Math.hypot((temperature - t) / scale[0], (pressure - p) / scale[1])),
        Number.POSITIVE_INFINITY,
      );
  return nearest(data.states) < nearest(lostPlaces(data));
}

/**
 * Where the absolute Gibbs energy of a phase is tried next: at the place nearest to the middle of where it lasts. A place
 * where it was lost in the longer runs that this takes is a limit by then, so the anchor moves by itself: of a crystal that
 * melts to lower temperatures, of one that softens or a liquid that freezes to higher ones.
 */
export function anchorOf(phase: string, data: DiagramData, window: PhaseWindow): Measurement | undefined {
  const lost = new Set(
    lostPlaces(data)
      .filter((lost) => lost.phase === phase)
      .map(nameOf),
  );
  const places = data.states.filter((state) => state.phase === phase && !lost.has(nameOf(state)));
  if (places.length === 0) return undefined;
  const middle = (of: (place: (typeof places)[number]) => number): number =>
    places.reduce((sum, place) => sum + of(place), 0) / places.length;
  const [t, p] = [middle((place) => place.temperature), middle((place) => place.pressure)];
  const [width, height] = [window.temperature, window.pressure].map(([from, to]) => to - from) as [number, number];
  const off = (place: (typeof places)[number]): number =>
    Math.hypot((place.temperature - t) / width, (place.pressure - p) / height);
  const { temperature, pressure } = places.reduce((best, place) => (off(place) < off(best) ? place : best));
  return { phase, kind: "gibbs", temperature, pressure, repeat: 0 };
}

const nameOf = ({ temperature, pressure }: { readonly temperature: number; readonly pressure: number }): string =>
  `${temperature} ${pressure}`;
