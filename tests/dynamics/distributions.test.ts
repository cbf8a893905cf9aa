import { describe, expect, it } from "vitest";
import type { EnsembleSpec } from "../../src/dynamics/ensemble.js";
import { runDynamics } from "../../src/dynamics/run-dynamics.js";
import type { Thermodynamics } from "../../src/dynamics/thermodynamics.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { fcc } from "../../src/structure/lattices.js";
import { supercell } from "../../src/structure/supercell.js";
import { BOLTZMANN, GPA_PER_EV_A3 } from "../../src/units.js";
import { kolmogorovOfGamma, ratioSlope } from "../support/ensemble-check.js";

const argon = supercell(fcc("Ar", 5.35), [2, 2, 2]);
const potential = createPotential({ kind: "lennard-jones", epsilon: 0.0104, sigma: 3.4, cutoff: 6.5 });

/** Anharmonic argon; the first tenth is left out. */
async function rowsOf(ensemble: EnsembleSpec, seed: number, steps = 60_000): Promise<readonly Thermodynamics[]> {
  const { rows } = await runDynamics(
    { structure: argon, potential, ensemble, timestep: 8, steps, seed, sampleEvery: 20 },
    { threads: 1 },
  );
  return rows.slice(rows.length / 10);
}

/** Within five standard errors, which are short of a tenth of the slope: a wrong ensemble would show. */
function expectSlope({ slope, error }: { slope: number; error: number }, expected: number): void {
  const found = `${slope} +- ${error}, expected ${expected}`;
  expect(error / Math.abs(expected), found).toBeLessThan(0.1);
  expect(Math.abs(slope - expected), found).toBeLessThan(5 * error);
}

const thermostats = [
  ["velocity-rescaling", 200],
  ["langevin", 300],
] as const;

describe.each(thermostats)("canonical distributions, %s", (thermostat, thermostatTime) => {
  const nvt = (temperature: number): EnsembleSpec => ({ kind: "nvt", temperature, thermostat, thermostatTime });
  const [cold, hot] = [40, 50];

  it("energies of two temperatures have the ratio of their Boltzmann factors, kinetic energies a gamma distribution", async () => {
    const [first, second] = [await rowsOf(nvt(cold), 1, 100_000), await rowsOf(nvt(hot), 2, 100_000)];
    const expected = 1 / (BOLTZMANN * cold) - 1 / (BOLTZMANN * hot);
    for (const energy of ["potentialEnergy", "totalEnergy"] as const)
      expectSlope(
        ratioSlope(
          first.map((row) => row[energy]),
          second.map((row) => row[energy]),
        ),
        expected,
      );
    // 93 degrees of freedom. One row in ten is 1.6 ps from the next: independent. 2.2 is passed once in 8,000 times.
    const kinetic = second.filter((_, k) => k % 10 === 0).map((row) => row.kineticEnergy / (BOLTZMANN * hot));
    expect(kolmogorovOfGamma(kinetic, 93 / 2)).toBeLessThan(2.2);
    // The check sees a temperature that is 5% off.
    expect(
      kolmogorovOfGamma(
        kinetic.map((x) => 1.05 * x),
        93 / 2,
      ),
    ).toBeGreaterThan(2.2);
  });
});

describe.each([
  ["isotropic", "velocity-rescaling"],
  ["isotropic", "langevin"],
  ["tetragonal", "velocity-rescaling"],
  ["orthorhombic", "velocity-rescaling"],
  ["any", "velocity-rescaling"],
  ["uniaxial", "velocity-rescaling"],
] as const)("isobaric distributions, cell %s, %s", (cell, thermostat) => {
  const temperature = 50;
  const npt = (pressure: number): EnsembleSpec => ({
    ...{ kind: "npt", temperature, pressure, cell, thermostat },
    ...{ thermostatTime: 200, barostatTime: 500, compressibility: 0.5 },
  });

  it("volumes of two pressures have the ratio of their Boltzmann factors", async () => {
    const [low, high] = [0.05, 0.12];
    const [first, second] = [await rowsOf(npt(low), 3), await rowsOf(npt(high), 4)];
    const volumes = (rows: readonly Thermodynamics[]): number[] => rows.map((row) => row.volume);
    const expected = (low - high) / GPA_PER_EV_A3 / (BOLTZMANN * temperature);
    expectSlope(ratioSlope(volumes(first), volumes(second)), expected);
  });
});
