import { describe, expect, it } from "vitest";
import { type EnsembleSpec, toEnsemble } from "../../src/dynamics/ensemble.js";
import { runReference } from "../../src/dynamics/reference-dynamics.js";
import { runDynamics } from "../../src/dynamics/run-dynamics.js";
import { thermalVelocities } from "../../src/dynamics/velocities.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { diamond } from "../../src/structure/lattices.js";
import { supercell } from "../../src/structure/supercell.js";
import { stillingerWeberSilicon } from "../support/silicon.js";

const silicon = supercell(diamond("Si", 5.431), [2, 2, 1]);
const potential = createPotential(stillingerWeberSilicon);

const farthest = (a: Float64Array, b: Float64Array): number =>
  a.reduce((most, x, k) => Math.max(most, Math.abs(x - b[k]!)), 0);

describe("trajectories of the engine and of the reference integrator", () => {
  const cases: readonly [string, EnsembleSpec][] = [
    ["velocity Verlet", { kind: "nve" }],
    ["BAOAB", { kind: "nvt", temperature: 900, thermostat: "langevin", thermostatTime: 50 }],
    ["BAOAB, free center", { kind: "nvt", temperature: 900, thermostat: "langevin", center: "free" }],
    ["stochastic velocity rescaling", { kind: "nvt", temperature: 900, thermostatTime: 50 }],
  ];
  it.each(cases)("agree after 40 steps: %s", async (_, ensemble) => {
    const velocities = thermalVelocities(silicon, 900, 4);
    const settings = { structure: silicon, velocities, timestep: 1, steps: 40, seed: 77 };
    const degrees = 3 * silicon.numbers.length - (ensemble.center === "free" ? 0 : 3);
    const session = await potential.open(silicon, {}, "reference");
    const expected = await runReference(session, { ...settings, ensemble: toEnsemble(ensemble), degrees });
    const { state, rows } = await runDynamics({ ...settings, potential, ensemble, skin: 0.2 });
    // Rounding of 1e-16 in the forces grows by a factor below 1e3 in 40 fs.
    expect(farthest(state.structure.positions, expected.positions)).toBeLessThan(1e-11);
    expect(farthest(state.velocities, expected.velocities)).toBeLessThan(1e-12);
    expect(rows.at(-1)!.potentialEnergy).toBeCloseTo(expected.potentialEnergy, 9);
    expect(rows.map((row) => row.step)).toEqual([0, 10, 20, 30, 40]);
  });
});

describe("energy", () => {
  it("is conserved to second order in the timestep", async () => {
    const spread = async (timestep: number): Promise<number> => {
      const steps = Math.round(200 / timestep);
      const { rows } = await runDynamics({
        structure: silicon,
        potential,
        ensemble: { kind: "nve" },
        initialTemperature: 1000,
        timestep,
        steps,
        seed: 5,
        sampleEvery: 1,
      });
      const energies = rows.map((row) => row.totalEnergy);
      return Math.max(...energies) - Math.min(...energies);
    };
    const [coarse, fine] = [await spread(1), await spread(0.5)];
    expect(coarse / fine).toBeGreaterThan(3.5);
    expect(coarse / fine).toBeLessThan(4.5);
  });

  it("less heat and work stays as constant with a thermostat and with switching as without", async () => {
    const run = { structure: silicon, potential, initialTemperature: 600, steps: 400, seed: 6, sampleEvery: 1 };
    const spread = async (more: Partial<Parameters<typeof runDynamics>[0]>): Promise<number> => {
      const { rows } = await runDynamics({ ...run, ensemble: { kind: "nve" }, ...more });
      const energies = rows.map((row) => row.conservedEnergy);
      return Math.max(...energies) - Math.min(...energies);
    };
    const free = await spread({});
    const nvt = { kind: "nvt", temperature: 600, thermostatTime: 50 } as const;
    expect(await spread({ ensemble: nvt })).toBeLessThan(4 * free);
    expect(await spread({ ensemble: { ...nvt, thermostat: "langevin" } })).toBeLessThan(4 * free);
    expect(await spread({ switching: { potential: [1, 0.6], schedule: "reciprocal" } })).toBeLessThan(4 * free);
    const reference = createPotential({ kind: "einstein-crystal", sites: [...silicon.positions], stiffness: 6 });
    const switching = { potential: [1, 0.2], reference: [0, 0.8], schedule: "smooth" } as const;
    expect(await spread({ reference, switching })).toBeLessThan(4 * free);
  });
});
