import { InputError } from "../errors.js";
import type { SeriesPoint } from "./series.js";

/**
 * A histogram as the density it estimates: points at the middles of `bins` bins between the least and the largest
 * value; `independent` values (fewer than all where they are correlated) give each its Poisson error.
 */
export function histogram(values: ArrayLike<number>, { bins = 30, independent = values.length } = {}): SeriesPoint[] {
  if (values.length < 2 || bins < 1)
    throw new InputError({
      what: "histogram",
      value: `${values.length} values in ${bins} bins`,
      expected: "two values or more",
    });
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    least = Math.min(least, values[i]!);
    most = Math.max(most, values[i]!);
  }
  const width = (most - least) / bins || 1;
  const counts = new Float64Array(bins);
  for (let i = 0; i < values.length; i++) counts[Math.min(bins - 1, Math.floor((values[i]! - least) / width))]!++;
  return Array.from(counts, (count, b) => {
    const share = count / values.length;
    return {
      x: least + (b + 0.5) * width,
      y: share / width,
      error: Math.sqrt((share * (1 - share)) / independent) / width,
    };
  });
}
