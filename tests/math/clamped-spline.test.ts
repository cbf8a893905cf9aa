import { describe, expect, it } from "vitest";
import { clampedSpline, clampedSplineAt } from "../../src/math/clamped-spline.js";

const knots = [-0.5, 0.25, 1, 1.75, 2.5];

describe("clamped spline", () => {
  it("is exact for a cubic and goes on as straight lines", () => {
    const cubic = (x: number): number => 0.3 * x ** 3 - x * x + 2;
    const slope = (x: number): number => 0.9 * x * x - 2 * x;
    const spline = clampedSpline(knots, knots.map(cubic), [slope(-0.5), slope(2.5)]);
    for (let x = -0.5; x <= 2.5; x += 0.11) {
      const at = clampedSplineAt(spline, x);
      expect(at.value).toBeCloseTo(cubic(x), 13);
      expect(at.slope).toBeCloseTo(slope(x), 13);
    }
    expect(Array.from(spline.curvatures)).toEqual(knots.map((x) => expect.closeTo(1.8 * x - 2, 12)));
    for (const [x, end] of [
      [-3, -0.5],
      [7, 2.5],
    ] as const) {
      const at = clampedSplineAt(spline, x);
      expect(at.value).toBeCloseTo(cubic(end) + slope(end) * (x - end), 12);
      expect(at.slope).toBeCloseTo(slope(end), 13);
    }
  });

  it("meets its values, and its slopes are continuous", () => {
    const values = [1, -2, 0.5, 3, 2];
    const spline = clampedSpline(knots, values, [4, -1]);
    knots.forEach((x, k) => {
      const [before, after] = [clampedSplineAt(spline, x - 1e-9), clampedSplineAt(spline, x + 1e-9)];
      expect(clampedSplineAt(spline, x).value).toBeCloseTo(values[k]!, 12);
      expect(before.slope).toBeCloseTo(after.slope, 6);
    });
  });

  it("stays at its values where knots are rounded", () => {
    const rounded = [0, 0.333333333, 0.666666667, 1];
    const values = [100, -200, 300, 50];
    const spline = clampedSpline(rounded, values, [0, 0]);
    // The cubic ends at its own knot, not where the grid has it: there it is off by its slope.
    expect(clampedSplineAt(spline, rounded[1]! - 1e-13).value).toBeCloseTo(values[1]!, 8);
  });
});
