import { dot, quadraticForm } from "../math/linear-algebra.js";
import { GPA_PER_EV_A3 } from "../units.js";
import { type GibbsFunctional, gibbsFunctional, gibbsOfCoefficients } from "./gibbs-basis.js";
import type { GibbsSurface } from "./gibbs-surface.js";

/** G of one phase minus G of another, as a function of place. */
export interface GibbsDifference {
  /** eV/atom. */
  readonly value: number;
  /** eV/atom, its standard error: surfaces are independent. */
  readonly error: number;
  /** eV/K/atom: minus the difference of entropies. */
  readonly byTemperature: number;
  /** eV/GPa/atom: the difference of volumes. */
  readonly byPressure: number;
}

/** G1 - G2 [eV/atom] alone. */
export const gibbsDifferenceValue = (one: GibbsSurface, two: GibbsSurface, t: number, p: number): number =>
  gibbsValue(one, t, p) - gibbsValue(two, t, p);

/** G [eV/atom] without its error. */
export const gibbsValue = ({ basis, coefficients }: GibbsSurface, t: number, p: number): number =>
  gibbsOfCoefficients(basis, coefficients, t, p);

const read = ({ coefficients }: GibbsSurface, { row, offset }: GibbsFunctional): number =>
  offset + dot(row, coefficients);

/** eV^2: variance of G of one phase at a place. */
export function gibbsVariance(surface: GibbsSurface, t: number, p: number): number {
  const { row } = gibbsFunctional(surface.basis, "gibbs", t, p);
  return Math.max(0, quadraticForm(surface.covariance, row));
}

/** G1 - G2 at T [K] and P [GPa] with its error and its slopes. */
export function gibbsDifference(one: GibbsSurface, two: GibbsSurface, t: number, p: number): GibbsDifference {
  const of = (quantity: "entropy" | "volume"): number =>
    read(one, gibbsFunctional(one.basis, quantity, t, p)) - read(two, gibbsFunctional(two.basis, quantity, t, p));
  return {
    value: gibbsDifferenceValue(one, two, t, p),
    error: Math.sqrt(gibbsVariance(one, t, p) + gibbsVariance(two, t, p)),
    byTemperature: -of("entropy"),
    byPressure: of("volume") / GPA_PER_EV_A3,
  };
}
