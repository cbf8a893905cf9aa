import { expect, test } from "vitest";
import { bandAlong } from "../../src/figures/line-band.js";
import type { PhaseLine } from "../../src/phase-diagram/phase-lines.js";

const frame = { window: { temperature: [0, 1000], pressure: [0, 10] }, width: 500, height: 200 } as const;
const line = (temperatureError: number, pressureError: number): PhaseLine => ({
  phases: ["a", "b"],
  stable: true,
  ends: ["window", "window"],
  points: [100, 500].map((value) => ({
    temperature: { value, error: temperatureError },
    pressure: { value: value / 100, error: pressureError },
  })),
});

test("a band is as wide across its line as 95% of either error allows", () => {
  // Flat: 10 K are 2 pixels, and the whole window says nothing of P. Steep: 0.1 GPa are 5 pixels.
  expect(bandAlong(line(10, 10), frame)[0]!.across).toBeCloseTo(2 * 1.96 * 2, 1);
  expect(bandAlong(line(1000, 0.1), frame)[0]!.across).toBeCloseTo(2 * 1.96 * 5, 1);
  // At 45 degrees in pixels both errors are sqrt(2) of the distance.
  expect(bandAlong(line(50, 0.2), frame)[1]!.across).toBeCloseTo((2 * 1.96 * 10) / Math.SQRT2, 9);
  expect(bandAlong(line(0, 0), frame).map(({ across }) => across)).toEqual([0, 0]);
});
