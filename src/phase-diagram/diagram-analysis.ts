import { type InPieces, inTurns } from "../event-loop.js";
import type { Phase } from "../free-energy/phase.js";
import { candidatesFor } from "./diagram-candidates.js";
import { type DiagramData, dataOfPhase, lostPlaces } from "./diagram-record.js";
import type { DiagramPlan } from "./diagram-settings.js";
import { fitGibbsSurface, type GibbsSurface } from "./gibbs-surface.js";
import { lineExcess } from "./line-sights.js";
import type { Measurement } from "./measurement.js";
import type { PhaseWindow } from "./phase-data.js";
import { isInDomain, type StatePlace } from "./phase-domain.js";
import { fieldsInPieces, type PhaseField } from "./phase-fields.js";
import { linesInPieces, type PhaseLine } from "./phase-lines.js";
import { proposalsInPieces } from "./refinement.js";
import { mayLast, roundPlace } from "./survey.js";
import { type TriplePoint, triplePoints } from "./triple-points.js";

/** A measurement that is not numbered yet. */
export type WantedMeasurement = Omit<Measurement, "repeat">;

/** What the data of a diagram say. */
export interface DiagramAnalysis {
  readonly lines: readonly PhaseLine[];
  readonly triplePoints: readonly TriplePoint[];
  readonly fields: readonly PhaseField[];
  /** Whether there are stable lines, and all their points are as sure as the target wants. */
  readonly settled: boolean;
  /** What would tell most, the best first, each given those before it; nothing when all is as sure as the target wants. */
  propose(count: number): Promise<readonly WantedMeasurement[]>;
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

/**
 * Lines and triple points from all data, and what to measure next; the event loop gets its turns, and a signal that was
 * aborted ends the work.
 */
export async function analyzeDiagram(
  phases: readonly Phase[],
  data: DiagramData,
  plan: DiagramPlan,
  signal?: AbortSignal,
): Promise<DiagramAnalysis> {
  const { window, target } = plan;
  const { surfaces, excess, ...found } = await inTurns(analysisInPieces(phases, data, plan), signal);
  const { lines } = found;
  return {
    ...found,
    settled: excess === 0 && lines.some(({ stable }) => stable),
    async propose(count) {
      const wanted = [...extensions(surfaces, lines, data, window), ...checks(surfaces, lines, data, window)];
      if (wanted.length < count && excess > 0) {
        const candidates = candidatesFor(phases, lines, data, plan);
        const settings = { target, window, count: count - wanted.length };
        const proposed = await inTurns(proposalsInPieces(surfaces, lines, candidates, settings), signal);
        wanted.push(...proposed.map(({ candidate }) => candidate.measurement));
      }
      return wanted;
    },
  };
}

function* analysisInPieces(
  phases: readonly Phase[],
  data: DiagramData,
  { window, target }: DiagramPlan,
): InPieces<
  Pick<DiagramAnalysis, "lines" | "triplePoints" | "fields"> & {
    readonly surfaces: readonly GibbsSurface[];
    readonly excess: number;
  }
> {
  const surfaces: GibbsSurface[] = [];
  for (const phase of phases) {
    surfaces.push(...diagramSurfaces([phase], data, window));
    yield;
  }
  const lines = yield* linesInPieces(surfaces, window);
  const triple = triplePoints(surfaces, window);
  yield;
  const fields = yield* fieldsInPieces(surfaces, window);
  const { excess } = lineExcess(surfaces, lines, { target, window });
  return { surfaces, lines, triplePoints: triple, fields, excess };
}

/** Where a stable line ends because a phase was not measured further: its state there, so that the line goes on. */
function extensions(
  surfaces: readonly GibbsSurface[],
  lines: readonly PhaseLine[],
  data: DiagramData,
  window: PhaseWindow,
): WantedMeasurement[] {
  const known = (phase: string, [t, p]: StatePlace): boolean =>
    [...data.states, ...lostPlaces(data)].some(
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
