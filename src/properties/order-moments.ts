import { clebschGordan } from "../math/clebsch-gordan.js";
import { harmonicCount, sphericalHarmonics } from "../math/spherical-harmonics.js";
import type { Bonds } from "./order-neighbors.js";

/** q_lm of each atom, l <= degree, m >= 0; atom i begins at i * size, entry l, m stands at l (l + 1) / 2 + m. */
export interface OrderMoments {
  readonly degree: number;
  readonly size: number;
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

/** q_lm(i) = sum_j w_j Y_lm(r_ij) / sum_j w_j; zero for an atom without neighbors. */
export function orderMoments({ offsets, directions, weights }: Bonds, degree: number): OrderMoments {
  const count = offsets.length - 1;
  const size = harmonicCount(degree);
  const real = new Float64Array(count * size);
  const imaginary = new Float64Array(count * size);
  const add = sphericalHarmonics(degree);
  for (let i = 0; i < count; i++) {
    let total = 0;
    for (let k = offsets[i]!; k < offsets[i + 1]!; k++) {
      const weight = weights[k]!;
      if (weight === 0) continue;
      total += weight;
      add(directions[3 * k]!, directions[3 * k + 1]!, directions[3 * k + 2]!, weight, real, imaginary, i * size);
    }
    if (total === 0) continue;
    for (let k = i * size; k < (i + 1) * size; k++) {
      real[k]! /= total;
      imaginary[k]! /= total;
    }
  }
  return { degree, size, real, imaginary };
}

/** Means over an atom, which counts as 1, and its neighbors by their weights (W. Lechner, C. Dellago, J. Chem. Phys. 129 (2008) 114707). */
export function averagedMoments(moments: OrderMoments, bonds: Bonds): OrderMoments {
  const average = (values: Float64Array): Float64Array => averaged(values, moments.size, bonds);
  return { ...moments, real: average(moments.real), imaginary: average(moments.imaginary) };
}

/** Means of rows of `width` values over an atom and its neighbors. */
export function averaged(values: Float64Array, width: number, { offsets, neighbors, weights }: Bonds): Float64Array {
  const means = values.slice();
  for (let i = 0; i + 1 < offsets.length; i++) {
    let total = 1;
    for (let k = offsets[i]!; k < offsets[i + 1]!; k++) {
      const weight = weights[k]!;
      if (weight === 0) continue;
      total += weight;
      const from = width * neighbors[k]!;
      for (let n = 0; n < width; n++) means[i * width + n]! += weight * values[from + n]!;
    }
    for (let n = 0; n < width; n++) means[i * width + n]! /= total;
  }
  return means;
}

/** Re sum_m q_lm(i) conj(q'_lm(j)), q' those of `other`, which has the same degree. */
export function momentProduct(
  { size, real, imaginary }: OrderMoments,
  degree: number,
  i: number,
  j: number,
  other: Pick<OrderMoments, "real" | "imaginary"> = { real, imaginary },
): number {
  const base = (degree * (degree + 1)) / 2;
  const [a, b] = [i * size + base, j * size + base];
  let sum = real[a]! * other.real[b]! + imaginary[a]! * other.imaginary[b]!;
  for (let m = 1; m <= degree; m++)
    sum += 2 * (real[a + m]! * other.real[b + m]! + imaginary[a + m]! * other.imaginary[b + m]!);
  return sum;
}

/** [N] q_l = sqrt(4 pi / (2l + 1) sum_m |q_lm|^2), P. J. Steinhardt, D. R. Nelson, M. Ronchetti, Phys. Rev. B 28 (1983) 784. */
export function secondOrder(moments: OrderMoments, degree: number): Float64Array {
  const scale = (4 * Math.PI) / (2 * degree + 1);
  return Float64Array.from({ length: moments.real.length / moments.size }, (_, i) =>
    Math.sqrt(scale * momentProduct(moments, degree, i, i)),
  );
}

/**
 * [N] w_l = sum over m1 + m2 + m3 = 0 of (l l l; m1 m2 m3) q_lm1 q_lm2 q_lm3 / (sum_m |q_lm|^2)^(3/2), with Wigner's 3j
 * symbols, ibid.; zero for odd l and for an atom without neighbors.
 */
export function thirdOrder(moments: OrderMoments, degree: number): Float64Array {
  const { size, real, imaginary } = moments;
  const { orders, symbols } = tripleSymbols(degree);
  const base = (degree * (degree + 1)) / 2;
  const re = new Float64Array(2 * degree + 1);
  const im = new Float64Array(2 * degree + 1);
  return Float64Array.from({ length: real.length / size }, (_, i) => {
    const norm = momentProduct(moments, degree, i, i);
    if (norm === 0) return 0;
    for (let m = 0; m <= degree; m++) {
      const at = i * size + base + m;
      const sign = m % 2 === 0 ? 1 : -1;
      re[degree - m] = sign * real[at]!;
      im[degree - m] = -sign * imaginary[at]!;
      re[degree + m] = real[at]!;
      im[degree + m] = imaginary[at]!;
    }
    let sum = 0;
    for (let k = 0; k < symbols.length; k++) {
      const [a, b, c] = [orders[3 * k]!, orders[3 * k + 1]!, orders[3 * k + 2]!];
      const product = re[a]! * re[b]! - im[a]! * im[b]!;
      sum += symbols[k]! * (product * re[c]! - (re[a]! * im[b]! + im[a]! * re[b]!) * im[c]!);
    }
    return sum / (norm * Math.sqrt(norm));
  });
}

/**
 * (l l l; a b c) for a <= b <= c, a + b + c = 0, times the number of their permutations, which leave the symbol as it is
 * for even l and cancel for odd l; `orders` [3n] counts from -l. From <l a l b | l a+b> (-1)^(a+b) / sqrt(2l + 1).
 */
function tripleSymbols(degree: number): { readonly orders: Int32Array; readonly symbols: Float64Array } {
  const table = clebschGordan(2 * degree, 2 * degree, 2 * degree);
  const orders: number[] = [];
  const symbols: number[] = [];
  if (degree % 2 === 0)
    for (let a = -degree; a <= degree; a++)
      for (let b = a; b <= degree; b++) {
        const c = -a - b;
        if (c < b || c > degree) continue;
        const coefficient = table[(a + degree) * (2 * degree + 1) + b + degree]!;
        const permutations = a === b && b === c ? 1 : a === b || b === c ? 3 : 6;
        orders.push(a + degree, b + degree, c + degree);
        symbols.push(((c % 2 === 0 ? 1 : -1) * permutations * coefficient) / Math.sqrt(2 * degree + 1));
      }
  return { orders: Int32Array.from(orders), symbols: Float64Array.from(symbols) };
}
