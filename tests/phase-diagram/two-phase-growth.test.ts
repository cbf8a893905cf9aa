import { describe, expect, it } from "vitest";
import { fitGrowth, type GrowthRate, growthRate } from "../../src/phase-diagram/two-phase-growth.js";
import { randomStream } from "../../src/random.js";

const MELTING = 1320;
const SLOPE = -1e-4;
const NOISE = 8e-3;

/** Shares of a crystal whose interface drifts and diffuses, looked at every ps. */
function drifting(temperature: number, steps: number, random: { normal(): number }): GrowthRate {
  const times = Float64Array.from({ length: steps + 1 }, (_, k) => 1000 * k);
  let share = 0.5;
  const fractions = times.map(
    (_, k) => (share += k === 0 ? 0 : SLOPE * (temperature - MELTING) + NOISE * random.normal()),
  );
  return growthRate(temperature, times, fractions);
}

describe("fitGrowth", () => {
  it("is exact without noise", () => {
    const rates = [1250, 1300, 1360].map((temperature) => ({
      temperature,
      rate: SLOPE * (temperature - MELTING),
      time: 30,
    }));
    const { melting, slope } = fitGrowth(rates);
    expect(melting.value).toBeCloseTo(MELTING, 8);
    expect(slope.value).toBeCloseTo(SLOPE, 12);
    expect(melting.error).toBeLessThan(1e-8);
  });

  it("has an error bar that covers the truth as often as one sigma should, with runs of different length", () => {
    const random = randomStream(4, "bootstrap");
    const trials = 400;
    let covered = 0;
    let noise = 0;
    for (let trial = 0; trial < trials; trial++) {
      const rates = [-40, -30, -20, -10, 0, 10, 20, 30, 40].map((off, k) =>
        drifting(MELTING + 5 + off, k % 2 === 0 ? 40 : 20, random),
      );
      const line = fitGrowth(rates);
      if (Math.abs(line.melting.value - MELTING) < line.melting.error) covered++;
      noise += line.noise / trials;
    }
    // 68.3% +- 2.3%: four of these.
    expect(covered / trials).toBeGreaterThan(0.59);
    expect(covered / trials).toBeLessThan(0.78);
    expect(noise / NOISE).toBeCloseTo(1, 1);
  });

  it("refuses what cannot be a melting point", () => {
    const at = (temperature: number, rate: number): GrowthRate => ({ temperature, rate, time: 10 });
    expect(() => fitGrowth([at(1000, 0.1), at(1000, 0.2), at(1000, 0.1)])).toThrow(/at least 3 at 2 temperatures/);
    expect(() => fitGrowth([at(1000, -0.1), at(1100, 0.01), at(1200, 0.1)])).toThrow(/rise with temperature/);
  });
});
