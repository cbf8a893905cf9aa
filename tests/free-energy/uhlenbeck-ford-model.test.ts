import { describe, expect, it } from "vitest";
import { uhlenbeckFordCompressibilityFactor, uhlenbeckFordExcess } from "../../src/free-energy/uhlenbeck-ford-model.js";
import { exactOfOne } from "../support/uhlenbeck-ford.js";

/** B_2 / b, the sum of (-1)^(k+1) binomial(p, k) k^(-3/2) over k = 1 to p, and B_3 / b^2, by quadrature of Mayer functions' transforms. */
const SECOND_AND_THIRD = [
  [25, 5.830343, 18.41876],
  [50, 7.387621, 30.69987],
  [75, 8.363807, 39.97338],
  [100, 9.083671, 47.58626],
] as const;

describe("Uhlenbeck-Ford model against what is exact", () => {
  it.each([0.1, 0.3, 0.5, 0.7])("virial series of p = 1 at x = %f", (x) => {
    const { excess, factor } = exactOfOne(x);
    // Noise of the published pressures, 6e-5 each, and of the fit; without what 1000 atoms lack it is 4.6e-4 off at x = 0.7.
    expect(Math.abs(uhlenbeckFordExcess(1, x) - excess)).toBeLessThan(1e-4);
    expect(Math.abs(uhlenbeckFordCompressibilityFactor(1, x) - factor)).toBeLessThan(2e-4);
  });

  it.each(SECOND_AND_THIRD)("second and third virial coefficients of p = %i", (scaling, second, third) => {
    const x = 0.01;
    // Noise as above, summed from x = 0; the fourth coefficient comes to 5e-5.
    expect(Math.abs(uhlenbeckFordExcess(scaling, x) - second * x - (third * x ** 2) / 2)).toBeLessThan(2e-4);
  });
});
