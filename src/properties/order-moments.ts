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

/** Re sum_m q_lm(i) conj(q_lm(j)). */
export function momentProduct({ size, real, imaginary }: OrderMoments, degree: number, i: number, j: number): number {
  const base = (degree * (degree + 1)) / 2;
  const [a, b] = [i * size + base, j * size + base];
  let sum = real[a]! * real[b]! + imaginary[a]! * imaginary[b]!;
  for (let m = 1; m <= degree; m++) sum += 2 * (real[a + m]! * real[b + m]! + imaginary[a + m]! * imaginary[b + m]!);
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
  const symbols = tripleSymbols(degree);
  const base = (degree * (degree + 1)) / 2;
  return Float64Array.from({ length: moments.real.length / moments.size }, (_, i) => {
    const at = i * moments.size + base;
    const norm = momentProduct(moments, degree, i, i);
    if (norm === 0) return 0;
    // Entries of negative m: (-1)^m conj.
    const re = (m: number): number => (m >= 0 ? moments.real[at + m]! : (m % 2 === 0 ? 1 : -1) * moments.real[at - m]!);
    const im = (m: number): number =>
      m >= 0 ? moments.imaginary[at + m]! : (m % 2 === 0 ? -1 : 1) * moments.imaginary[at - m]!;
    let sum = 0;
    for (const [a, b, symbol] of symbols) {
      const real = re(a) * re(b) - im(a) * im(b);
      const imaginary = re(a) * im(b) + im(a) * re(b);
      sum += symbol * (real * re(-a - b) - imaginary * im(-a - b));
    }
    return sum / (norm * Math.sqrt(norm));
  });
}

/** (l l l; a b -a-b) of all a and b, from <l a l b | l a+b> (-1)^(a+b) / sqrt(2l + 1). */
function tripleSymbols(degree: number): (readonly [number, number, number])[] {
  const table = clebschGordan(2 * degree, 2 * degree, 2 * degree);
  const symbols: (readonly [number, number, number])[] = [];
  for (let a = -degree; a <= degree; a++)
    for (let b = -degree; b <= degree; b++) {
      if (Math.abs(a + b) > degree) continue;
      const coefficient = table[(a + degree) * (2 * degree + 1) + b + degree]!;
      symbols.push([a, b, (((a + b) % 2 === 0 ? 1 : -1) * coefficient) / Math.sqrt(2 * degree + 1)]);
    }
  return symbols;
}
