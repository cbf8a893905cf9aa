import type { Structure } from "../structure/structure.js";
import {
  averaged,
  averagedMoments,
  momentProduct,
  type OrderMoments,
  orderMoments,
  secondOrder,
  thirdOrder,
} from "./order-moments.js";
import { type Bonds, bondsWithin, meanSpacing } from "./order-neighbors.js";

/** Farthest neighbor that counts, in units of the mean spacing (V/N)^(1/3). */
const REACH = 1.95;

const DEGREE = 8;
const AVERAGED_DEGREES = [2, 4, 6, 8];
const THIRD_ORDER_DEGREES = [4, 6];
const LOCAL_DEGREES = [1, 2, 3, 4, 5, 6, 7, 8];

/** Numbers per atom. */
export const FEATURE_COUNT =
  2 * (AVERAGED_DEGREES.length + THIRD_ORDER_DEGREES.length + LOCAL_DEGREES.length + 1) + AVERAGED_DEGREES.length;

/** 0 up to `begin`, 1 from `end` on, with continuous second derivative. */
function step(x: number, begin: number, end: number): number {
  const t = Math.min(1, Math.max(0, (x - begin) / (end - begin)));
  return t * t * t * (10 + t * (6 * t - 15));
}

/** The first shell of metals, of which an open crystal's second shell is cut off. */
const near = (s: number): number => 1 - step(s, 1.15, 1.45);
/** What lies behind it. */
const far = (s: number): number => step(s, 1.2, 1.5) * (1 - step(s, 1.65, REACH));
/** Whose surroundings are averaged with those of an atom. */
const around = (s: number): number => 1 - step(s, 1.3, 1.6);

/**
 * What the surroundings of each atom look like [N x FEATURE_COUNT], whatever their size and orientation: distances count
 * in units of the mean spacing (V/N)^(1/3), so that no cutoff is to be chosen and a crystal looks the same under
 * pressure; neighbors fade out smoothly, so that vibrations across a border between shells do no harm. Two shells
 * each give averaged bond orders (Lechner and Dellago 2008), second and third order; mean local bond orders, odd degrees
 * among them; the number of neighbors; then the products of the two shells' averaged moments.
 */
export function phaseFeatures(structure: Structure): Float64Array {
  const spacing = meanSpacing(structure);
  const bonds = bondsWithin(structure, REACH * spacing);
  const weighted = (weight: (s: number) => number): Bonds => ({
    ...bonds,
    weights: bonds.distances.map((r) => weight(r / spacing)),
  });
  const surroundings = weighted(around);
  const shells = [near, far].map((weight) => {
    const shell = weighted(weight);
    const local = orderMoments(shell, DEGREE);
    return { shell, local, mean: averagedMoments(local, surroundings) };
  });
  const count = structure.numbers.length;
  const columns: Float64Array[] = [];
  for (const { shell, local, mean } of shells) {
    for (const degree of AVERAGED_DEGREES) columns.push(secondOrder(mean, degree));
    for (const degree of THIRD_ORDER_DEGREES) columns.push(thirdOrder(mean, degree));
    for (const degree of LOCAL_DEGREES) columns.push(averaged(secondOrder(local, degree), 1, surroundings));
    columns.push(averaged(coordination(shell), 1, surroundings));
  }
  for (const degree of AVERAGED_DEGREES) columns.push(shellProduct(shells[0]!.mean, shells[1]!.mean, degree));
  const features = new Float64Array(count * FEATURE_COUNT);
  columns.forEach((column, n) => {
    for (let i = 0; i < count; i++) features[i * FEATURE_COUNT + n] = column[i]!;
  });
  return features;
}

/** [N] sum of weights. */
function coordination({ offsets, weights }: Bonds): Float64Array {
  return Float64Array.from({ length: offsets.length - 1 }, (_, i) => {
    let sum = 0;
    for (let k = offsets[i]!; k < offsets[i + 1]!; k++) sum += weights[k]!;
    return sum;
  });
}

/** [N] 4 pi / (2l + 1) Re sum_m q_lm q'_lm* of two shells. */
const shellProduct = (one: OrderMoments, two: OrderMoments, degree: number): Float64Array =>
  Float64Array.from(
    { length: one.real.length / one.size },
    (_, i) => ((4 * Math.PI) / (2 * degree + 1)) * momentProduct(one, degree, i, i, two),
  );
