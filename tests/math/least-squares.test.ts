import { describe, expect, it } from "vitest";
import { fitLinear, fitNonlinear } from "../../src/math/least-squares.js";
import { randomStream } from "../../src/random.js";

describe("fitLinear", () => {
  it("gives the textbook line, with the covariance of its residuals", () => {
    const x = [0, 1, 2, 3];
    const { parameters, covariance } = fitLinear(Float64Array.from(x.flatMap((t) => [1, t])), [1, 3, 4, 8]);
    // slope 2.2, intercept 0.7, residual variance 1.8 / 2, var(slope) = 0.9 / 5
    expect(parameters[0]).toBeCloseTo(0.7, 12);
    expect(parameters[1]).toBeCloseTo(2.2, 12);
    expect(covariance[3]).toBeCloseTo(0.18, 12);
    expect(covariance[1]).toBeCloseTo(-0.27, 12);
  });

  it("weighs by the sigmas and takes their scale", () => {
    const { parameters, covariance } = fitLinear(Float64Array.of(1, 1), [1, 4], [1, 2]);
    expect(parameters[0]).toBeCloseTo(1.6, 12);
    expect(covariance[0]).toBeCloseTo(0.8, 12);
  });

  it("says which parameter the points leave open", () => {
    expect(() => fitLinear(Float64Array.of(1, 2, 1, 2, 1, 2), [1, 2, 3])).toThrow(/parameter 1 is not determined/);
  });
});

describe("fitNonlinear", () => {
  it("recovers an exponential from exact points", () => {
    const x = [0, 1, 2, 3, 4, 5];
    const y = x.map((t) => 3 * Math.exp(-0.7 * t) + 1);
    const { parameters } = fitNonlinear((t, p) => p[0]! * Math.exp(-p[1]! * t) + p[2]!, x, y, [1, 0.1, 0]);
    expect(Array.from(parameters, (p) => Math.round(p * 1e8) / 1e8)).toEqual([3, 0.7, 1]);
  });

  it("covariance agrees with the scatter of repeated fits", () => {
    const x = Array.from({ length: 20 }, (_, i) => i / 4);
    const random = randomStream(3, "bootstrap");
    const sigma = x.map(() => 0.05);
    const fits = Array.from({ length: 300 }, () =>
      fitNonlinear(
        (t, p) => p[0]! * Math.exp(-p[1]! * t),
        x,
        x.map((t) => 2 * Math.exp(-0.5 * t) + 0.05 * random.normal()),
        [1, 1],
        sigma,
      ),
    );
    const center = fits.reduce((sum, f) => sum + f.parameters[1]!, 0) / fits.length;
    const scatter = fits.reduce((sum, f) => sum + (f.parameters[1]! - center) ** 2, 0) / (fits.length - 1);
    expect(Math.sqrt(fits[0]!.covariance[3]! / scatter)).toBeCloseTo(1, 0);
    expect(Math.abs(Math.sqrt(fits[0]!.covariance[3]! / scatter) - 1)).toBeLessThan(0.15);
  });
});
