import { describe, expect, it } from "vitest";
import type { CellRun } from "../../src/free-energy/equilibrate-cell.js";
import { gibbsEnergy } from "../../src/free-energy/gibbs.js";
import type { LegStore } from "../../src/free-energy/legs.js";
import { joinRuns } from "../../src/free-energy/replicated-averages.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { diamond } from "../../src/structure/lattices.js";
import { BOLTZMANN, GPA_PER_EV_A3 } from "../../src/units.js";
import { tasks } from "../../src/worker.js";
import { stillingerWeberSilicon } from "../support/silicon.js";

const structure = diamond("Si", 5.43);

/** One atom that was at x, apart from vibrations of so many A^2, in a cell of volume v or v + 1. */
function cellRun(x: number, square: number, v: number, steps = 4): CellRun {
  const volumes = Float64Array.from({ length: steps }, (_, i) => v + (i % 2));
  return {
    meanCell: Float64Array.of(v, 0, 0, 0, 1, 0, 0, 0, 1),
    volume: { value: v + 0.5, error: 0 },
    enthalpy: { value: 0, error: 0 },
    bulkModulus: 1,
    meanSquaredDisplacements: Float64Array.of(square),
    displacements: Float64Array.of(x, 0, 0),
    series: { volumes, enthalpies: volumes.map((volume) => -volume) },
    end: { structure, velocities: new Float64Array(0) },
  };
}

describe("joinRuns", () => {
  const joined = joinRuns([cellRun(0.2, 0.01, 10), cellRun(-0.2, 0.03, 12)], Uint8Array.of(14), 300);

  it("tells what one run of all steps would", () => {
    expect(joined.volume.value).toBe(11.5);
    expect(joined.enthalpy.value).toBe(-11.5);
    expect(joined.meanCell[0]).toBe(11);
    // Volumes 10, 11, 10, 11, 12, 13, 12, 13: squares of deviations 1.5, 0.5 twice each on either side.
    const variance = (4 * 1.5 ** 2 + 4 * 0.5 ** 2) / 7;
    expect(joined.bulkModulus).toBeCloseTo(((BOLTZMANN * 300 * 11.5) / variance) * GPA_PER_EV_A3, 9);
  });

  it("counts as vibration what runs differ in", () => {
    expect(joined.meanSquaredDisplacements[0]).toBeCloseTo(0.02 + 0.2 ** 2, 12);
  });

  it("weighs a run that took shorter steps as the others", () => {
    const shorter = { ...cellRun(0, 0.01, 12, 8), timestep: 1 };
    const { volume, timestep } = joinRuns([cellRun(0, 0.01, 10), shorter], Uint8Array.of(14), 300);
    expect(volume.value).toBeCloseTo((10.5 + 13) / 2, 12);
    expect(timestep).toBe(1);
  });
});

it("a Gibbs energy has the same bits with legs one after another as side by side in workers", async () => {
  const silicon = createPotential(stillingerWeberSilicon);
  const phase = { name: "diamond", structure, repeats: [2, 2, 2], cell: "isotropic" } as const;
  const lengths = { equilibration: 100, sampling: 200, switching: 100, replicas: 3 };
  const settings = { ...lengths, temperature: 600, pressure: 2, seed: 11 };
  const order: string[] = [];
  let last: Promise<unknown> = Promise.resolve();
  const oneByOne: LegStore = {
    run<Result>(name: string, input: unknown) {
      const next = last.then(() => {
        order.push(name);
        return tasks[name]!(input as never, {}) as Promise<Result>;
      });
      last = next;
      return next;
    },
    read: async () => undefined,
    write: async () => {},
  };
  const alone = await gibbsEnergy(silicon.spec, phase, settings, { legs: oneByOne });
  expect(order).toEqual([...Array(3).fill("equilibrate-cell"), ...Array(3).fill("switch-to-einstein")]);
  expect(await gibbsEnergy(silicon.spec, phase, settings)).toEqual(alone);
});
