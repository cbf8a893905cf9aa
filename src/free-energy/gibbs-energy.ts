import type { Estimate } from "../math/statistics.js";
import type { RunLengths } from "./run-lengths.js";
import type { ShorterSteps } from "./shorter-steps.js";
import type { SizeSeries } from "./sizes.js";
import type { SwitchingWork } from "./switching.js";

/** Where a Gibbs energy is wanted, and how long the runs may be. */
export interface GibbsSettings extends RunLengths {
  /** K. */
  readonly temperature: number;
  /** GPa. */
  readonly pressure: number;
  readonly seed: number;
  /**
   * Atoms, about, of further cells, besides that of the phase's `repeats`: G, and paths from there, are measured in all of them and
   * extrapolated to infinite size. None by default: what N atoms lack is estimated (`parts.finiteSize`).
   */
  readonly sizes?: readonly number[];
}

/** The same with no length left open. */
export type FilledGibbsSettings = GibbsSettings & Required<RunLengths>;

/** Averages of a phase at temperature and pressure. */
export interface PhaseAverages extends ShorterSteps {
  /** [9] A, mean cell of the run. */
  readonly meanCell: Float64Array;
  /** A^3/atom. */
  readonly volume: Estimate;
  /** eV/atom: U + 3/2 kT + P V, with what the atoms of the run lack against an infinite phase. */
  readonly enthalpy: Estimate;
  /** GPa, isothermal, from the fluctuations of the volume: good for small corrections only. */
  readonly bulkModulus: number;
}

/** Absolute classical Gibbs energy of a phase, crystal or liquid. */
export interface GibbsEnergy extends ShorterSteps {
  readonly phase: string;
  readonly state: "solid" | "liquid";
  /** K. */
  readonly temperature: number;
  /** GPa. */
  readonly pressure: number;
  /** Atoms in the runs. */
  readonly atoms: number;
  /** eV/atom. */
  readonly gibbs: Estimate;
  /** eV/atom by name: their sum is G; `finiteSize` is what takes it from the atoms of the runs to infinitely many. */
  readonly parts: Readonly<Record<string, number>>;
  /** eV/atom, irreversible work of a switching run. */
  readonly dissipation: Estimate;
  /** Averages of the isothermal-isobaric run. */
  readonly averages: PhaseAverages;
  /** eV for the whole cell, one per replica. */
  readonly works: readonly (SwitchingWork & ShorterSteps)[];
  /** Where several sizes were asked for; all else but `gibbs` is of the phase's own. */
  readonly sizes?: SizeSeries;
}
