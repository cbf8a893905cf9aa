import type { Phase } from "../free-energy/phase.js";
import { candidatesFor } from "./diagram-candidates.js";
import { type DiagramData, dataOfPhase } from "./diagram-record.js";
import type { DiagramPlan } from "./diagram-settings.js";
import { fitGibbsSurface, type GibbsSurface } from "./gibbs-surface.js";
import { lineExcess } from "./line-sights.js";
import type { Measurement } from "./measurement.js";
import type { PhaseWindow } from "./phase-data.js";
import { isInDomain, type StatePlace } from "./phase-domain.js";
import { type PhaseLine, tracePhaseLines } from "./phase-lines.js";
import { proposeMeasurements } from "./refinement.js";
import { stablePhase } from "./stability.js";
import { mayLast, roundPlace } from "./survey.js";
import { type TriplePoint, triplePoints } from "./triple-points.js";

/** A measurement that is not numbered yet. */
export type WantedMeasurement = Omit<Measurement, "repeat">;

/** What the data of a diagram say. */
export interface DiagramAnalysis {
  readonly lines: readonly PhaseLine[];
  readonly triplePoints: readonly TriplePoint[];
  /** Whether there are stable lines, and all their points are as sure as the target wants. */
  readonly settled: boolean;
  /** What would tell most, the best first, each given those before it; nothing when all is as sure as the target wants. */
  propose(count: number): readonly WantedMeasurement[];
}

/** The surfaces of all phases whose absolute Gibbs energy is known somewhere. */
export const diagramSurfaces = (
  phases: readonly { readonly name: string }[],
  data: DiagramData,
  window: PhaseWindow,
): GibbsSurface[] =>
  phases
    .filter(({ name }) => data.points.some(({ phase }) => phase === name))
    .map(({ name }) => fitGibbsSurface(name, dataOfPhase(name, data), { window }));

/** Lines and triple points from all data, and what to measure next. */
export function analyzeDiagram(phases: readonly Phase[], data: DiagramData, plan: DiagramPlan): DiagramAnalysis {
  const { window, target } = plan;
  const surfaces = diagramSurfaces(phases, data, window);
  const lines = tracePhaseLines(surfaces, window);
  const { excess } = lineExcess(surfaces, lines, { target, window });
  return {
    lines,
    triplePoints: triplePoints(surfaces, window),
    settled: lines.some(({ stable }) => stable) && excess === 0,
    propose(count) {
      const wanted = [...extensions(surfaces, lines, data, window), ...checks(surfaces, lines, data, window)];
      if (wanted.length === 0 && lines.length === 0) wanted.push(...doubts(surfaces, data, window));
      if (wanted.length < count && excess > 0) {
        const candidates = candidatesFor(phases, lines, data, plan);
        const settings = { target, window, count: count - wanted.length };
        wanted.push(
          ...proposeMeasurements(surfaces, lines, candidates, settings).map(({ candidate }) => candidate.measurement),
        );
      }
      return wanted;
    },
  };
}

/** Where a stable line ends because a phase was not measured further: its state there, so that the line goes on. */
function extensions(
  surfaces: readonly GibbsSurface[],
  lines: readonly PhaseLine[],
  data: DiagramData,
  window: PhaseWindow,
): WantedMeasurement[] {
  const known = (phase: string, [t, p]: StatePlace): boolean =>
    [...data.states, ...data.limits].some(
      (place) => place.phase === phase && place.temperature === t && place.pressure === p,
    );
  return lines
    .filter(({ stable }) => stable)
    .flatMap(({ phases, points, ends }) =>
      ends.flatMap((end, k) => {
        if (end !== "domain") return [];
        const { temperature, pressure } = points[k === 0 ? 0 : points.length - 1]!;
        const place = roundPlace(window, [temperature.value, pressure.value]);
        return phases
          .filter((name) => {
            const { domain } = surfaces.find(({ phase }) => phase === name)!;
            const [t, p] = domain.margin;
            const outside = !isInDomain({ hull: domain.hull, margin: [t / 10, p / 10] }, ...place);
            return outside && !known(name, place) && mayLast(name, data, window, place);
          })
          .map((phase): WantedMeasurement => {
            return { phase, kind: "state", temperature: place[0], pressure: place[1] };
          });
      }),
    );
}

/** Of a phase on a stable line one absolute Gibbs energy is not enough: nothing would tell that it is off. */
function checks(
  surfaces: readonly GibbsSurface[],
  lines: readonly PhaseLine[],
  data: DiagramData,
  window: PhaseWindow,
): WantedMeasurement[] {
  return surfaces.flatMap(({ phase }): WantedMeasurement[] => {
    if (data.points.filter((point) => point.phase === phase).length > 1) return [];
    const places = lines
      .filter(({ stable, phases }) => stable && phases.includes(phase))
      .flatMap(({ points }) => points)
      .map(({ temperature, pressure }) => roundPlace(window, [temperature.value, pressure.value]))
      .filter((place) => mayLast(phase, data, window, place));
    const place = places[Math.floor(places.length / 2)];
    return place ? [{ phase, kind: "gibbs", temperature: place[0], pressure: place[1] }] : [];
  });
}

/** Places of the window that are looked at for hidden crossings, along each axis. */
const LOOKS = 12;

/** Sigmas by which two Gibbs energies differ for sure. */
const SURE = 3;

/** Without any line: both phases where it is least sure which of them is stable, if it is unsure at all. */
function doubts(surfaces: readonly GibbsSurface[], data: DiagramData, window: PhaseWindow): WantedMeasurement[] {
  let least = SURE;
  let wanted: WantedMeasurement[] = [];
  for (let i = 0; i <= LOOKS; i++)
    for (let j = 0; j <= LOOKS; j++) {
      const at = ([from, to]: readonly [number, number], k: number): number => from + ((to - from) * k) / LOOKS;
      const [t, p] = roundPlace(window, [at(window.temperature, i), at(window.pressure, j)]);
      const found = t > 0 ? stablePhase(surfaces, t, p) : undefined;
      if (!found?.next) continue;
      const { value, error } = found.next.difference;
      const both = [found.phase, found.next.phase];
      if (value / error >= least || !both.every((phase) => mayLast(phase, data, window, [t, p]))) continue;
      least = value / error;
      wanted = both.map((phase) => ({ phase, kind: "gibbs", temperature: t, pressure: p }));
    }
  return wanted;
}
