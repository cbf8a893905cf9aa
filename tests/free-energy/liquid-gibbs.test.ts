import { describe, expect, it } from "vitest";
import { gibbsByAlchemy } from "../../src/free-energy/alchemical.js";
import { gibbsAlongIsotherm } from "../../src/free-energy/isotherm.js";
import { liquidGibbs } from "../../src/free-energy/liquid-gibbs.js";
import { gibbsAlongIsobar } from "../../src/free-energy/reversible-scaling.js";
import { exactGibbs, meltable, pressureAt, substance } from "../support/uhlenbeck-ford.js";

const temperature = 1000;
const x = 0.6;
const pressure = pressureAt(25, x, temperature);
const settings = { temperature, pressure, seed: 1, equilibration: 500, sampling: 4000, switching: 3000, replicas: 4 };

describe("liquids with a known free energy: the Uhlenbeck-Ford model as a substance, 108 atoms", () => {
  it("G at T and P, in parts whose sum it is", async () => {
    const { gibbs, parts } = await liquidGibbs(substance(25, temperature), meltable(x), settings);
    expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBe(gibbs.value);
    expect(gibbs.error).toBeLessThan(2e-3);
    expect(Math.abs(gibbs.value - exactGibbs(25, temperature, pressure))).toBeLessThan(3 * gibbs.error);
  });

  it("along an isobar by reversible scaling", async () => {
    const { points } = await gibbsAlongIsobar(substance(50, temperature), meltable(0.55), {
      ...settings,
      finalTemperature: 2000,
      points: 5,
    });
    for (const { gibbs, temperature: t } of [points[0]!, points.at(-1)!]) {
      const exact = exactGibbs((50 * temperature) / t, t, pressure);
      expect(Math.abs(gibbs.value - exact)).toBeLessThan(3 * gibbs.error);
    }
  });

  it("along an isotherm by compression", async () => {
    const finalPressure = 1.5 * pressure;
    const { points } = await gibbsAlongIsotherm(substance(25, temperature), meltable(x), {
      ...settings,
      finalPressure,
      points: 5,
    });
    const { gibbs } = points.at(-1)!;
    expect(Math.abs(gibbs.value - exactGibbs(25, temperature, finalPressure))).toBeLessThan(3 * gibbs.error);
  });

  it("from potential to potential at constant pressure", async () => {
    const run = await gibbsByAlchemy(substance(25, temperature), substance(50, temperature), meltable(x), settings);
    const exact = exactGibbs(50, temperature, pressure) - exactGibbs(25, temperature, pressure);
    expect(Math.abs(run.difference.value - exact)).toBeLessThan(3 * run.difference.error);
  });
});
