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

/** What the contract of potentials grants an engine. */
export interface ContractTolerance {
  readonly enginesAgree: number;
  readonly symmetry: number;
  readonly finiteDifference: {
    readonly step: number;
    readonly strain: number;
    readonly forces: number;
    readonly virial: number;
  };
  /** eV, eV/A and eV/A^2, what is left of what vanishes at a cutoff. */
  readonly floor: { readonly energy: number; readonly force: number; readonly curvature: number };
}

export const doublePrecision: ContractTolerance = {
  enginesAgree,
  symmetry,
  finiteDifference,
  floor: { energy: 1e-14, force: 1e-12, curvature: 1e-8 },
};

/**
 * Engines in f32. Every pair and every component of a descriptor is exact to 1e-7, a force is a sum of tens of them that
 * nearly cancel: 1e-5 of the largest. Energies of an atom are rounded at 1e-7 of some 5 eV, so that differences are good to
 * 1e-6 eV over the step: steps are wider, and gradients of the energy only as good as that; the forces themselves are
 * held to 1e-5 by the comparison with `reference`, whose gradients are exact.
 */
export const singlePrecision: ContractTolerance = {
  enginesAgree: 1e-5,
  symmetry: 2e-5,
  finiteDifference: { step: 4e-3, strain: 5e-4, forces: 4e-3, virial: 1e-2 },
  floor: { energy: 3e-7, force: 3e-6, curvature: 3e-2 },
};

/**
 * SNAP in f32x4 with positions and sums of forces in f64: components of the expansion are good to some 1e-7 of the largest,
 * forces are sums of tens of such numbers that nearly cancel. Energies are f64 sums of products of f32: steps are as wide as in f32.
 */
export const mixedPrecision: ContractTolerance = singlePrecision;

export const largestMagnitude = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((most, x) => Math.max(most, Math.abs(x)), 0);

export const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  a.length === b.length ? largestMagnitude(Array.from(a, (x, k) => x - b[k]!)) : Number.POSITIVE_INFINITY;
