import { describe, expect, it } from "vitest";
import { runTask } from "#host";
import { ComputationError, NumericalError } from "../../src/errors.js";
import { type CellAverages, type CellLeg, equilibrateCell } from "../../src/free-energy/equilibrate-cell.js";
import { phaseAverages, phaseGibbs } from "../../src/free-energy/phase.js";
import { type ShorterSteps, shortest, withShorterSteps } from "../../src/free-energy/shorter-steps.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { diamond } from "../../src/structure/lattices.js";
import type { Structure } from "../../src/structure/structure.js";
import { supercell } from "../../src/structure/supercell.js";
import { stillingerWeberSilicon } from "../support/silicon.js";

const silicon = createPotential(stillingerWeberSilicon).spec;
const structure = supercell(diamond("Si", 5.43), [2, 2, 2]);

/** Steps three times as long as silicon stands near its melting point. */
const tooLong: CellLeg = {
  potential: silicon,
  phase: "diamond",
  structure,
  cell: "isotropic",
  bulkModulus: 100,
  temperature: 1600,
  pressure: 0,
  timestep: 18,
  slowness: 1,
  equilibration: 180,
  sampling: 360,
  seed: 1,
};

/** Two atoms in one place, more or less: no step is short enough. */
const collided = (): Structure => {
  const positions = structure.positions.slice();
  positions.set([positions[0]! + 1e-3, positions[1]!, positions[2]!], 3);
  return { ...structure, positions };
};

describe("a leg that blows up", () => {
  it("is repeated with half the step, which the result names: in a worker with the bits it has here", async () => {
    await expect(equilibrateCell(tooLong)).rejects.toBeInstanceOf(NumericalError);
    const found = await runTask<CellAverages>("equilibrate-cell", tooLong);
    expect([9, 4.5]).toContain(found.timestep);
    const { timestep, ...averages } = found;
    expect(averages).toEqual(await equilibrateCell({ ...tooLong, timestep: timestep! }));
    expect(await runTask("equilibrate-cell", tooLong)).toEqual(found);
  });

  it("says nothing of steps where none was too long", async () => {
    const found = await runTask<CellAverages>("equilibrate-cell", { ...tooLong, timestep: 2 });
    expect(found).not.toHaveProperty("timestep");
  });

  it("fails after the third try with one line: what, with which steps, what to do", async () => {
    const failed = runTask("equilibrate-cell", { ...tooLong, structure: collided() });
    await expect(failed).rejects.toBeInstanceOf(NumericalError);
    await expect(failed).rejects.toThrow(
      /^diamond at 1600 K blew up with steps of 18, 9, 4.5 fs: atom \d+ \(Si\) feels .*; expected a potential that .*; try a lower .* core$/,
    );
  });

  it("leaves its step in averages and in Gibbs energies", async () => {
    const phase = { name: "diamond", structure: diamond("Si", 5.43), repeats: [2, 2, 2], cell: "isotropic" } as const;
    const brief = { temperature: 1600, pressure: 0, timestep: 18, equilibration: 180, sampling: 360, seed: 1 };
    const averages = await phaseAverages(silicon, phase, brief);
    expect(averages.timestep).toBeLessThan(18);
    const gibbs = await phaseGibbs(silicon, phase, { ...brief, switching: 360, replicas: 2 });
    const steps = [gibbs.averages, ...gibbs.works].map(({ timestep = 18 }: ShorterSteps) => timestep);
    expect(gibbs.timestep).toBe(Math.min(...steps));
    expect(gibbs.timestep).toBeLessThan(18);
  });
});

describe("withShorterSteps", () => {
  const leg = { phase: "x", temperature: 300, timestep: 4 };

  it("tries three steps, each half as long as the one before", async () => {
    const tried: number[] = [];
    const task = withShorterSteps(async ({ timestep }: typeof leg) => {
      tried.push(timestep);
      throw new NumericalError({ what: "dynamics" });
    });
    await expect(task(leg)).rejects.toThrow(/^x at 300 K blew up with steps of 4, 2, 1 fs/);
    expect(tried).toEqual([4, 2, 1]);
  });

  it("repeats nothing that failed for another reason", async () => {
    let tries = 0;
    const task = withShorterSteps(async (_: typeof leg) => {
      tries++;
      throw new ComputationError({ what: "disk" });
    });
    await expect(task(leg)).rejects.toThrow(/^disk$/);
    expect(tries).toBe(1);
  });

  it("the shortest of several is what a reader is told", () => {
    expect(shortest([{}, { timestep: 2 }, { timestep: 1 }])).toEqual({ timestep: 1 });
    expect(shortest([{}, {}])).toEqual({});
  });
});
