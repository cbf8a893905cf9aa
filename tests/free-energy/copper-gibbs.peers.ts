import { expect, it } from "vitest";
import { gibbsEnergy } from "../../src/free-energy/gibbs.js";
import { fccCopper, mishinCopper, mishinCopperFile, publishedCopperGibbs } from "../support/copper.js";
import { describeWith, requireLammpsPotentials } from "../support/requirements.js";

describeWith([requireLammpsPotentials(mishinCopperFile)], "copper of Mishin", () => {
  it("G at 1200 K and 0 GPa is calphy's within 2 meV/atom", async () => {
    const { gibbs, parts } = await gibbsEnergy(mishinCopper(), fccCopper, {
      temperature: 1200,
      pressure: 0,
      seed: 3,
      switching: 4000,
    });
    expect(gibbs.error).toBeLessThan(1.5e-3);
    // calphy makes no correction for the size of the cell.
    expect(Math.abs(gibbs.value - parts.finiteSize - publishedCopperGibbs[0][1])).toBeLessThan(2e-3);
  });

  // Draws of the Einstein crystal blew up here: replicas now start from dynamics of their own.
  it("copper near melting, 20 GPa: G with steps of 4 fs is that with 1 fs, and nothing blows up", async () => {
    const place = { temperature: 2040, pressure: 20, seed: 2, replicas: 6 };
    const brief = { ...place, equilibration: 500, sampling: 2000, switching: 1500 };
    const [long, short] = await Promise.all(
      [4, 1].map((timestep) => gibbsEnergy(mishinCopper(), fccCopper, { ...brief, timestep })),
    );
    for (const found of [long!, short!]) expect(found).not.toHaveProperty("timestep");
    const off = Math.abs(long!.gibbs.value - short!.gibbs.value);
    expect(off).toBeLessThan(3 * Math.hypot(long!.gibbs.error, short!.gibbs.error));
  });
});
