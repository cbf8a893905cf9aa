import { afterAll, expect, it } from "vitest";
import { type CrystalGibbs, gibbsEnergy } from "../../src/free-energy/gibbs.js";
import { switchToUhlenbeckFord } from "../../src/free-energy/liquid-switching-leg.js";
import { scalePotential } from "../../src/free-energy/scaling-leg.js";
import type { SwitchingWork } from "../../src/free-energy/switching.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { diamond, fcc } from "../../src/structure/lattices.js";
import { supercell } from "../../src/structure/supercell.js";
import { describeWith } from "../support/requirements.js";
import { stillingerWeberSilicon } from "../support/silicon.js";
import { largestDifference } from "../support/tolerance.js";
import { askWebGpu, requireWebGpu, stopWebGpu } from "../support/webgpu.js";

afterAll(stopWebGpu);

const PATIENCE = 240_000;
const silicon = createPotential(stillingerWeberSilicon).spec;
const argon = createPotential({
  kind: "lennard-jones",
  epsilon: 0.0103,
  sigma: 3.4,
  cutoff: 6.94,
  shifted: "force",
}).spec;

describeWith([requireWebGpu()], "free energies in engine webgpu", () => {
  it("gives the G of a crystal that engine wasm gives, replicas at once", async () => {
    const phase = { name: "diamond", structure: diamond("Si", 5.431), repeats: [2, 2, 2], cell: "isotropic" } as const;
    const settings = {
      ...{ temperature: 600, pressure: 0, seed: 1, timestep: 2 },
      ...{ equilibration: 200, sampling: 400, switching: 400, replicas: 3 },
    };
    const request = { spec: silicon, phase, settings };
    const gpu = await askWebGpu<{ result: CrystalGibbs; launches: number[] }>("gibbs", request, PATIENCE);
    // Three replicas, each averaged at constant pressure, settled in the mean cell and switched there and back, mostly together.
    expect(gpu.launches.reduce((sum, replicas) => sum + replicas, 0)).toBe(12);
    const wasm = await gibbsEnergy(silicon, phase, settings);
    const off = gpu.result.gibbs.value - wasm.gibbs.value;
    expect(Math.abs(off)).toBeLessThan(5 * Math.hypot(gpu.result.gibbs.error, wasm.gibbs.error));
    // Short runs stay together to f32, which leaves 5e-7 eV/atom.
    expect(Math.abs(off)).toBeLessThan(1e-5);
    expect(gpu.result.averages.volume.value).toBeCloseTo(wasm.averages.volume.value, 3);
  }, 300_000);

  it("switches a liquid to the Uhlenbeck-Ford model and back", async () => {
    const structure = supercell(fcc("Ar", 5.6), [2, 2, 2]);
    const leg = (seed: number) => ({
      ...{ potential: argon, phase: "liquid", structure, temperature: 100, timestep: 5, seed },
      ...{ reference: { scaling: 25, sigma: 2 }, equilibration: 250, switching: 250, slowness: 1 },
    });
    const inputs = [leg(1), leg(2)];
    const { results, launches } = await askWebGpu<{ results: SwitchingWork[]; launches: number[] }>(
      "legs",
      { name: "switch-to-uhlenbeck-ford", inputs },
      PATIENCE,
    );
    expect(launches).toEqual([2, 2, 2, 2]);
    for (const [k, input] of inputs.entries()) {
      const wasm = await switchToUhlenbeckFord(input);
      for (const way of ["forward", "backward"] as const)
        expect(Math.abs(results[k]![way] - wasm[way]) / structure.numbers.length, way).toBeLessThan(1e-5);
    }
  }, 300_000);

  it("scales the potential of a crystal", async () => {
    const structure = supercell(diamond("Si", 5.431), [2, 2, 2]);
    const input = {
      ...{
        potential: silicon,
        phase: "diamond",
        structure,
        cell: "isotropic" as const,
        temperature: 600,
        finalTemperature: 900,
        bulkModulus: 100,
      },
      ...{ pressure: 0, points: 4, timestep: 2, equilibration: 200, switching: 400, slowness: 1, seed: 5 },
    } as const;
    const { results } = await askWebGpu<{ results: Awaited<ReturnType<typeof scalePotential>>[] }>(
      "legs",
      { name: "scale-potential", inputs: [input] },
      PATIENCE,
    );
    const wasm = await scalePotential(input);
    expect(largestDifference(results[0]!.factors, wasm.factors)).toBeLessThan(1e-7);
    for (const way of ["forward", "backward"] as const)
      expect(largestDifference(results[0]![way], wasm[way]) / structure.numbers.length, way).toBeLessThan(1e-5);
  }, 300_000);
});
