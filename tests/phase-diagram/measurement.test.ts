import { describe, expect, it } from "vitest";
import { ComputationError, NumericalError, WorkerLostError } from "../../src/errors.js";
import type { CellLeg } from "../../src/free-energy/equilibrate-cell.js";
import type { LegStore } from "../../src/free-energy/legs.js";
import type { Phase } from "../../src/free-energy/phase.js";
import { shareProgress } from "../../src/free-energy/shared-progress.js";
import { phaseBoundary } from "../../src/phase-diagram/boundaries.js";
import type { DiagramData } from "../../src/phase-diagram/diagram-record.js";
import { toDiagramPlan } from "../../src/phase-diagram/diagram-settings.js";
import { type Measurement, measureAll } from "../../src/phase-diagram/measurement.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { betaTin, diamond } from "../../src/structure/lattices.js";
import { stillingerWeberSilicon } from "../support/silicon.js";

const spec = createPotential(stillingerWeberSilicon).spec;
const phase: Phase = { name: "diamond", structure: diamond("Si", 5.43), repeats: [1, 1, 1], cell: "isotropic" };
const plan = toDiagramPlan([phase], { temperature: [100, 2000], pressure: [0, 10], seed: 1 });

/** Runs whose end depends on the temperature: 500 K lasts, 1000 K melts, others go as `fail` says. */
const legs = (fail: (leg: CellLeg) => Error): LegStore => ({
  async run<Result>(_: string, input: unknown): Promise<Result> {
    const leg = input as CellLeg;
    const averages = { volume: { value: 20, error: 0.01 }, enthalpy: { value: -4, error: 0.001 } };
    if (leg.temperature === 500) return { ...averages, timestep: 1 } as Result;
    if (leg.temperature === 1000) return { ...averages, transformed: "melted" } as Result;
    throw fail(leg);
  },
  read: async () => undefined,
  write: async () => {},
});

const state = (temperature: number): Measurement => ({
  phase: "diamond",
  kind: "state",
  temperature,
  pressure: 1,
  repeat: 0,
});

const measure = (temperatures: readonly number[], error: Error): Promise<DiagramData> => {
  const progress = shareProgress("test", 10, undefined);
  const run = { spec, phases: [phase], plan, progress, work: { legs: legs(() => error) }, restored: 0 };
  return measureAll(run, temperatures.map(state));
};

const blowUp = new NumericalError({ what: "diamond at 1500 K blew up with steps of 4, 2, 1 fs" });

describe("measureAll", () => {
  it("tells a phase that does not last from runs that fail, and keeps what was measured beside them", async () => {
    const found = await measure([1500, 500, 1000], blowUp);
    expect(found.states).toMatchObject([{ temperature: 500, volume: { value: 20 }, timestep: 1 }]);
    expect(found.limits).toEqual([{ phase: "diamond", temperature: 1000, pressure: 1, evidence: "melted" }]);
    expect(found.failures).toEqual([{ phase: "diamond", temperature: 1500, pressure: 1, message: blowUp.message }]);
  });

  it("has no failures to show where there are none", async () => {
    expect(await measure([500, 1000], blowUp)).not.toHaveProperty("failures");
  });

  it.each([
    ["a full disk", new ComputationError({ what: "disk", value: "full" })],
    ["a lost worker", new WorkerLostError({ what: "thread", value: "lost" })],
  ])("%s is no finding about a phase", async (_, error) => {
    await expect(measure([500, 1500], error)).rejects.toBe(error);
  });
});

describe("phaseBoundary", () => {
  it("where all runs blow up, fails with what the first of them said", async () => {
    const phases = [
      phase,
      { ...phase, name: "beta-tin", structure: betaTin("Si", 4.9, 2.8), repeats: [2, 1, 1], cell: "tetragonal" },
    ];
    const settings = { temperatures: [300, 400], startPressure: 15, seed: 1 };
    const failed = phaseBoundary(spec, phases as never, settings, { legs: legs(() => blowUp) });
    await expect(failed).rejects.toThrow(/^diamond at 300 K and .* GPa: diamond at 1500 K blew up with steps/);
  });
});
