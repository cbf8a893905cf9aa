/**
 * Maximum-likelihood slope of ln p2(x)/p1(x), given samples of either (M. R. Shirts, J. Chem. Theory Comput. 9, 909 (2013)):
 * the logistic regression of "from p2" on x. Two canonical runs must give beta1 - beta2 for the energy, whatever the
 * density of states; two isobaric ones beta (P1 - P2) for the volume.
 */
function slopeOf(first: readonly number[], second: readonly number[]): number {
  const all = [...first, ...second];
  const center = all.reduce((sum, x) => sum + x, 0) / all.length;
  const width = Math.sqrt(all.reduce((sum, x) => sum + (x - center) ** 2, 0) / all.length);
  let [offset, slope] = [0, 0];
  for (let iteration = 0; iteration < 50; iteration++) {
    let [g0, g1, h00, h01, h11] = [0, 0, 0, 0, 0];
    for (const [index, value] of all.entries()) {
      const x = (value - center) / width;
      const p = 1 / (1 + Math.exp(-(offset + slope * x)));
      const miss = (index < first.length ? 0 : 1) - p;
      g0 += miss;
      g1 += miss * x;
      h00 += p * (1 - p);
      h01 += p * (1 - p) * x;
      h11 += p * (1 - p) * x * x;
    }
    const determinant = h00 * h11 - h01 * h01;
    const [step0, step1] = [(h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant];
    offset += step0;
    slope += step1;
    if (Math.abs(step0) + Math.abs(step1) < 1e-10) break;
  }
  return slope / width;
}

/** The slope with a standard error from leaving out blocks long enough to be independent. */
export function ratioSlope(
  first: readonly number[],
  second: readonly number[],
  blocks = 20,
): { readonly slope: number; readonly error: number } {
  const without = (values: readonly number[], block: number): number[] => {
    const length = Math.floor(values.length / blocks);
    return values.filter((_, i) => i < block * length || i >= (block + 1) * length);
  };
  const slope = slopeOf(first, second);
  const left = Array.from({ length: blocks }, (_, b) => slopeOf(without(first, b), without(second, b)));
  const mean = left.reduce((sum, x) => sum + x, 0) / blocks;
  const variance = ((blocks - 1) / blocks) * left.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  return { slope, error: Math.sqrt(variance) };
}

/** Lower regularized incomplete gamma function P(a, x), by its series. */
function gammaDistribution(a: number, x: number): number {
  // ln Gamma(a) of whole and half a by recursion from Gamma(1) and Gamma(1/2).
  let logGamma = a % 1 === 0 ? 0 : 0.5 * Math.log(Math.PI);
  for (let k = a % 1 === 0 ? 1 : 0.5; k < a; k++) logGamma += Math.log(k);
  let term = 1 / a;
  let sum = term;
  for (let k = a + 1; term > 1e-16 * sum; k++) {
    term *= x / k;
    sum += term;
  }
  return Math.min(1, sum * Math.exp(a * Math.log(x) - x - logGamma));
}

/** Kolmogorov's sqrt(n) times the largest distance of the samples' distribution from a gamma distribution of shape a. */
export function kolmogorovOfGamma(samples: readonly number[], a: number): number {
  const sorted = [...samples].sort((x, y) => x - y);
  const n = sorted.length;
  const distances = sorted.map((x, k) => {
    const p = gammaDistribution(a, x);
    return Math.max(p - k / n, (k + 1) / n - p);
  });
  return Math.sqrt(n) * Math.max(...distances);
}
