/** Length of a table of Y_lm with 0 <= m <= l <= degree; entry l, m stands at l (l + 1) / 2 + m. */
export const harmonicCount = (degree: number): number => ((degree + 1) * (degree + 2)) / 2;

/** Adds `weight` Y_lm(direction), l <= degree, m >= 0, to tables of real and imaginary parts from `at` on. */
export type AddHarmonics = (
  x: number,
  y: number,
  z: number,
  weight: number,
  real: Float64Array,
  imaginary: Float64Array,
  at: number,
) => void;

/**
 * Spherical harmonics of unit vectors (x, y, z) up to a degree, orthonormal with the phase of Condon and Shortley, without
 * angles: Y_mm = a_m (x + i y)^m, then up in l by the recursion of normalized Legendre functions. Those of negative m
 * follow from Y_l,-m = (-1)^m conj(Y_lm).
 */
export function sphericalHarmonics(degree: number): AddHarmonics {
  const size = harmonicCount(degree);
  const alpha = new Float64Array(size);
  const beta = new Float64Array(size);
  const start = new Float64Array(degree + 1);
  start[0] = Math.sqrt(1 / (4 * Math.PI));
  for (let m = 1; m <= degree; m++) start[m] = -start[m - 1]! * Math.sqrt((2 * m + 1) / (2 * m));
  for (let l = 1; l <= degree; l++)
    for (let m = 0; m < l; m++) {
      const k = (l * (l + 1)) / 2 + m;
      alpha[k] = Math.sqrt((4 * l * l - 1) / (l * l - m * m));
      beta[k] = Math.sqrt(((l - 1) ** 2 - m * m) / (4 * (l - 1) ** 2 - 1));
    }
  return (x, y, z, weight, real, imaginary, at) => {
    let [c, s] = [weight, 0];
    for (let m = 0; m <= degree; m++) {
      let before = 0;
      let value = start[m]!;
      for (let l = m; l <= degree; l++) {
        const k = (l * (l + 1)) / 2 + m;
        if (l > m) {
          const next = alpha[k]! * (z * value - beta[k]! * before);
          before = value;
          value = next;
        }
        real[at + k]! += value * c;
        imaginary[at + k]! += value * s;
      }
      const turned = c * x - s * y;
      s = c * y + s * x;
      c = turned;
    }
  };
}
