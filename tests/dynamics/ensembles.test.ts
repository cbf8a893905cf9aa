import { describe, expect, it } from "vitest";
import type { EnsembleSpec } from "../../src/dynamics/ensemble.js";
import { runDynamics } from "../../src/dynamics/run-dynamics.js";
import { blockAverage } from "../../src/math/statistics.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { randomStream } from "../../src/random.js";
import { simpleCubic } from "../../src/structure/lattices.js";
import { toStructure } from "../../src/structure/structure.js";
import { supercell } from "../../src/structure/supercell.js";
import { BOLTZMANN, GPA_PER_EV_A3 } from "../../src/units.js";

/** Within five standard errors of the mean: a false alarm once in a million. */
const expectMean = (values: readonly number[], expected: number): void => {
  const { value, error } = blockAverage(values, 20);
  expect(Math.abs(value - expected), `${value} +- ${error}, expected ${expected}`).toBeLessThan(5 * error);
};

const crystal = supercell(simpleCubic("Si", 3), [3, 3, 3]);
const springs = createPotential({ kind: "einstein-crystal", sites: [...crystal.positions], stiffness: 4 });

describe("canonical ensemble of 27 atoms on springs", () => {
  const temperature = 700;
  const kT = BOLTZMANN * temperature;
  const cases: readonly [string, EnsembleSpec, number][] = [
    ["Langevin, fixed center", { kind: "nvt", temperature, thermostat: "langevin", thermostatTime: 60 }, 78],
    [
      "Langevin, free center",
      { kind: "nvt", temperature, thermostat: "langevin", center: "free", thermostatTime: 60 },
      81,
    ],
    ["velocity rescaling", { kind: "nvt", temperature, thermostatTime: 60 }, 78],
  ];
  it.each(cases)(
    "%s: mean and variance of the kinetic energy, mean of the potential energy",
    async (name, ensemble, degrees) => {
      const { rows, averages } = await runDynamics({
        structure: crystal,
        potential: springs,
        ensemble,
        timestep: 3,
        steps: 40_000,
        seed: 12,
        sampleEvery: 10,
        averages: { after: 1000, every: 5 },
      });
      const kept = rows.slice(100);
      expectMean(
        kept.map((row) => row.kineticEnergy),
        (degrees / 2) * kT,
      );
      // Fluctuations around the known mean.
      expectMean(
        kept.map((row) => (row.kineticEnergy - (degrees / 2) * kT) ** 2),
        (degrees / 2) * kT ** 2,
      );
      // One frequency: rescaling alone exchanges no energy between equal oscillators, but their sum is canonical.
      expectMean(
        kept.map((row) => row.potentialEnergy),
        (degrees / 2) * kT,
      );
      expect(averages!.steps).toBe(39_001);
      expect(averages!.looks).toBe(7_801);
      if (name.startsWith("velocity")) return;
      const meanSquare = averages!.fluctuations.reduce((sum, x) => sum + x, 0) / 27;
      // 7,801 looks at 27 atoms, one period of 80 fs apart at best: 1% is three standard errors.
      expect(meanSquare / ((degrees / 27) * (kT / 4))).toBeCloseTo(1, 1.7);
    },
  );
});

describe("isothermal-isobaric ensemble of an ideal gas", () => {
  const temperature = 600;
  const kT = BOLTZMANN * temperature;
  const count = 32;
  const pressure = 0.05;
  // p(V) ~ V^N exp(-P V/kT): mean (N+1) kT/P, variance (N+1) (kT/P)^2.
  const unit = kT / (pressure / GPA_PER_EV_A3);
  const side = Math.cbrt((count + 1) * unit);
  const random = randomStream(3, "rattle");
  const gas = toStructure({
    cell: [side, 0, 0, 0, side, 0, 0, 0, side],
    numbers: new Array(count).fill(18),
    positions: Array.from({ length: 3 * count }, () => side * random.uniform()),
  });
  const nothing = createPotential({ kind: "lennard-jones", epsilon: 0, sigma: 1, cutoff: 2 });

  it("mean and variance of the volume", async () => {
    const { rows } = await runDynamics({
      structure: gas,
      potential: nothing,
      ensemble: {
        kind: "npt",
        temperature,
        pressure,
        thermostat: "langevin",
        thermostatTime: 200,
        barostatTime: 2000,
        compressibility: 1 / pressure,
      },
      timestep: 4,
      steps: 150_000,
      seed: 21,
      sampleEvery: 20,
      moveLimit: 5,
    });
    const volumes = rows.slice(200).map((row) => row.volume);
    expectMean(volumes, (count + 1) * unit);
    expectMean(
      volumes.map((volume) => (volume - (count + 1) * unit) ** 2),
      (count + 1) * unit ** 2,
    );
  });
});
