/**
 * Exponential, logarithm and circular functions of our own: those of a host differ between Node and browsers in the last
 * bit. Operation for operation the twins of exponential.as.ts and circular.as.ts, so that both give the same bits.
 */
const real = new Float64Array(1);
const words = new BigUint64Array(real.buffer);
/** ln 2 in two parts: the first ends in zero bits, so that a whole number times it is exact. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;

const nearestEven = (x: number): number => {
  const shifted = x + 6755399441055744;
  return shifted - 6755399441055744;
};

const horner = (coefficients: readonly number[], x: number): number =>
  coefficients.reduce((sum, coefficient) => sum * x + coefficient);

const EXPONENTIAL = [
  2.08767569878681e-9, 2.505210838544172e-8, 2.755731922398589e-7, 2.7557319223985893e-6, 2.48015873015873e-5,
  1.984126984126984e-4, 1.388888888888889e-3, 8.333333333333333e-3, 4.1666666666666664e-2, 1.6666666666666666e-1, 0.5,
  1, 1,
];

/** exp(x), |x| <= 700. */
export function exponential(argument: number): number {
  const x = Math.min(Math.max(argument, -700), 700);
  const n = nearestEven(x * Math.LOG2E);
  const r = x - n * LN2_HIGH - n * LN2_LOW;
  words[0] = BigInt(n + 1023) << 52n;
  return horner(EXPONENTIAL, r) * real[0]!;
}

const LOGARITHM = [23, 21, 19, 17, 15, 13, 11, 9, 7, 5, 3].map((n) => 2 / n);
const SQRT_HALF_BITS = 0x3fe6a09e667f3bcdn;

/** ln(x) of a normal x > 0. */
export function logarithm(x: number): number {
  real[0] = x;
  const bits = words[0]! + (0x3ff0000000000000n - SQRT_HALF_BITS);
  const k = Number(bits >> 52n) - 1023;
  words[0] = (bits & 0x000fffffffffffffn) + SQRT_HALF_BITS;
  const m = real[0]!;
  const s = (m - 1) / (m + 1);
  const z = s * s;
  const tail = horner(LOGARITHM, z) * z * s + k * LN2_LOW;
  return k * LN2_HIGH + (s + s + tail);
}

/** x^(1/3) of a normal x > 0, with one step of Newton's method; not a number for others. */
export function cubeRoot(x: number): number {
  if (!(x > 0)) return Number.NaN;
  const root = exponential(logarithm(x) / 3);
  return root - (root * root * root - x) / (3 * root * root);
}

const SINE = [
  1.9572941063391263e-20, -8.22063524662433e-18, 2.811457254345521e-15, -7.647163731819816e-13, 1.6059043836821613e-10,
  -2.505210838544172e-8, 2.7557319223985893e-6, -0.0001984126984126984, 0.008333333333333333, -0.16666666666666666,
];
const COSINE = [
  -8.896791392450574e-22, 4.110317623312165e-19, -1.5619206968586225e-16, 4.779477332387385e-14,
  -1.1470745597729725e-11, 2.08767569878681e-9, -2.755731922398589e-7, 0.0000248015873015873, -0.001388888888888889,
  0.041666666666666664, -0.5,
];

/** [cos 2 pi u, sin 2 pi u] of a turn u in [0, 1]. */
export function circularOfTurn(u: number): [number, number] {
  const half = nearestEven(2 * u);
  const x = (u - 0.5 * half) * (2 * Math.PI);
  const x2 = x * x;
  const cosine = 1 + horner(COSINE, x2) * x2;
  const sine = x + x * x2 * horner(SINE, x2);
  return half === 1 ? [-cosine, -sine] : [cosine, sine];
}
