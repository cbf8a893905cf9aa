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

/** How much growth rates scatter. */
export interface GrowthNoise {
  /** 1/ps: sqrt(2D), standard deviation of a rate over 1 ps. */
  readonly noise: number;
  /** Degrees of freedom that it was estimated from. */
  readonly freedom: number;
}

export interface GrowthLine extends GrowthNoise {
  /** K, where the crystal neither grows nor melts. */
  readonly melting: Estimate;
  /** 1/ps/K: how much faster it grows for each degree; negative. */
  readonly slope: Estimate;
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
 * for the few degrees of freedom left. `known` is a scatter estimated before, from some of the rates: to decide by it how
 * many more to take does not spoil the error (C. Stein, Ann. Math. Statist. 16 (1945) 243), whereas runs that
 * stop as soon as their own scatter happens to be small do. Runs also end where a phase is nearly gone, early when they
 * were fast; by Wald's identity the mean squares of their shares' changes are 2D times their mean time all the same, which
 * is not so for rates: the scatter is that of changes.
 */
export function fitGrowth(rates: readonly GrowthRate[], known?: GrowthNoise): GrowthLine {
  const count = rates.length;
  const total = rates.reduce((sum, { time }) => sum + time, 0);
  const center = rates.reduce((sum, { temperature, time }) => sum + temperature * time, 0) / total;
  if (count < 3 || new Set(rates.map(({ temperature }) => temperature)).size < 2)
    throw new ComputationError({
      what: "growth rates",
      value: `${count} at ${new Set(rates.map((r) => r.temperature)).size} temperatures`,
      expected: "at least 3 at 2 temperatures",
    });
  const { parameters, covariance } = fitLinear(
    Float64Array.from(rates.flatMap(({ temperature }) => [1, temperature - center])),
    rates.map(({ rate }) => rate),
    rates.map(({ time }) => 1 / Math.sqrt(time)),
  );
  const [height = 0, slope = 0] = parameters;
  if (!(slope < 0))
    throw new ComputationError({
      what: "growth rates",
      value: `they rise with temperature, by ${slope.toExponential(1)} 1/ps/K`,
      expected: "a crystal that melts when it gets hotter",
      attempt: "longer runs, or temperatures farther apart",
    });
  /** Variance of the line at a temperature, over 2D. */
  const spread = (off: number): number => covariance[0]! + 2 * off * covariance[1]! + off ** 2 * covariance[3]!;
  const scatter = (): number => {
    let [squares, expected] = [0, 0];
    for (const { temperature, rate, time } of rates) {
      const off = temperature - center;
      squares += (time * (rate - height - slope * off)) ** 2;
      expected += time - time ** 2 * spread(off);
    }
    return Math.sqrt(squares / expected);
  };
  const { noise, freedom } = known ?? { noise: scatter(), freedom: count - 2 };
  const variance = (noise * studentWidening(freedom)) ** 2;
  const offset = -height / slope;
  return {
    melting: { value: center + offset, error: Math.sqrt(variance * spread(offset)) / -slope },
    slope: { value: slope, error: Math.sqrt(variance * covariance[3]!) },
    noise,
    freedom,
  };
}
