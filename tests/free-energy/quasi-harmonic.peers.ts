import { expect, it } from "vitest";
import { quasiHarmonic } from "../../src/free-energy/quasi-harmonic.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { fcc } from "../../src/structure/lattices.js";
import { mishinCopper, mishinCopperFile, publishedCopperGibbs } from "../support/copper.js";
import { describeWith, isPresent } from "../support/requirements.js";

describeWith([isPresent(mishinCopperFile) ? undefined : "no lammps-data"], "quasi-harmonic copper (Mishin)", () => {
  it("is near the free energies of switching at 1200 K, which have all of the anharmonicity", async () => {
    const { points, residual } = await quasiHarmonic(
      createPotential(mishinCopper()),
      fcc("Cu", 3.65, { primitive: true }),
      {
        temperatures: [1200],
        pressures: publishedCopperGibbs.map(([pressure]) => pressure),
        statistics: "classical",
      },
    );
    expect(residual).toBeLessThan(5e-5);
    // What the approximation leaves out: (kT)^2 times a few per eV, 2 meV here; the published values are round at 1 meV.
    publishedCopperGibbs.forEach(([, gibbs], k) => {
      expect(Math.abs(points[k]!.gibbs - gibbs)).toBeLessThan(4e-3);
    });
  });

  it("expands as copper does: 16.5e-6/K at 300 K (CRC Handbook), within a fifth", async () => {
    const { points } = await quasiHarmonic(createPotential(mishinCopper()), fcc("Cu", 3.615, { primitive: true }), {
      temperatures: [300],
    });
    expect(Math.abs(points[0]!.thermalExpansion / 3 / 16.5e-6 - 1)).toBeLessThan(0.2);
  });
});
