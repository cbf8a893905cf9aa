import type { Estimate } from "../math/statistics.js";
import type { PhasePoint, StatePoint } from "./phase-point.js";

/** The part of the temperature-pressure plane that a diagram shows. */
export interface PhaseWindow {
  /** K, from and to. */
  readonly temperature: readonly [number, number];
  /** GPa, from and to. */
  readonly pressure: readonly [number, number];
}

/** G along an isobar, as reversible scaling gives it: the first point is the start. */
export interface IsobarData {
  /** GPa. */
  readonly pressure: number;
  /** K and eV/atom; errors contain that of the first point. */
  readonly points: readonly { readonly temperature: number; readonly gibbs: Estimate }[];
}

/** G along an isotherm, as switching of the pressure gives it: the first point is the start. */
export interface IsothermData {
  /** K. */
  readonly temperature: number;
  /** GPa and eV/atom; errors contain that of the first point. */
  readonly points: readonly { readonly pressure: number; readonly gibbs: Estimate }[];
}

/** A crystal at rest, T = 0 without zero-point motion; per atom. */
export interface StaticPoint {
  /** GPa. */
  readonly pressure: number;
  /** eV/atom: E + P V. */
  readonly enthalpy: number;
  /** A^3/atom. */
  readonly volume: number;
}

/**
 * All that was measured of one phase. Entries are taken to be independent of each other; of isobars and isotherms only
 * the differences between their points count, so the absolute G that one started from belongs to `gibbs` as well.
 */
export interface PhaseData {
  readonly gibbs?: readonly Omit<PhasePoint, "phase">[];
  readonly states?: readonly Omit<StatePoint, "phase">[];
  readonly isobars?: readonly IsobarData[];
  readonly isotherms?: readonly IsothermData[];
  /** Only of a crystal that is stable at rest. */
  readonly static?: readonly StaticPoint[];
}
