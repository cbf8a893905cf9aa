import { circularOfTurn, logarithm } from "./math/elementary.js";

/**
 * Counter-based random numbers: Philox4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as
 * 1, 2, 3", SC11). A number is a pure function of (seed, use-site, step, index), so that any thread, engine or
 * resumed run draws the same one.
 */

/** One constant per use-site, so that two uses of one seed never correlate. Append only: a number is for ever. */
export const RandomSite = {
  rattle: 1,
  velocities: 2,
  langevin: 3,
  velocityRescaling: 4,
  barostat: 5,
  crossValidation: 6,
  farthestPoint: 7,
  bootstrap: 8,
  strain: 9,
  label: 10,
  replica: 11,
  structureSearch: 12,
  gammaDeviate: 13,
} as const;

export type RandomSiteName = keyof typeof RandomSite;

function mulHigh(a: number, b: number): number {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  const low = a0 * b0;
  const mid = a1 * b0 + (low >>> 16);
  const mid2 = a0 * b1 + (mid % 65536);
  return (a1 * b1 + Math.floor(mid / 65536) + Math.floor(mid2 / 65536)) >>> 0;
}

/** Philox4x32-10 of one counter [4] and key [2], all unsigned 32-bit; result [4]. */
export function philox(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
): [number, number, number, number] {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const h0 = mulHigh(0xd2511f53, c0);
    const l0 = Math.imul(0xd2511f53, c0) >>> 0;
    const h1 = mulHigh(0xcd9e8d57, c2);
    const l1 = Math.imul(0xcd9e8d57, c2) >>> 0;
    c0 = (h1 ^ c1 ^ k0) >>> 0;
    c1 = l1;
    c2 = (h0 ^ c3 ^ k1) >>> 0;
    c3 = l0;
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/** A stream of draws for one seed and use-site; `step` separates time steps or epochs. State is the next index. */
export interface RandomStream {
  /** Uniform in (0, 1), 53 bits, never 0 or 1. */
  uniform(): number;
  /** Standard normal by Box-Muller. */
  normal(): number;
  /** Uniform integer in [0, bound). */
  integer(bound: number): number;
  /** A permutation of 0..count-1 (Fisher-Yates). */
  permutation(count: number): Int32Array;
}

const MANTISSA = 2 ** -53;

/** Uniform (0, 1) from two 32-bit words, centred in its 2^-53 interval's left half so that neither end occurs. */
export const toUniform = (high: number, low: number): number =>
  ((high >>> 5) * 67108864 + (low >>> 6) + 0.5) * MANTISSA;

/** Draws for `seed` (up to 2^53), a use-site and a step. The same arguments give the same stream on any host. */
export function randomStream(seed: number, site: RandomSiteName, step = 0): RandomStream {
  const key: [number, number] = [seed >>> 0, Math.floor(seed / 4294967296) >>> 0];
  let index = 0;
  let spare: number | undefined;
  const uniforms: number[] = [];
  const uniform = (): number => {
    const next = uniforms.pop();
    if (next !== undefined) return next;
    const [a, b, c, d] = philox([index >>> 0, Math.floor(index / 4294967296) >>> 0, step >>> 0, RandomSite[site]], key);
    index++;
    uniforms.push(toUniform(c, d));
    return toUniform(a, b);
  };
  const integer = (bound: number): number => Math.floor(uniform() * bound);
  return {
    uniform,
    integer,
    normal(): number {
      if (spare !== undefined) {
        const value = spare;
        spare = undefined;
        return value;
      }
      const radius = Math.sqrt(-2 * logarithm(uniform()));
      const [cosine, sine] = circularOfTurn(uniform());
      spare = radius * sine;
      return radius * cosine;
    },
    permutation(count: number): Int32Array {
      const order = Int32Array.from({ length: count }, (_, i) => i);
      for (let i = count - 1; i > 0; i--) {
        const j = integer(i + 1);
        const held = order[i]!;
        order[i] = order[j]!;
        order[j] = held;
      }
      return order;
    },
  };
}
