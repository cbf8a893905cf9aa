import type { CellFreedom } from "../dynamics/cell-freedom.js";
import type { Structure } from "../structure/structure.js";
import { runAtoms } from "./run-atoms.js";

/** A crystal whose free energy is wanted. */
export interface CrystalPhase {
  readonly name: string;
  readonly state?: "solid";
  /** Any cell of the crystal, roughly at its equilibrium; atoms on their sites. */
  readonly structure: Structure;
  /** Repeats along the cell's vectors, for the runs; at least 50 atoms are advisable. */
  readonly repeats: readonly [number, number, number];
  /** What of the cell is free: "isotropic" for cubic crystals, "tetragonal" with c along z, and so on. */
  readonly cell: Exclude<CellFreedom, "fixed">;
}

/** The cell that runs use. */
export const runCell = (phase: CrystalPhase): Structure => runAtoms(phase, { least: 8, publish: 64 });
