import { describe, expect, it } from "vitest";
import {
  autocorrelationTime,
  blockAverage,
  mean,
  meanOfIndependent,
  meanOfSeries,
  studentWidening,
  variance,
} from "../../src/math/statistics.js";
import { randomStream } from "../../src/random.js";

/** x_n = phi x_(n-1) + noise: its integrated autocorrelation time is (1 + phi) / (2 (1 - phi)). */
function autoregressive(phi: number, length: number, seed: number): Float64Array {
  const random = randomStream(seed, "bootstrap");
  const series = new Float64Array(length);
  let x = random.normal() / Math.sqrt(1 - phi * phi);
  for (let n = 0; n < length; n++) {
    x = phi * x + random.normal();
    series[n] = x;
  }
  return series;
}

const halves = (s: Float64Array) => meanOfSeries(s.subarray(0, s.length / 2), s.subarray(s.length / 2));

describe("statistics", () => {
  it("mean and variance of a few numbers", () => {
    expect(mean([1, 2, 6])).toBe(3);
    expect(variance([1, 2, 6])).toBe(7);
  });

  it("widens errors of few samples by Student's t (tabulated 68.27% quantiles)", () => {
    expect(studentWidening(1)).toBeCloseTo(1.8373, 4);
    expect(studentWidening(2)).toBeCloseTo(1.3213, 3);
    expect(studentWidening(1000)).toBeCloseTo(1.0005, 3);
  });

  it("finds the autocorrelation time of an autoregressive series", () => {
    expect(autocorrelationTime(autoregressive(0.9, 200_000, 1))).toBeCloseTo(9.5, -0.3);
    expect(autocorrelationTime(autoregressive(0, 100_000, 2))).toBeCloseTo(0.5, 1);
  });

  it("takes independent series about their common mean", () => {
    const [a, b] = [Float64Array.of(1, 1, 1, 1), Float64Array.of(3, 3, 3, 3)];
    // Lags 1 (6 pairs of 8 samples, each 1): tau = 1/2 + 1; the variance of all eight is 8/7.
    expect(meanOfSeries(a, b)).toEqual({ value: 2, error: Math.sqrt(((8 / 7) * 3) / 8) });
  });

  it.each([
    ["three independent samples", (s: Float64Array) => meanOfIndependent(s), 0, 3],
    ["a correlated series", (s: Float64Array) => meanOfSeries(s), 0.8, 2000],
    ["two halves of a correlated series", halves, 0.8, 2000],
    ["blocks of a correlated series", (s: Float64Array) => blockAverage(s), 0.8, 2000],
  ])("error bars of %s cover the truth in about 68%% of cases", (_, estimate, phi, length) => {
    const trials = 1000;
    let covered = 0;
    for (let seed = 0; seed < trials; seed++) {
      const { value, error } = estimate(autoregressive(phi, length, seed));
      if (Math.abs(value) <= error) covered++;
    }
    // Binomial sigma is 0.015; the autocorrelation estimate itself is biased by a few percent at this length.
    expect(covered / trials).toBeGreaterThan(0.63);
    expect(covered / trials).toBeLessThan(0.73);
  });
});
