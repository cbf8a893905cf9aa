import { expect, test } from "vitest";
import { histogram } from "../../src/figures/distribution.js";
import { randomStream } from "../../src/random.js";

test("a histogram integrates to one and its error is binomial", () => {
  expect(histogram([0, 1, 1, 4], { bins: 2, independent: 4 })).toEqual([
    { x: 1, y: 0.375, error: Math.sqrt((0.75 * 0.25) / 4) / 2 },
    { x: 3, y: 0.125, error: Math.sqrt((0.25 * 0.75) / 4) / 2 },
  ]);
  const random = randomStream(1, "rattle");
  const normal = histogram(Array.from({ length: 20_000 }, () => random.normal()));
  const width = normal[1]!.x - normal[0]!.x;
  expect(normal.reduce((sum, { y }) => sum + y * width, 0)).toBeCloseTo(1, 12);
  const outside = normal.filter(({ x, y, error }) => {
    const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
    return error! > 0 && Math.abs(y - density) > 4 * error! + 0.004;
  });
  expect(outside).toEqual([]);
});

test("one value is refused", () => {
  expect(() => histogram([1])).toThrow("histogram: 1 values in 30 bins; expected two values or more");
});
