import { expect, it } from "vitest";
import { directCoexistence } from "../../src/phase-diagram/direct-coexistence.js";
import { fccCopper, mishinCopper, mishinCopperFile } from "../support/copper.js";
import { describeWith, isPresent } from "../support/requirements.js";

/**
 * K: melting of this potential after S. Wang, G. Zhang, H. Liu and H. Song, J. Chem. Phys. 138 (2013) 134101, as calphy's
 * example 05 gives it.
 */
const published = (pressure: number): number => 1315 * (pressure / 15.84 + 1) ** 0.543;

describeWith(
  [isPresent(mishinCopperFile) ? undefined : "no lammps-data"],
  "copper of Mishin beside its melt, 1300 atoms",
  () => {
    it.each([
      [0, 20],
      [5, 0.02 * published(5)],
      [10, 0.02 * published(10)],
      [15, 0.02 * published(15)],
      [20, 0.02 * published(20)],
    ])("melts at %d GPa as published, within %d K", async (pressure, tolerance) => {
      const expected = published(pressure);
      const { melting, runs, settled, rates } = await directCoexistence(mishinCopper(), fccCopper, {
        pressure,
        temperature: [0.92 * expected, 1.08 * expected],
        tolerance: tolerance / 3,
        runs: 18,
        width: 7,
        length: 20,
        seed: 4,
      });
      console.log(pressure, melting, settled, runs.length, rates);
      expect(melting.error).toBeLessThan(tolerance / 2);
      expect(Math.abs(melting.value - expected)).toBeLessThan(tolerance);
    });
  },
);
