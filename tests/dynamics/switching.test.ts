import { describe, expect, it } from "vitest";
import type { SwitchingSpec } from "../../src/dynamics/dynamics-spec.js";
import { runDynamics } from "../../src/dynamics/run-dynamics.js";
import { blockAverage } from "../../src/math/statistics.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { simpleCubic } from "../../src/structure/lattices.js";
import { supercell } from "../../src/structure/supercell.js";
import { BOLTZMANN, GPA_PER_EV_A3 } from "../../src/units.js";

const crystal = supercell(simpleCubic("Si", 3), [3, 3, 3]);
const springs = (stiffness: number) =>
  createPotential({ kind: "einstein-crystal", sites: [...crystal.positions], stiffness });
const temperature = 500;
const kT = BOLTZMANN * temperature;
const ensemble = { kind: "nvt", temperature, thermostat: "langevin", thermostatTime: 50 } as const;

/** Works of runs that start where the last one ended, each from an equilibrated end. */
async function works(switching: SwitchingSpec, reference?: ReturnType<typeof springs>): Promise<number[]> {
  const common = { potential: springs(2), ensemble, timestep: 2, ...(reference ? { reference } : {}) };
  const held = ([start]: readonly [number, number]): readonly [number, number] => [start, start];
  const first: SwitchingSpec = {
    potential: held(switching.potential ?? [1, 1]),
    reference: held(switching.reference ?? [0, 0]),
  };
  let { state } = await runDynamics({ ...common, structure: crystal, switching: first, steps: 1000, seed: 1 });
  const found: number[] = [];
  for (let seed = 2; seed < 22; seed++) {
    const { structure, velocities } = state;
    const { rows } = await runDynamics({ ...common, structure, velocities, switching, steps: 2000, seed });
    const { potentialWork, referenceWork } = rows.at(-1)!;
    found.push(potentialWork + referenceWork);
    state = (await runDynamics({ ...common, structure, velocities, switching: first, steps: 400, seed: 100 + seed }))
      .state;
  }
  return found;
}

describe("work of slow switching is the free energy difference of oscillators, 78/2 kT ln(k'/k)", () => {
  const cases: readonly [string, SwitchingSpec, number, number | undefined][] = [
    ["linear, to a stiffer reference", { potential: [1, 0], reference: [0, 1] }, 3, 6],
    ["smooth, and back", { potential: [0, 1], reference: [1, 0], schedule: "smooth" }, 1 / 3, 6],
    ["reciprocal scaling of one Hamiltonian", { potential: [1, 0.4], schedule: "reciprocal" }, 0.4, undefined],
  ];
  it.each(cases)("%s", async (_, switching, ratio, stiffness) => {
    const found = await works(switching, stiffness === undefined ? undefined : springs(stiffness));
    const { value, error } = blockAverage(found, 20);
    const expected = 39 * kT * Math.log(ratio);
    // The mean work lies above by the dissipation, variance/2kT where the response is linear.
    const dissipation = (error ** 2 * found.length) / (2 * kT);
    expect(dissipation).toBeLessThan(0.1);
    expect(Math.abs(value - dissipation - expected), `${value} +- ${error}, expected ${expected}`).toBeLessThan(
      5 * error,
    );
  });
});

it("scaling the pressure along counts the work on the volume, (a - 1) P V at a cell that is nearly fixed", async () => {
  const { rows } = await runDynamics({
    structure: crystal,
    potential: springs(2),
    ensemble: { ...ensemble, kind: "npt", pressure: 0.8, barostatTime: 1e9 },
    switching: { potential: [1, 0.5], scalePressure: true },
    steps: 100,
    seed: 3,
  });
  expect(rows.at(-1)!.volumeWork).toBeCloseTo((-0.5 * 0.8 * 27 * 27) / GPA_PER_EV_A3, 5);
});
