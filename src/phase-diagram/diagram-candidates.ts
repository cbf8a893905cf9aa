import type { Phase } from "../free-energy/phase.js";
import { atomsOf, sizesOf } from "../free-energy/sizes.js";
import { type DiagramData, pooled } from "./diagram-record.js";
import type { DiagramPlan } from "./diagram-settings.js";
import { costOf, type Measurement } from "./measurement.js";
import type { StatePlace } from "./phase-domain.js";
import type { PhaseLine } from "./phase-lines.js";
import type { MeasurementCandidate } from "./refinement.js";
import { mayLast, roundPlace } from "./survey.js";

/** A measurement that could be made, and what it is expected to tell. */
export interface DiagramCandidate extends MeasurementCandidate {
  readonly measurement: Omit<Measurement, "repeat">;
}

/** Places along one line at which measuring is considered. */
const PLACES_PER_LINE = 9;

/**
 * What could be measured next: the state and the Gibbs energy of each phase along its lines and where it was measured before,
 * as far as it may be expected to last there. Costs count atoms.
 */
export function candidatesFor(
  phases: readonly Phase[],
  lines: readonly PhaseLine[],
  data: DiagramData,
  plan: DiagramPlan,
): DiagramCandidate[] {
  const { window } = plan;
  return phases.flatMap((phase) => {
    const { name } = phase;
    const atoms = atomsOf(phase);
    const sizes = sizesOf(phase, plan.sizes).map(atomsOf);
    const meanSize = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
    const places = new Map<string, StatePlace>();
    const add = (temperature: number, pressure: number): void => {
      const place = roundPlace(window, [temperature, pressure]);
      if (place[0] > 0 && mayLast(name, data, window, place)) places.set(place.join(" "), place);
    };
    for (const { phases: sides, points } of lines)
      if (sides.includes(name))
        for (let k = 0; k < PLACES_PER_LINE; k++) {
          const { temperature, pressure } = points[Math.round((k * (points.length - 1)) / (PLACES_PER_LINE - 1))]!;
          add(temperature.value, pressure.value);
        }
    for (const { phase: of, temperature, pressure } of data.states) if (of === name) add(temperature, pressure);
    return [...places.values()].flatMap(([temperature, pressure]) => {
      const state = stateErrors(name, data, temperature);
      const gibbs = gibbsError(name, data) * temperature;
      return (["state", "gibbs"] as const).map((kind): DiagramCandidate => {
        const measurement = { phase: name, kind, temperature, pressure };
        return {
          phase: name,
          temperature,
          pressure,
          errors: kind === "gibbs" ? { ...state, gibbs } : state,
          cost: costOf(measurement, plan) * (kind === "gibbs" ? meanSize : atoms),
          measurement,
        };
      });
    });
  });
}

/** Errors that a run at T may be expected to have, after those of the phase so far: fluctuations of H grow as T, of V as its root. */
function stateErrors(name: string, data: DiagramData, temperature: number): { volume: number; enthalpy: number } {
  const states = data.states.filter(({ phase }) => phase === name);
  return {
    volume: median(states.map(({ volume, temperature: t }) => volume.error / Math.sqrt(t))) * Math.sqrt(temperature),
    enthalpy: median(states.map(({ enthalpy, temperature: t }) => enthalpy.error / t)) * temperature,
  };
}

/** Error of a Gibbs energy over T; few replicas make one of them hardly known, so few count together with other phases'. */
function gibbsError(name: string, data: DiagramData): number {
  const own = pooled(data.points.filter(({ phase }) => phase === name));
  return median(
    (own.length < 3 ? pooled(data.points) : own).map(({ gibbs, temperature }) => gibbs.error / temperature),
  );
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
