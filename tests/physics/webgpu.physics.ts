import { afterAll, expect, it } from "vitest";
import { webGpuBenchSystems } from "../../src/cli/bench-webgpu-systems.js";
import type { Thermodynamics } from "../../src/dynamics/thermodynamics.js";
import type { LawSpec } from "../../src/potentials/potential.js";
import { diamond, fcc } from "../../src/structure/lattices.js";
import { supercell } from "../../src/structure/supercell.js";
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
      const mean = (from: number): number => {
        const part = rows.filter(({ time }) => time >= from && time < from + 1000);
        return part.reduce((sum, row) => sum + row.conservedEnergy, 0) / part.length / atoms;
      };
      const drift = ((mean(9000) - mean(1000)) * 10) / 8;
      console.log(`${name}, ${atoms} atoms: ${drift.toExponential(1)} eV/atom in 10 ps`);
      expect(Math.abs(drift)).toBeLessThan(1e-5);
    },
    HOUR,
  );
});
