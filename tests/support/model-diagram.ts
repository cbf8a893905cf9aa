import type { Phase } from "../../src/free-energy/phase.js";
import { type DiagramData, joinData, noData } from "../../src/phase-diagram/diagram-record.js";
import type { Measure } from "../../src/phase-diagram/grow-diagram.js";
import type { Measurement } from "../../src/phase-diagram/measurement.js";
import { randomStream } from "../../src/random.js";
import { bcc } from "../../src/structure/lattices.js";
import { type ModelPhase, modelPhase } from "./model-phase.js";

/** A model phase that does not last everywhere. */
export interface FragilePhase {
  readonly phase: Phase;
  readonly model: ModelPhase;
  lasts(temperature: number, pressure: number): boolean;
}

const structure = bcc("Ti", 3.3);
const solid = (name: string): Phase => ({ name, structure, repeats: [4, 4, 4], cell: "isotropic" });

/**
 * A metal that is made up after titanium: a close-packed crystal, one that needs heat, one that needs pressure and that heat
 * ends, and a liquid that freezes when it is cold.
 */
export const modelMetal: readonly FragilePhase[] = [
  {
    phase: solid("hcp"),
    model: modelPhase("hcp", { energy: -4.85, volume: 17.6, bulk: 110, slope: 4, theta: 300, gruneisen: 1.2 }),
    lasts: (t, p) => t < 1900 + 30 * p,
  },
  {
    phase: solid("bcc"),
    model: modelPhase("bcc", { energy: -4.8, volume: 17.4, bulk: 107, slope: 4, theta: 254, gruneisen: 1.3 }),
    lasts: (t, p) => t > 700 - 20 * p && t < 2200 + 40 * p,
  },
  {
    phase: solid("omega"),
    model: modelPhase("omega", { energy: -4.842, volume: 17.2, bulk: 112, slope: 4, theta: 302, gruneisen: 1.2 }),
    lasts: (t, p) => t < 1400 + 40 * p,
  },
  {
    phase: { name: "liquid", state: "liquid", structure, repeats: [5, 5, 5] },
    model: modelPhase("liquid", { energy: -4.65, volume: 18.2, bulk: 95, slope: 4.2, theta: 187, gruneisen: 1.3 }),
    lasts: (t, p) => t > 1200 + 20 * p,
  },
];

/** What runs would find, with random errors of the size that runs of some ps have; `log` hears of every batch. */
export function modelMeasure(
  phases: readonly FragilePhase[],
  seed = 0,
  log: (batch: readonly Measurement[]) => void = () => {},
): Measure {
  const measure = ({ phase: name, kind, temperature: t, pressure: p, repeat }: Measurement): DiagramData => {
    const { model, lasts } = phases.find(({ phase }) => phase.name === name)!;
    if (kind === "static") {
      const [enthalpy, volume] = [model.gibbs(1e-6, p), model.volume(1e-6, p)];
      return { ...noData, static: [{ phase: name, pressure: p, enthalpy, volume }] };
    }
    if (!lasts(t, p))
      return { ...noData, limits: [{ phase: name, temperature: t, pressure: p, evidence: "atoms left their sites" }] };
    const random = randomStream(seed, "replica", hash(`${name} ${kind} ${t} ${p} ${repeat}`));
    const drawn = (value: number, error: number) => ({ value: value + error * random.normal(), error });
    const state = {
      phase: name,
      temperature: t,
      pressure: p,
      volume: drawn(model.volume(t, p), 1e-3 * Math.sqrt(t)),
      enthalpy: drawn(model.enthalpy(t, p), 2e-6 * t),
    };
    if (kind === "state") return { ...noData, states: [state] };
    const gibbs = drawn(model.gibbs(t, p), 7e-7 * t);
    const point = {
      phase: name,
      temperature: t,
      pressure: p,
      gibbs,
      atoms: 128,
      replicas: 3,
      dissipation: gibbs,
      parts: {},
    };
    return { ...noData, states: [state], points: [point] };
  };
  return async (batch) => {
    log(batch);
    return batch.map(measure).reduce(joinData, noData);
  };
}

const hash = (text: string): number => [...text].reduce((sum, letter) => (31 * sum + letter.codePointAt(0)!) >>> 0, 7);
