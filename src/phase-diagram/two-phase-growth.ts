import { ComputationError } from "../errors.js";
import { fitLinear } from "../math/least-squares.js";
import { type Estimate, studentWidening } from "../math/statistics.js";

/** How the crystal grew in one run beside its melt. */
export interface GrowthRate {
  /** K. */
  readonly temperature: number;
  /** 1/ps, of the share of crystalline atoms. */
  readonly rate: number;
  /** ps that the rate is a mean over. */
  readonly time: number;
}

export interface GrowthLine {
  /** K, where the crystal neither grows nor melts. */
  readonly melting: Estimate;
  /** 1/ps/K: how much faster it grows for each degree; negative. */
  readonly slope: Estimate;
  /** 1/ps: sqrt(2D), standard deviation of a rate over 1 ps. */
  readonly noise: number;
}

/**
 * Growth rate of the crystal from shares of crystalline atoms over time [fs]: the mean drift (x(t) - x(0)) / t, which is
 * the best estimate for an interface that drifts and diffuses, as interfaces do; what is between tells nothing more.
 */
export function growthRate(temperature: number, times: ArrayLike<number>, fractions: ArrayLike<number>): GrowthRate {
  const last = times.length - 1;
  const time = (times[last]! - times[0]!) / 1000;
  return { temperature, rate: (fractions[last]! - fractions[0]!) / time, time };
}

/**
 * The melting point as the zero of a straight line through growth rates. An interface driven by a small difference of
 * chemical potentials drifts in proportion to it and diffuses, dx = -k (T - Tm) dt + sqrt(2D) dW, so that a rate over a
 * time t has the variance 2D/t: weights go with time, D comes from the scatter about the line, and the error is widened
 * for the few degrees of freedom left.
 */
export function fitGrowth(rates: readonly GrowthRate[]): GrowthLine {
  const count = rates.length;
  const weight = rates.reduce((sum, { time }) => sum + time, 0);
  const center = rates.reduce((sum, { temperature, time }) => sum + temperature * time, 0) / weight;
  if (count < 3 || new Set(rates.map(({ temperature }) => temperature)).size < 2)
    throw new ComputationError({
      what: "growth rates",
      value: `${count} at ${new Set(rates.map((r) => r.temperature)).size} temperatures`,
      expected: "at least 3 at 2 temperatures",
    });
  const { parameters, covariance, chiSquared } = fitLinear(
    Float64Array.from(rates.flatMap(({ temperature }) => [1, temperature - center])),
    rates.map(({ rate }) => rate),
    rates.map(({ time }) => 1 / Math.sqrt(time)),
  );
  const [height = 0, slope = 0] = parameters;
  const freedom = count - 2;
  const variance = (chiSquared / freedom) * studentWidening(freedom) ** 2;
  const offset = -height / slope;
  const squares = covariance[0]! + 2 * offset * covariance[1]! + offset ** 2 * covariance[3]!;
  if (!(slope < 0))
    throw new ComputationError({
      what: "growth rates",
      value: `they rise with temperature, by ${slope.toExponential(1)} 1/ps/K`,
      expected: "a crystal that melts when it gets hotter",
      attempt: "longer runs, or temperatures farther apart",
    });
  return {
    melting: { value: center + offset, error: Math.sqrt(variance * squares) / -slope },
    slope: { value: slope, error: Math.sqrt(variance * covariance[3]!) },
    noise: Math.sqrt(chiSquared / freedom),
  };
}
