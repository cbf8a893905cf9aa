import { expect, it } from "vitest";
import { readText } from "../../src/formats/files.node.js";
import { parsePotentialExpression } from "../../src/formats/potential-expression.js";
import { gibbsByAlchemy } from "../../src/free-energy/alchemical.js";
import { gibbsEnergy } from "../../src/free-energy/gibbs.js";
import { fccCopper, mishinCopper } from "../support/copper.js";
import { describeWith, isPresent, LAMMPS_POTENTIALS, requireLammpsPotentials } from "../support/requirements.js";

/** Copper of M. I. Mendelev, M. J. Kramer, C. A. Becker, M. Asta, Phil. Mag. 88 (2008) 1723, which no package holds. */
const mendelevCopperFile = process.env.PHASECELL_MENDELEV_COPPER ?? "Cu1.eam.fs";

describeWith([requireLammpsPotentials()], "from potential to potential", () => {
  it.skipIf(!isPresent(mendelevCopperFile))(
    "copper of Mendelev to Mishin at 600 K: -0.254485 eV/atom within 1 meV (calphy, example 07; file by PHASECELL_MENDELEV_COPPER)",
    async () => {
      const settings = { temperature: 600, pressure: 0, seed: 1, sampling: 10_000, switching: 4000 };
      const mendelev = parsePotentialExpression(mendelevCopperFile, readText);
      const phase = { ...fccCopper, repeats: [4, 4, 4] } as const;
      const { start, difference, gibbs } = await gibbsByAlchemy(mendelev, mishinCopper(), phase, settings);
      console.log(start.gibbs, difference, gibbs);
      expect(difference.error).toBeLessThan(5e-4);
      expect(Math.abs(difference.value + 0.254485)).toBeLessThan(1e-3);
      // calphy makes no correction for the size of the cell.
      expect(Math.abs(start.gibbs.value - start.parts.finiteSize + 3.440051)).toBeLessThan(1e-3);
    },
  );

  const zhouCopperFile = `${LAMMPS_POTENTIALS}/Cu_zhou.eam.alloy`;
  it("copper of Zhou to Mishin at 600 K: the difference of both Gibbs energies within three error bars", async () => {
    const settings = { temperature: 600, pressure: 0, seed: 1, sampling: 10_000, switching: 4000 };
    const zhou = parsePotentialExpression(zhouCopperFile, readText);
    const phase = { ...fccCopper, repeats: [4, 4, 4] } as const;
    const { gibbs, difference } = await gibbsByAlchemy(zhou, mishinCopper(), phase, settings);
    const direct = await gibbsEnergy(mishinCopper(), phase, { ...settings, seed: 2 });
    console.log(difference, gibbs, direct.gibbs);
    expect(gibbs.error).toBeLessThan(1e-3);
    expect(Math.abs(gibbs.value - direct.gibbs.value)).toBeLessThan(3 * Math.hypot(gibbs.error, direct.gibbs.error));
  });
});
