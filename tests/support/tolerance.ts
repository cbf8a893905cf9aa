/** Named tolerances: what two numbers may differ by, and why. */

/** Against Debian's LAMMPS: same formulas, sums in another order; its pressure is given in bar to 17 digits. */
export const lammpsParity = { energy: 1e-10, forces: 1e-9, virial: 1e-9 } as const;

/** One engine against the reference, relative to the largest entry: sums in another order, own exp and log. */
export const enginesAgree = 1e-10;

/**
 * Central differences of fourth order with step h (A): they miss h^4/30 times the fifth derivative, below 1e-9 eV/A here,
 * and rounding of the energy, 1e-16 |E| / h, below 1e-10. Tables of cubics have jumps of the curvature at their knots:
 * h times the jump, 1e-8 eV/A. The virial is relative to its largest entry.
 */
export const finiteDifference = { step: 1e-3, strain: 1e-4, forces: 1e-7, virial: 1e-7 } as const;

/** What a symmetry may cost: rounding in a few hundred sums. */
export const symmetry = 1e-9;

export const largestMagnitude = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((most, x) => Math.max(most, Math.abs(x)), 0);

export const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  a.length === b.length ? largestMagnitude(Array.from(a, (x, k) => x - b[k]!)) : Number.POSITIVE_INFINITY;
