import { randomStream } from "../random.js";

/** The seed of one of many runs that share a seed: an independent whole number below 2^48 for each list of numbers. */
export const seedOf = (seed: number, ...which: readonly number[]): number =>
  which.reduce((mixed, n) => randomStream(mixed, "replica", n).integer(2 ** 48), seed);
