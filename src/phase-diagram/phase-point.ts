import type { ShorterSteps } from "../free-energy/shorter-steps.js";
import type { Estimate } from "../math/statistics.js";

/** What is known of one phase at one temperature and pressure; energies and volumes per atom. */
export interface PhasePoint {
  readonly phase: string;
  /** K. */
  readonly temperature: number;
  /** GPa. */
  readonly pressure: number;
  /** eV/atom, absolute and classical. */
  readonly gibbs: Estimate;
}

/** Averages of one phase over an isothermal-isobaric run; per atom. */
export interface StatePoint extends ShorterSteps {
  readonly phase: string;
  /** K. */
  readonly temperature: number;
  /** GPa. */
  readonly pressure: number;
  /** A^3/atom. */
  readonly volume: Estimate;
  /** eV/atom: potential energy + 3/2 kT + P V. */
  readonly enthalpy: Estimate;
}

/** One point of the boundary of two phases. */
export interface CoexistencePoint {
  /** K. */
  readonly temperature: number;
  /** GPa. */
  readonly pressure: Estimate;
}
