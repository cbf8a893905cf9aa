import { InputError } from "../errors.js";

/** A number with its standard error, in the same unit. */
export interface Estimate {
  readonly value: number;
  /** Standard error (one sigma) of `value`. */
  readonly error: number;
}

/** An estimate of a whole as one of each of so many equal parts. */
export const dividedBy = ({ value, error }: Estimate, parts: number): Estimate => ({
  value: value / parts,
  error: error / parts,
});

/** Arithmetic mean. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** Unbiased sample variance (divisor n - 1). */
export function variance(values: ArrayLike<number>): number {
  const center = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - center) ** 2;
  return sum / (values.length - 1);
}

/**
 * Mean of independent samples with its standard error s / sqrt(n). For few samples the error is widened by the ratio of
 * Student's t to the normal quantile at 68.27%, so that +-1 error covers what one sigma should (n = 2: 1.84, n = 3: 1.32).
 */
export function meanOfIndependent(values: ArrayLike<number>): Estimate {
  if (values.length < 2)
    throw new InputError({ what: "independent samples", value: values.length, expected: "at least 2" });
  return {
    value: mean(values),
    error: Math.sqrt(variance(values) / values.length) * studentWidening(values.length - 1),
  };
}

/** Quantile of |t| at 68.27% for `freedom` degrees of freedom, over that of the normal distribution (which is 1). */
export function studentWidening(freedom: number): number {
  const known = widenings.get(freedom);
  if (known !== undefined) return known;
  const target = 0.6826894921370859;
  let low = 0;
  let high = 4;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (studentCoverage(middle, freedom) < target) low = middle;
    else high = middle;
  }
  // Powers and arc tangents differ in the last digits from host to host.
  const widening = Math.round(high * 1e12) / 1e12;
  widenings.set(freedom, widening);
  return widening;
}

const widenings = new Map<number, number>();

/** Probability that |t| < width, by Simpson's rule in theta with t = sqrt(freedom) tan(theta). */
function studentCoverage(width: number, freedom: number): number {
  const density = (theta: number): number => Math.cos(theta) ** (freedom - 1);
  const integral = (end: number): number => {
    const intervals = 400;
    const h = end / intervals;
    let sum = density(0) + density(end);
    for (let i = 1; i < intervals; i++) sum += (i % 2 === 1 ? 4 : 2) * density(i * h);
    return (sum * h) / 3;
  };
  return integral(Math.atan(width / Math.sqrt(freedom))) / integral(Math.PI / 2);
}

/**
 * Integrated autocorrelation time tau = 1/2 + sum_k rho(k), in samples, summed up to the first window of at least
 * 5 tau (Sokal; Wolff, Comput. Phys. Commun. 156 (2004) 143). Uncorrelated samples give 1/2. Independent series of one
 * length are joined about their common mean, so that what is slow shows even where each of them is short.
 */
export function autocorrelationTime(...runs: readonly ArrayLike<number>[]): number {
  const length = runs[0]!.length;
  const n = runs.length * length;
  const center = meanOfAll(runs);
  let power = 0;
  for (const series of runs) for (let i = 0; i < length; i++) power += (series[i]! - center) ** 2;
  if (power === 0) return 0.5;
  let tau = 0.5;
  for (let lag = 1; lag < length / 2; lag++) {
    let sum = 0;
    for (const series of runs)
      for (let i = 0; i + lag < length; i++) sum += (series[i]! - center) * (series[i + lag]! - center);
    tau += (sum / power) * (n / (n - runs.length * lag));
    if (lag >= 5 * tau) break;
  }
  return Math.max(tau, 0.5);
}

/**
 * Mean of a correlated series, or of independent ones of one length; error^2 = variance 2 tau / n with the integrated
 * autocorrelation time tau.
 */
export function meanOfSeries(...runs: readonly ArrayLike<number>[]): Estimate {
  const { length } = runs[0]!;
  if (length < 4) throw new InputError({ what: "series", value: length, expected: "at least 4 samples" });
  const tau = autocorrelationTime(...runs);
  return { value: meanOfAll(runs), error: Math.sqrt((varianceOfAll(runs) * 2 * tau) / (runs.length * length)) };
}

/** Mean over all entries of series of one length. */
export const meanOfAll = (runs: readonly ArrayLike<number>[]): number => mean(runs.map(mean));

/** Variance of all entries of series of one length, about their common mean. */
export function varianceOfAll(runs: readonly ArrayLike<number>[]): number {
  const center = meanOfAll(runs);
  let sum = 0;
  for (const series of runs) for (let i = 0; i < series.length; i++) sum += (series[i]! - center) ** 2;
  return sum / (runs.length * runs[0]!.length - 1);
}

/** Mean of a correlated series with the error from the spread of `blocks` consecutive block means. */
export function blockAverage(series: ArrayLike<number>, blocks = 10): Estimate {
  const size = Math.floor(series.length / blocks);
  if (blocks < 2 || size < 1)
    throw new InputError({
      what: "blocks",
      value: `${blocks} of ${series.length} samples`,
      expected: "2 or more blocks",
    });
  const means = new Float64Array(blocks);
  for (let i = 0; i < blocks * size; i++) means[Math.floor(i / size)]! += series[i]! / size;
  return meanOfIndependent(means);
}
