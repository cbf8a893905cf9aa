import { expect, it } from "vitest";
import { gibbsEnergy } from "../../src/free-energy/gibbs.js";
import { fccCopper, mishinCopper, mishinCopperFile, publishedCopperGibbs } from "../support/copper.js";
import { isPresent } from "../support/requirements.js";

it.skipIf(!isPresent(mishinCopperFile))(
  "G of copper (Mishin, from lammps-data) at 1200 K and 0 GPa is calphy's within 2 meV/atom",
  async () => {
    const { gibbs } = await gibbsEnergy(mishinCopper(), fccCopper, {
      temperature: 1200,
      pressure: 0,
      seed: 3,
      switching: 4000,
    });
    expect(gibbs.error).toBeLessThan(1.5e-3);
    expect(Math.abs(gibbs.value - publishedCopperGibbs[0][1])).toBeLessThan(2e-3);
  },
);
