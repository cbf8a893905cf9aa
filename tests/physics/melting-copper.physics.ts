import { describe, expect, it } from "vitest";
import { directCoexistence } from "../../src/phase-diagram/direct-coexistence.js";
import { fccCopper, mishinCopper, mishinCopperFile, publishedCopperMelting } from "../support/copper.js";
import { apart, type MeltingByGibbs, meltingByGibbs, shown } from "../support/melting.js";
import { describeWith, requireLammpsPotentials } from "../support/requirements.js";

describeWith([requireLammpsPotentials(mishinCopperFile)], "copper of Mishin", () => {
  describe.each([0, 5, 10, 15, 20])("melts at %d GPa as published, within 20 K or 2 percent", (pressure) => {
    const expected = publishedCopperMelting(pressure);
    const tolerance = pressure === 0 ? 20 : 0.02 * expected;
    let found: Promise<MeltingByGibbs> | undefined;
    const crossing = () =>
      (found ??= meltingByGibbs(mishinCopper(), fccCopper, {
        ...{ temperature: expected, pressure, seed: 3, sampling: 10_000, switching: 10_000, replicas: 4 },
      }));

    it("by G of both phases, 500 atoms", async () => {
      const { melting, heat } = await crossing();
      console.log(
        `${pressure} GPa by G: ${shown(melting)} K, published ${expected.toFixed(1)}; heat ${heat.toFixed(4)} eV`,
      );
      expect(melting.error).toBeLessThan(tolerance / 2);
      expect(Math.abs(melting.value - expected)).toBeLessThan(tolerance);
    });

    it("beside its melt, 1300 atoms, within two error bars of G", async () => {
      const { melting, settled, runs } = await directCoexistence(mishinCopper(), fccCopper, {
        pressure,
        temperature: [0.92 * expected, 1.08 * expected],
        ...{ tolerance: tolerance / 3, runs: 18, width: 7, length: 20, seed: 4 },
      });
      const byGibbs = (await crossing()).melting;
      const sigma = apart(byGibbs, melting);
      console.log(`${pressure} GPa side by side: ${shown(melting)} K, ${runs.length} runs, settled ${settled}`);
      console.log(`${pressure} GPa by G: ${shown(byGibbs)} K, ${sigma.toFixed(1)} sigma off`);
      expect(melting.error).toBeLessThan(tolerance / 2);
      expect(Math.abs(melting.value - expected)).toBeLessThan(tolerance);
      expect(sigma).toBeLessThan(2);
    });
  });
});
