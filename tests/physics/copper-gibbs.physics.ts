import { expect, it } from "vitest";
import { gibbsEnergy } from "../../src/free-energy/gibbs.js";
import { fccCopper, mishinCopper, mishinCopperFile, publishedCopperGibbs } from "../support/copper.js";
import { describeWith, requireLammpsPotentials } from "../support/requirements.js";

describeWith([requireLammpsPotentials(mishinCopperFile)], "copper of Mishin at 1200 K, 500 atoms", () => {
  it.each(publishedCopperGibbs)(
    "G at %d GPa is %d eV/atom within 2 meV, with an error bar below 1 meV",
    async (pressure, published) => {
      const { gibbs, parts, dissipation } = await gibbsEnergy(mishinCopper(), fccCopper, {
        temperature: 1200,
        pressure,
        seed: 1,
        sampling: 6000,
        switching: 10_000,
        replicas: 4,
      });
      console.log(pressure, gibbs, parts, dissipation);
      expect(gibbs.error).toBeLessThan(1e-3);
      // calphy makes no correction for the size of the cell.
      expect(Math.abs(gibbs.value - parts.finiteSize - published)).toBeLessThan(2e-3);
    },
  );
});
