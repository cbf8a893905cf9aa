/** Named tolerances: what two numbers may differ by, and why. */

/** Against Debian's LAMMPS: same formulas, sums in another order; its pressure is given in bar to 17 digits. */
export const lammpsParity = { energy: 1e-10, forces: 1e-9, virial: 1e-9 } as const;

/** One engine against the reference, relative to the largest entry: sums in another order, own exp and log. */
export const enginesAgree = 1e-10;

/**
 * Finite differences: of a central difference of energies with step h = 1e-4 A the truncation is h^2 E'''/6, about
 * 1e-8 eV/A for the stiffest laws here, after one Richardson step far below the rounding, 1e-16 |E| / h.
 */
export const finiteDifference = { step: 1e-3, forces: 1e-7, virial: 1e-6 } as const;

/** What a symmetry may cost: rounding in a few hundred sums. */
export const symmetry = 1e-9;

export const largestMagnitude = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((most, x) => Math.max(most, Math.abs(x)), 0);

export const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  a.length === b.length ? largestMagnitude(Array.from(a, (x, k) => x - b[k]!)) : Number.POSITIVE_INFINITY;
