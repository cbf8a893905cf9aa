/**
 * Clebsch-Gordan coefficients <j1/2 a, j2/2 b | j/2 c> of doubled momenta, c = a + b, by the quasi-binomial sum of
 * Varshalovich, Moskalev and Khersonskii, Quantum Theory of Angular Momentum (1988), 8.2.1(3).
 *
 * Returns [(j1+1)(j2+1)], index m1 (j2+1) + m2, where a = m1 - j1/2 with 0 <= m1 <= j1 and b likewise: the projection
 * of the sum is m = m1 + m2 - (j1 + j2 - j)/2, and coefficients with m outside 0..j are zero.
 */
export function clebschGordan(j1: number, j2: number, j: number): Float64Array {
  const table = new Float64Array((j1 + 1) * (j2 + 1));
  const lost = (j1 + j2 - j) / 2;
  if (!Number.isInteger(lost) || lost < 0 || j < Math.abs(j1 - j2)) return table;
  const triangle = Math.sqrt(
    (factorial(lost) * factorial((j1 - j2 + j) / 2) * factorial((j2 - j1 + j) / 2)) / factorial((j1 + j2 + j) / 2 + 1),
  );
  for (let m1 = 0; m1 <= j1; m1++)
    for (let m2 = 0; m2 <= j2; m2++) {
      const m = m1 + m2 - lost;
      if (m < 0 || m > j) continue;
      let sum = 0;
      const first = Math.max(0, lost - m1, m2 + lost - j2);
      const last = Math.min(lost, j1 - m1, m2);
      for (let z = first; z <= last; z++)
        sum +=
          (z % 2 === 0 ? 1 : -1) /
          (factorial(z) *
            factorial(lost - z) *
            factorial(j1 - m1 - z) *
            factorial(m2 - z) *
            factorial(m1 - lost + z) *
            factorial(j2 - lost - m2 + z));
      const norm =
        factorial(m1) * factorial(j1 - m1) * factorial(m2) * factorial(j2 - m2) * factorial(m) * factorial(j - m);
      table[m1 * (j2 + 1) + m2] = triangle * sum * Math.sqrt(norm * (j + 1));
    }
  return table;
}

const factorials = [1];

/** n! in f64, exact up to 22! and finite up to 170!. */
export function factorial(n: number): number {
  for (let i = factorials.length; i <= n; i++) factorials.push(factorials[i - 1]! * i);
  return factorials[n]!;
}
