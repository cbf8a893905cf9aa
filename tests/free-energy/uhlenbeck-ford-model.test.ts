import { describe, expect, it } from "vitest";
import { uhlenbeckFordCompressibilityFactor, uhlenbeckFordExcess } from "../../src/free-energy/uhlenbeck-ford-model.js";

/*
 * Mayer's function of p = 1 is -exp(-r^2), so that each of its diagrams is a Gaussian integral: (pi^(n-1) / trees)^(3/2), with the
 * number of spanning trees. B_n / b^(n-1) of n = 2 to 7 are 2^(n-1) (1-n)/n! times the sum of (-1)^edges trees^(-3/2) over all
 * labeled two-connected graphs of n points (done once); those of n = 8 to 13, worth 2e-5 at x = 0.5: R. Paula Leite et al.,
 * J. Chem. Phys. 145 (2016) 194101.
 */
const VIRIAL = [
  1, 0.25660011963983, -0.12545995705504, 0.01332565517321, 0.03846093583087, -0.03308344290307, 0.00418241876968,
  0.0151976071955, -0.01384965413458, 0.00133475791711, 0.00760432724881, -0.00672644140879,
];

/** B_2 / b, the sum of (-1)^(k+1) binomial(p, k) k^(-3/2) over k = 1 to p, and B_3 / b^2, by quadrature of Mayer functions' transforms. */
const SECOND_AND_THIRD = [
  [25, 5.830343, 18.41876],
  [50, 7.387621, 30.69987],
  [75, 8.363807, 39.97338],
  [100, 9.083671, 47.58626],
] as const;

describe("Uhlenbeck-Ford model against what is exact", () => {
  it.each([0.1, 0.3, 0.5, 0.7])("virial series of p = 1 at x = %f", (x) => {
    const exact = VIRIAL.reduce((sum, b, k) => sum + (b * x ** (k + 1)) / (k + 1), 0);
    // Noise of the published pressures, 6e-5 each, and of the fit; without what 1000 atoms lack it is 4.6e-4 off at x = 0.7.
    expect(Math.abs(uhlenbeckFordExcess(1, x) - exact)).toBeLessThan(1e-4);
    const factor = VIRIAL.reduce((sum, b, k) => sum + b * x ** (k + 1), 1);
    expect(Math.abs(uhlenbeckFordCompressibilityFactor(1, x) - factor)).toBeLessThan(2e-4);
  });

  it.each(SECOND_AND_THIRD)("second and third virial coefficients of p = %i", (scaling, second, third) => {
    const x = 0.01;
    // Noise as above, summed from x = 0; the fourth coefficient comes to 5e-5.
    expect(Math.abs(uhlenbeckFordExcess(scaling, x) - second * x - (third * x ** 2) / 2)).toBeLessThan(2e-4);
  });
});
