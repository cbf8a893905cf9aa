import type { Structure } from "../structure/structure.js";
import { runAtoms } from "./run-atoms.js";

/** A liquid whose free energy is wanted. */
export interface LiquidPhase {
  readonly name: string;
  readonly state: "liquid";
  /** Any cell of the composition, roughly at the density of the liquid: it is melted. */
  readonly structure: Structure;
  /** Repeats along the cell's vectors, for the runs; 250 atoms or more are advisable. */
  readonly repeats: readonly [number, number, number];
}

/** The atoms that runs use, still as they were given. */
export const runLiquid = (phase: LiquidPhase): Structure => runAtoms(phase, { least: 50, publish: 250 });
