import { InputError } from "../errors.js";
import { cubeRoot, logarithm } from "../math/elementary.js";
import type { PotentialSpec } from "../potentials/potential.js";
import { BOLTZMANN } from "../units.js";

/**
 * Excess free energy of the Uhlenbeck-Ford model over x and kT per atom, as Chebyshev coefficients of
 * u = 2 ln(1 + 10 x) / ln 41 - 1 on 0 < x <= 4, by the scaling p. Our fit of the equation of state that R. Paula Leite,
 * R. Freitas, R. Azevedo, M. de Koning (J. Chem. Phys. 145 (2016) 194101) and R. Paula Leite, P. A. Santos-Florez, M. de
 * Koning (Phys. Rev. E 96 (2017) 032115) publish as 106 cubic pieces of beta b P(x) in their supplements, integrated over
 * (beta b P / x - 1) / x. It follows them within 6e-5 kT/atom for x < 1.2 and 4e-4 up to 4.
 */
const EXCESS: Readonly<Record<number, readonly number[]>> = {
  1: [
    1.080919, 0.097963, 0.023153, -0.004662, 0.000974, -0.002565, 0.002413, -0.002065, 0.001864, -0.001668, 0.00145,
    -0.001221, 0.000988, -0.000765, 0.00057, -0.000404, 0.000257, -0.000139, 0.000058, -0.000015,
  ],
  25: [
    14.712892, 11.189556, 1.777909, -0.923598, -0.29005, 0.134954, 0.058728, -0.033221, -0.006488, 0.003511, 0.004545,
    -0.003697, 0.001271, -0.00085, 0.000997, -0.000774, 0.000418, -0.0002, 0.000088, -0.000033,
  ],
  50: [
    26.500091, 24.51803, 4.111632, -2.217522, -0.734459, 0.39221, 0.137375, -0.089561, -0.027036, 0.023707, 0.003798,
    -0.005439, -0.00095, 0.001958, -0.000489, -0.000007, -0.000207, 0.000233, -0.0001, -0.000017,
  ],
  75: [
    37.80826, 38.157704, 6.621615, -3.612522, -1.22473, 0.689146, 0.22587, -0.160721, -0.047856, 0.047986, 0.002949,
    -0.00878, -0.002527, 0.00487, -0.001851, 0.000362, -0.000484, 0.00059, -0.00033, 0.000112,
  ],
  100: [
    48.897539, 51.919613, 9.244279, -5.073792, -1.730384, 1.000086, 0.327536, -0.247651, -0.063053, 0.07042, 0.005572,
    -0.016432, -0.000848, 0.005731, -0.001841, -0.000294, -0.000092, 0.000515, -0.00033, 0.000081,
  ],
};

/** End of the published equation of state. */
const X_LIMIT = 4;

/**
 * How many atoms the published equation of state is of. Not stated there, but at p = 1, where the virial series is exact, the published pressures
 * lie below it by d(ln chi)/d(ln x) / 2N at every x up to 0.8, with N = 1033(45).
 */
const PUBLISHED_ATOMS = 1000;

/** The scaled Uhlenbeck-Ford model: E(r) = -p kT ln(1 - exp(-(r/sigma)^2)) between all atoms. */
export interface UhlenbeckFordModel {
  /** p, one of 1, 25, 50, 75, 100. */
  readonly scaling: number;
  /** A. */
  readonly sigma: number;
}

/** The reduced density x = (pi sigma^2)^(3/2) rho / 2; rho in atoms/A^3. */
export const reducedDensity = (sigma: number, density: number): number => ((Math.PI * sigma ** 2) ** 1.5 * density) / 2;

/** sigma [A] that brings a density [atoms/A^3] to the reduced density x, with the same bits on all hosts: trajectories start from it. */
export const sigmaAtReducedDensity = (x: number, density: number): number =>
  cubeRoot((2 * x) / density) / Math.sqrt(Math.PI);

/**
 * Excess free energy over kT per atom of an infinite system at the reduced density x: the published one, less what N atoms whose
 * number does not fluctuate have more, ln(rho kT kappa_T) / 2N. That is 0.0021 at p = 50 and x = 0.7.
 */
export function uhlenbeckFordExcess(scaling: number, x: number): number {
  if (!(x > 0 && x <= X_LIMIT))
    throw new InputError({
      what: "reduced density of the Uhlenbeck-Ford model",
      value: x,
      expected: `above 0, at most ${X_LIMIT}`,
      attempt: "another sigma",
    });
  return publishedExcess(scaling, x) - logarithm(uhlenbeckFordCompressibility(scaling, x)) / (2 * PUBLISHED_ATOMS);
}

function publishedExcess(scaling: number, x: number): number {
  const coefficients = EXCESS[scaling];
  if (!coefficients)
    throw new InputError({ what: "scaling p", value: scaling, expected: `one of ${Object.keys(EXCESS).join(", ")}` });
  return x * chebyshev(coefficients, (2 * logarithm(1 + 10 * x)) / logarithm(1 + 10 * X_LIMIT) - 1);
}

/** Pressure over rho kT: Z = 1 + x d(F_ex/NkT)/dx. */
export const uhlenbeckFordCompressibilityFactor = (scaling: number, x: number): number =>
  compressibilityFactor(uhlenbeckFordExcess, scaling, x);

const compressibilityFactor = (excess: typeof uhlenbeckFordExcess, scaling: number, x: number): number => {
  const step = 1e-4 * x;
  return 1 + (excess(scaling, x + step) - excess(scaling, x - step)) / 2e-4;
};

/** rho kT kappa_T = 1 / d(x Z)/dx, the long-wavelength limit of the structure factor, to a thousandth. */
export const uhlenbeckFordCompressibility = (scaling: number, x: number): number => {
  const step = 1e-3 * x;
  const pressure = (at: number): number => at * compressibilityFactor(publishedExcess, scaling, at);
  return (2 * step) / (pressure(x + step) - pressure(x - step));
};

/** sum_k c_k T_k(u), by Clenshaw's recurrence. */
function chebyshev(coefficients: readonly number[], u: number): number {
  let [one, two] = [0, 0];
  for (let k = coefficients.length - 1; k > 0; k--) [one, two] = [2 * u * one - two + coefficients[k]!, one];
  return u * one - two + coefficients[0]!;
}

/**
 * The model at a temperature [K] as a potential. Cut at 4.5 sigma, where a pair has 1.6e-9 p kT: all that is left out
 * comes to less than 1e-6 kT per atom at x = 1 and p = 50.
 */
export const uhlenbeckFordPotential = ({ scaling, sigma }: UhlenbeckFordModel, temperature: number): PotentialSpec => ({
  format: "phasecell-potential",
  version: 1,
  terms: [{ kind: "uhlenbeck-ford", strength: scaling * BOLTZMANN * temperature, sigma, cutoff: CUTOFF * sigma }],
});

const CUTOFF = 4.5;
