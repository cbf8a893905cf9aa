import { describe, expect, it } from "vitest";
import type { DynamicsSpec } from "../../src/dynamics/dynamics-spec.js";
import { runDynamics } from "../../src/dynamics/run-dynamics.js";
import { blockAverage, type Estimate, mean } from "../../src/math/statistics.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { diamond } from "../../src/structure/lattices.js";
import { supercell } from "../../src/structure/supercell.js";
import { BOLTZMANN, GPA_PER_EV_A3 } from "../../src/units.js";
import { stillingerWeberSilicon } from "../support/silicon.js";

const potential = createPotential(stillingerWeberSilicon);

describe("Stillinger-Weber silicon, 512 atoms at 1000 K", () => {
  const silicon = supercell(diamond("Si", 5.431), [4, 4, 4]);
  const base: DynamicsSpec = { structure: silicon, potential, ensemble: { kind: "nve" }, steps: 20_000, seed: 8 };

  it("the energy drifts by less than 1e-6 eV/atom in 20 ps", async () => {
    // Half of the kinetic energy of a perfect crystal becomes potential energy.
    const prepared = await runDynamics({ ...base, initialTemperature: 2000, steps: 2000 });
    const { structure, velocities } = prepared.state;
    const { rows } = await runDynamics({ ...base, structure, velocities, sampleEvery: 1 });
    expect(Math.abs(mean(rows.map((row) => row.temperature)) - 1000)).toBeLessThan(50);
    const energies = rows.map((row) => row.totalEnergy / silicon.numbers.length);
    expect(Math.abs(slope(energies) * 20_000)).toBeLessThan(1e-6);
  });
});

describe("constant pressure, 216 atoms at 800 K and 3 GPa", () => {
  const silicon = supercell(diamond("Si", 5.431), [3, 3, 3]);
  const base = { structure: silicon, potential, timestep: 2, steps: 30_000, seed: 15, initialTemperature: 1600 };
  const ensemble = { kind: "npt", temperature: 800, pressure: 3, barostatTime: 300, thermostatTime: 100 } as const;
  const kept = 2000;
  /** Of 2.8 ps each, many times as long as volume and stress remember. */
  const BLOCKS = 20;

  it("every cell that is free has the mean volume of every other, and the mean stress asked for", async () => {
    const found: Estimate[] = [];
    for (const cell of ["isotropic", "tetragonal", "any"] as const) {
      const { rows } = await runDynamics({ ...base, ensemble: { ...ensemble, cell } });
      const late = rows.filter((row) => row.step > kept);
      found.push(
        blockAverage(
          late.map((row) => row.volume),
          BLOCKS,
        ),
      );
      // With the center of mass at rest the mean pressure lacks kT/V.
      const lacking = (BOLTZMANN * ensemble.temperature * GPA_PER_EV_A3) / found.at(-1)!.value;
      for (let k = 0; k < 6; k++) {
        if (k >= 3 && cell !== "any") continue;
        const { value, error } = blockAverage(
          late.map((row) => -row.stress[k]! * GPA_PER_EV_A3),
          BLOCKS,
        );
        if (cell === "any" || k === 2)
          expect(
            Math.abs(value - (k < 3 ? ensemble.pressure - lacking : 0)),
            `${cell} ${k}: ${value} +- ${error}`,
          ).toBeLessThan(5 * error);
      }
    }
    for (const { value, error } of found)
      expect(Math.abs(value - found[0]!.value)).toBeLessThan(5 * Math.hypot(error, found[0]!.error));
  });
});

/** Least-squares slope per index. */
function slope(values: readonly number[]): number {
  const center = (values.length - 1) / 2;
  const middle = mean(values);
  let [top, bottom] = [0, 0];
  values.forEach((y, i) => {
    top += (i - center) * (y - middle);
    bottom += (i - center) ** 2;
  });
  return top / bottom;
}
