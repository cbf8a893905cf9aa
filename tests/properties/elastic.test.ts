import { describe, expect, it } from "vitest";
import { minimize } from "../../src/dynamics/minimize.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { cubicConstants, elasticConstants } from "../../src/properties/elastic.js";
import { deform, strainGradient } from "../../src/structure/cell.js";
import { diamond } from "../../src/structure/lattices.js";
import { GPA_PER_EV_A3 } from "../../src/units.js";
import { stillingerWeberSilicon } from "../support/silicon.js";

const silicon = createPotential(stillingerWeberSilicon);

describe("Stillinger-Weber silicon", () => {
  // Measured with LAMMPS (peers.md 5): a 5.43095 A, E -4.33660 eV/atom, C 151.42 / 76.42 / 56.45 GPa; 0.1%.
  it("has the lattice constant, energy and relaxed elastic constants of LAMMPS", async () => {
    const { structure, energy } = await minimize(silicon, diamond("Si", 5.3), { cell: "isotropic" });
    expect(structure.cell[0]).toBeCloseTo(5.43095, 4);
    expect(energy / 8).toBeCloseTo(-4.3366, 5);
    const elastic = await elasticConstants(silicon, structure);
    const { c11, c12, c44 } = cubicConstants(elastic);
    expect(Math.abs(c11 / 151.42 - 1)).toBeLessThan(1e-3);
    expect(Math.abs(c12 / 76.42 - 1)).toBeLessThan(1e-3);
    expect(Math.abs(c44 / 56.45 - 1)).toBeLessThan(1e-3);
    expect(elastic.bulkModulus.hill).toBeCloseTo((c11 + 2 * c12) / 3, 6);
    expect(elastic.asymmetry).toBeLessThan(0.01);
    expect(elastic.stable).toBe(true);
  });

  it("is stiffer in shear when the atoms may not relax: the curvature of the energy", async () => {
    const { structure, energy, volume } = await minimize(silicon, diamond("Si", 5.43), { cell: "isotropic" });
    const { c44 } = cubicConstants(await elasticConstants(silicon, structure, { relaxed: false }));
    const session = await silicon.open(structure);
    const sheared = await Promise.all(
      [-1e-3, 1e-3].map(async (gamma) => {
        const { cell, positions } = deform(structure, strainGradient([0, 0, 0, gamma, 0, 0]));
        return (await session.evaluate({ cell, positions })).energy;
      }),
    );
    const curvature = (sheared[0]! + sheared[1]! - 2 * energy) / 1e-6 / volume;
    expect(c44).toBeGreaterThan(100);
    expect(c44 / (curvature * GPA_PER_EV_A3)).toBeCloseTo(1, 4);
  });
});
