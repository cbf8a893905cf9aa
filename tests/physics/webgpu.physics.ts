import { afterAll, expect, it } from "vitest";
import { webGpuBenchSystems } from "../../src/cli/bench-webgpu-systems.js";
import { runDynamics } from "../../src/dynamics/run-dynamics.js";
import type { Thermodynamics } from "../../src/dynamics/thermodynamics.js";
import { type Estimate, mean, meanOfSeries } from "../../src/math/statistics.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import type { LawSpec } from "../../src/potentials/potential.js";
import { diamond, fcc } from "../../src/structure/lattices.js";
import { supercell } from "../../src/structure/supercell.js";
import { BOLTZMANN, GPA_PER_EV_A3 } from "../../src/units.js";
import { ratioSlope } from "../support/ensemble-check.js";
import { describeWith } from "../support/requirements.js";
import { stillingerWeberSilicon } from "../support/silicon.js";
import { askWebGpu, requireWebGpu, stopWebGpu } from "../support/webgpu.js";

afterAll(stopWebGpu);

const argon: LawSpec = { kind: "lennard-jones", epsilon: 0.0103, sigma: 3.4, cutoff: 7.5, shifted: "force" };
const copper = webGpuBenchSystems.find(({ name }) => name === "eam")!.law;
const HOUR = 3_600_000;

describeWith([requireWebGpu()], "drift of engine webgpu over 10 ps", () => {
  it.each([
    ["argon", argon, fcc("Ar", 5.3), 3, 100, 4],
    ["silicon of Stillinger and Weber", stillingerWeberSilicon, diamond("Si", 5.431), 2, 600, 1],
    ["copper in EAM tables", copper, fcc("Cu", 3.615), 3, 600, 2],
  ] as const)(
    "%s stays below 1e-5 eV/atom",
    async (name, potential, cell, n, initialTemperature, timestep) => {
      const structure = supercell(cell, [n, 0, 0, 0, n, 0, 0, 0, n]);
      const steps = 10_000 / timestep;
      const spec = {
        structure,
        ensemble: { kind: "nve" },
        initialTemperature,
        timestep,
        steps,
        seed: 3,
        sampleEvery: 5,
      };
      const { rows } = await askWebGpu<{ rows: Thermodynamics[] }>("run", { spec, potential }, HOUR);
      const atoms = structure.numbers.length;
      // Means over the second and the last picosecond: the first is where half of the kinetic energy goes.
      const energyFrom = (from: number): number => {
        const part = rows.filter(({ time }) => time >= from && time < from + 1000);
        return mean(part.map(({ conservedEnergy }) => conservedEnergy)) / atoms;
      };
      const drift = ((energyFrom(9000) - energyFrom(1000)) * 10) / 8;
      console.log(`${name}, ${atoms} atoms: ${drift.toExponential(1)} eV/atom in 10 ps`);
      expect(Math.abs(drift)).toBeLessThan(1e-5);
    },
    HOUR,
  );
});

const crystal = supercell(fcc("Ar", 5.35), [2, 2, 2]);
const anharmonic: LawSpec = { kind: "lennard-jones", epsilon: 0.0104, sigma: 3.4, cutoff: 6.5 };

describeWith([requireWebGpu()], "isobaric distributions of engine webgpu", () => {
  it.each([
    ["isotropic", "velocity-rescaling"],
    ["orthorhombic", "langevin"],
  ] as const)(
    "cell %s, %s: volumes of two pressures have the ratio of their Boltzmann factors, and the means of engine wasm",
    async (cell, thermostat) => {
      const temperature = 50;
      const [low, high] = [0.05, 0.12];
      const specOf = (pressure: number, seed: number) => ({
        structure: crystal,
        ensemble: {
          ...({ kind: "npt", temperature, pressure, cell, thermostat } as const),
          ...{ thermostatTime: 200, barostatTime: 500, compressibility: 0.5 },
        },
        ...{ timestep: 8, steps: 40_000, seed, sampleEvery: 20 },
      });
      const volumes = (rows: readonly Thermodynamics[]): number[] =>
        rows.slice(rows.length / 10).map(({ volume }) => volume);
      const onGpu = async (pressure: number, seed: number): Promise<number[]> => {
        const request = { spec: specOf(pressure, seed), potential: anharmonic };
        return volumes((await askWebGpu<{ rows: Thermodynamics[] }>("run", request, HOUR)).rows);
      };
      const [first, second] = [await onGpu(low, 3), await onGpu(high, 4)];
      const expected = (low - high) / GPA_PER_EV_A3 / (BOLTZMANN * temperature);
      const { slope, error } = ratioSlope(first, second);
      console.log(`slope ${slope.toFixed(4)} +- ${error.toFixed(4)}, expected ${expected.toFixed(4)}`);
      expect(error / Math.abs(expected)).toBeLessThan(0.12);
      expect(Math.abs(slope - expected)).toBeLessThan(5 * error);
      for (const [pressure, found] of [
        [low, first],
        [high, second],
      ] as const) {
        const { rows } = await runDynamics({ ...specOf(pressure, 5), potential: createPotential(anharmonic) });
        const [gpu, wasm] = [found, volumes(rows)].map((values) => meanOfSeries(Float64Array.from(values))) as [
          Estimate,
          Estimate,
        ];
        console.log(
          `${pressure} GPa: ${gpu.value.toFixed(2)} +- ${gpu.error.toFixed(2)}, wasm ${wasm.value.toFixed(2)} +- ${wasm.error.toFixed(2)} A^3`,
        );
        expect(Math.abs(gpu.value - wasm.value)).toBeLessThan(5 * Math.hypot(gpu.error, wasm.error));
      }
    },
    HOUR,
  );
});
