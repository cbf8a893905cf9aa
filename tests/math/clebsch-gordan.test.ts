import { expect, it } from "vitest";
import { clebschGordan } from "../../src/math/clebsch-gordan.js";

it("gives the table values of small momenta", () => {
  // Spin 1/2 and 1/2 to the triplet and the singlet; rows are m1, columns m2, from the lowest projection.
  const half = Math.SQRT1_2;
  expectNear(clebschGordan(1, 1, 2), [1, half, half, 1]);
  expectNear(clebschGordan(1, 1, 0), [0, -half, half, 0]);
  // 1 and 1/2 to 3/2 and 1/2: Varshalovich et al., table 8.1.
  const [third, twoThirds] = [Math.sqrt(1 / 3), Math.sqrt(2 / 3)];
  expectNear(clebschGordan(2, 1, 3), [1, third, twoThirds, twoThirds, third, 1]);
  expectNear(clebschGordan(2, 1, 1), [0, -twoThirds, third, -third, twoThirds, 0]);
});

it("is orthonormal for every pair of momenta up to 5", () => {
  for (let j1 = 0; j1 <= 10; j1++)
    for (let j2 = 0; j2 <= j1; j2++)
      for (let m1 = 0; m1 <= j1; m1++)
        for (let m2 = 0; m2 <= j2; m2++) {
          let sum = 0;
          for (let j = j1 - j2; j <= j1 + j2; j += 2) sum += clebschGordan(j1, j2, j)[m1 * (j2 + 1) + m2]! ** 2;
          expect(Math.abs(sum - 1)).toBeLessThan(1e-12);
        }
});

it("vanishes where momenta do not add up", () => {
  expect(clebschGordan(2, 1, 2).some((x) => x !== 0)).toBe(false);
  expect(clebschGordan(2, 1, 5).some((x) => x !== 0)).toBe(false);
  expect(clebschGordan(4, 1, 1).some((x) => x !== 0)).toBe(false);
});

function expectNear(values: Float64Array, expected: readonly number[]): void {
  expect(values.length).toBe(expected.length);
  values.forEach((value, k) => {
    expect(value).toBeCloseTo(expected[k]!, 14);
  });
}
