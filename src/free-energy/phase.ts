import { ComputationError } from "../errors.js";
import type { PotentialSpec } from "../potentials/potential.js";

import type { Structure } from "../structure/structure.js";
import { crystalAverages } from "./crystal-averages.js";
import type { CrystalPhase } from "./crystal-phase.js";
import { gibbsEnergy } from "./gibbs.js";
import type { GibbsEnergy, GibbsSettings, PhaseAverages } from "./gibbs-energy.js";
import type { LegWork } from "./legs.js";
import { toRunLengths } from "./run-lengths.js";

/** A liquid whose free energy is wanted. */
export interface LiquidPhase {
  readonly name: string;
  readonly state: "liquid";
  /** Any cell of the composition, roughly at the density of the liquid: it is melted. */
  readonly structure: Structure;
  /** Repeats along the cell's vectors, for the runs; 250 atoms or more are advisable. */
  readonly repeats: readonly [number, number, number];
}

/** A phase of a phase diagram. */
export type Phase = CrystalPhase | LiquidPhase;

export const isLiquid = (phase: Phase): phase is LiquidPhase => phase.state === "liquid";

/** G(T, P) of any phase: crystals from the Einstein crystal, liquids from the Uhlenbeck-Ford model. */
export function phaseGibbs(
  spec: PotentialSpec,
  phase: Phase,
  settings: GibbsSettings,
  work: LegWork = {},
): Promise<GibbsEnergy> {
  return isLiquid(phase) ? Promise.reject(notYet(phase)) : gibbsEnergy(spec, phase, settings, work);
}

/** Volume and enthalpy of any phase from one isothermal-isobaric run; throws a PhaseLostError when it does not last. */
export async function phaseAverages(
  spec: PotentialSpec,
  phase: Phase,
  settings: GibbsSettings,
  work: LegWork = {},
): Promise<PhaseAverages> {
  if (isLiquid(phase)) throw notYet(phase);
  return (await crystalAverages(spec, phase, { ...settings, ...toRunLengths(settings) }, work)).averages;
}

const notYet = ({ name }: LiquidPhase): ComputationError =>
  new ComputationError({ what: "free energy of a liquid", value: name, expected: "a crystal" });
