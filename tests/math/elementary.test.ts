import { expect, test } from "vitest";
import { cubeRoot } from "../../src/math/elementary.js";

test("the cube root is that of the host but for the last digit", () => {
  for (let k = -60; k <= 60; k++) {
    const x = 1.37 ** k;
    expect(Math.abs(cubeRoot(x) / Math.cbrt(x) - 1)).toBeLessThan(5e-16);
  }
  expect(cubeRoot(27)).toBe(3);
  expect(cubeRoot(-8)).toBeNaN();
  expect(cubeRoot(Number.NaN)).toBeNaN();
});
