import type { CellFreedom } from "../dynamics/cell-freedom.js";
import { InputError } from "../errors.js";
import { cubeRoot, logarithm } from "../math/elementary.js";
import { fitLinear } from "../math/least-squares.js";
import { type Estimate, mean } from "../math/statistics.js";
import { BOLTZMANN } from "../units.js";

/** A crystal in a periodic cell, as far as its finite size goes. */
export interface FiniteCrystal {
  /** Atoms in the cell, N. */
  readonly atoms: number;
  /** Translations that map it onto itself: the number of primitive cells in the cell, M. */
  readonly translations: number;
  /** A^3/atom, v. */
  readonly volume: number;
  /** A^2, <u^2> of an atom. */
  readonly meanSquaredDisplacement: number;
}

/**
 * Free energy per atom [eV] that N atoms in a periodic cell have less or more than the infinite crystal:
 *
 *   F(N)/N - f = (kT/N) [ -ln(N)/2 - ln(N/M) + 1 + 3/2 ln( 2 pi <u^2> / (9 v^(2/3)) ) ].
 *
 * The wave vector 0 has no acoustic modes, and the center of mass moves freely in V / M. The sum of ln w over the other wave
 * vectors lacks the integral of 3 ln(c k) over the cell of reciprocal space around 0, taken as a sphere, with the Debye
 * model's sound for the displacements: <u^2> = 9 kT / (m w_D^2). Its ln N is that of J. M. Polson, E. Trizac, S. Pronk,
 * D. Frenkel, J. Chem. Phys. 112 (2000) 5339, with the ideal gas's own ln N / 2N.
 */
export function crystalFiniteSize(
  { atoms, translations, volume, meanSquaredDisplacement }: FiniteCrystal,
  temperature: number,
): number {
  const narrowness = (2 * Math.PI * meanSquaredDisplacement) / (9 * cubeRoot(volume) ** 2);
  const logarithms = -0.5 * logarithm(atoms) - logarithm(atoms / translations) + 1 + 1.5 * logarithm(narrowness);
  return (BOLTZMANN * temperature * logarithms) / atoms;
}

/** Ways in which a cell fluctuates at constant pressure. */
const STRAINS: Readonly<Record<Exclude<CellFreedom, "fixed">, number>> = {
  isotropic: 1,
  uniaxial: 1,
  tetragonal: 2,
  orthorhombic: 3,
  any: 6,
};

/**
 * Enthalpy per atom [eV] that an infinite phase has more than N atoms at constant pressure: kT/2N for each of the three
 * vibrations that a crystal lacks with its center of mass at rest (a liquid's potential energy does not care), less kT/2N for each
 * way in which the cell fluctuates.
 */
export const enthalpyFiniteSize = (
  state: "solid" | "liquid",
  cell: Exclude<CellFreedom, "fixed">,
  atoms: number,
  temperature: number,
): number => (BOLTZMANN * temperature * ((state === "solid" ? 3 : 0) - STRAINS[cell])) / (2 * atoms);

/**
 * What G per atom [eV] of an infinite phase gains over that of N atoms along an isobar between two temperatures [K]: minus T times the integral of
 * h / T^2, where the enthalpy h that they lack goes as T.
 */
export const isobarFiniteSize = (
  state: "solid" | "liquid",
  cell: Exclude<CellFreedom, "fixed">,
  atoms: number,
  [from, to]: readonly [number, number],
): number => -enthalpyFiniteSize(state, cell, atoms, to) * logarithm(to / from);

/** G per atom of runs of one size. */
export interface SizePoint {
  readonly atoms: number;
  /** eV/atom, with what is known of the finite size taken out: the `gibbs` of a Gibbs energy. */
  readonly gibbs: Estimate;
}

export interface InfiniteSize {
  /** eV/atom at N = infinity. */
  readonly gibbs: Estimate;
  /** eV, what is left of the finite size: G(N) = g + slope / N per atom. */
  readonly slope: Estimate;
  /** Sum of squared deviations over their errors, and the number of sizes less two. */
  readonly chiSquared: number;
  readonly freedom: number;
}

/**
 * G in the limit of infinite size from several sizes, G(N) = g + a/N by weighted least squares; terms in ln N / N are
 * expected to be taken out, as `gibbsEnergy` does.
 */
export function extrapolateToInfinite(points: readonly SizePoint[]): InfiniteSize {
  if (new Set(points.map(({ atoms }) => atoms)).size < 2)
    throw new InputError({ what: "sizes", value: points.map(({ atoms }) => atoms), expected: "two different ones" });
  const fit = fitLinear(
    Float64Array.from(points.flatMap(({ atoms }) => [1, 1 / atoms])),
    points.map(({ gibbs }) => gibbs.value),
    points.map(({ gibbs }) => gibbs.error),
  );
  const at = (k: number): Estimate => ({ value: fit.parameters[k]!, error: Math.sqrt(fit.covariance[3 * k]!) });
  return { gibbs: at(0), slope: at(1), chiSquared: fit.chiSquared, freedom: points.length - 2 };
}

/**
 * What runs of several sizes found, in the limit of infinite size; errors are pooled as 1/sqrt(N), since a few replicas that agree by
 * luck would decide on the slope. Of a single size it is what that one found.
 */
export function ofInfiniteSize(points: readonly SizePoint[]): Estimate {
  if (points.length === 1) return points[0]!.gibbs;
  const scatter = Math.sqrt(mean(points.map(({ atoms, gibbs }) => atoms * gibbs.error ** 2)));
  if (scatter === 0) return points[0]!.gibbs;
  const pooled = points.map(({ atoms, gibbs: { value } }) => ({
    atoms,
    gibbs: { value, error: scatter / Math.sqrt(atoms) },
  }));
  const { gibbs, chiSquared, freedom } = extrapolateToInfinite(pooled);
  return { value: gibbs.value, error: gibbs.error * Math.max(1, Math.sqrt(chiSquared / Math.max(1, freedom))) };
}
