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

  it("copper near melting, 4 fs: a draw of the Einstein crystal that blows up is repeated with half the step", async () => {
    const place = { temperature: 2040, pressure: 20, seed: 2, replicas: 6 };
    const brief = { ...place, equilibration: 500, sampling: 2000, switching: 1500 };
    const [long, short] = await Promise.all(
      [4, 1].map((timestep) => gibbsEnergy(mishinCopper(), fccCopper, { ...brief, timestep })),
    );
    const steps = long!.works.map(({ timestep }) => timestep);
    expect(steps.filter((step) => step !== undefined)).toEqual([2]);
    expect(long!.timestep).toBe(2);
    expect(short!).not.toHaveProperty("timestep");
    // A replica with another step belongs to the others: G is that of runs that never blow up.
    const off = Math.abs(long!.gibbs.value - short!.gibbs.value);
    expect(off).toBeLessThan(3 * Math.hypot(long!.gibbs.error, short!.gibbs.error));
  });
});
