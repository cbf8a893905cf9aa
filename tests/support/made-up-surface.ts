import type { GibbsSurface } from "../../src/phase-diagram/gibbs-surface.js";

/** The window of made-up surfaces. */
export const unitWindow = { temperature: [0, 1000], pressure: [0, 10] } as const;

/**
 * A surface with G = sum of c t^i q^j eV/atom (classical part apart), t = T/1000 K, q = P/5 GPa - 1; every coefficient
 * independent with the same variance.
 */
export function madeUpSurface(
  phase: string,
  coefficients: Readonly<Record<string, number>>,
  options: { readonly variance?: number; readonly hull?: GibbsSurface["domain"]["hull"] } = {},
): GibbsSurface {
  const terms = [
    [0, 0],
    [1, 0],
    [0, 1],
    [2, 0],
    [1, 1],
    [0, 2],
  ] as const;
  const corners = [0, 1000].flatMap((t) => [0, 10].map((p) => [t, p] as const));
  return {
    phase,
    basis: { terms, temperature: 1000, softness: 0, center: 5, width: 5 },
    coefficients: Float64Array.from(terms, ([i, j]) => coefficients[`t${i}q${j}`] ?? 0),
    covariance: Float64Array.from({ length: 36 }, (_, n) => (n % 7 === 0 ? (options.variance ?? 0) : 0)),
    domain: {
      hull: options.hull ?? [corners[0]!, corners[2]!, corners[3]!, corners[1]!],
      margin: [1e-6, 1e-6],
    },
    scales: { compression: 1, thermal: 1 },
    quality: [],
    worst: undefined,
  };
}
