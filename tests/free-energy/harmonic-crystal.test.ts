import { describe, expect, it } from "vitest";
import { gibbsEnergy } from "../../src/free-energy/gibbs.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { toCartesian, toFractional } from "../../src/structure/cell.js";
import { diamond } from "../../src/structure/lattices.js";
import { supercell } from "../../src/structure/supercell.js";
import { harmonicFreeEnergy } from "../support/harmonic-crystal.js";
import { stillingerWeberSilicon } from "../support/silicon.js";

const silicon = createPotential(stillingerWeberSilicon);
const phase = (n: number) =>
  ({ name: "diamond", structure: diamond("Si", 5.43), repeats: [n, n, n], cell: "isotropic" }) as const;

/** F - F(harmonic) [eV/atom] at the mean cell of the run, and the error bar. At 20 K anharmonicity is a few ueV. */
async function deviation(n: number, seed: number, switching: number): Promise<{ value: number; error: number }> {
  const temperature = 20;
  const { parts, averages, gibbs, atoms } = await gibbsEnergy(silicon.spec, phase(n), {
    temperature,
    pressure: 0,
    seed,
    switching,
    sampling: 3000,
  });
  const sites = supercell(diamond("Si", 5.43), [n, n, n]);
  const positions = toCartesian(averages.meanCell, toFractional(sites.cell, sites.positions));
  const exact = await harmonicFreeEnergy(
    silicon,
    { ...sites, cell: averages.meanCell, positions },
    atoms / 2,
    temperature,
  );
  const found = parts.einstein + parts.centerOfMass + parts.switching;
  return { value: found - exact / atoms, error: gibbs.error };
}

describe("harmonic crystal", () => {
  it("64 atoms: the analytic free energy within an error bar below 0.1 meV/atom", async () => {
    const { value, error } = await deviation(2, 1, 4000);
    expect(error).toBeLessThan(1e-4);
    expect(Math.abs(value)).toBeLessThan(2 * error);
  });

  it("8 atoms: error bars of three replicas cover the analytic value in about 68% of 40 runs", async () => {
    const runs = await Promise.all(Array.from({ length: 40 }, (_, seed) => deviation(1, 100 + seed, 1000)));
    const covered = runs.filter(({ value, error }) => Math.abs(value) < error).length / runs.length;
    const bias = runs.reduce((sum, { value }) => sum + value, 0) / runs.length;
    const scatter = Math.sqrt(runs.reduce((sum, { value }) => sum + (value - bias) ** 2, 0) / (runs.length - 1));
    // Binomial sigma of 40 runs is 0.074.
    expect(Math.abs(covered - 0.683)).toBeLessThan(0.18);
    expect(Math.abs(bias)).toBeLessThan((3 * scatter) / Math.sqrt(runs.length));
  });
});
