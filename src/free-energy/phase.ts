import type { PotentialSpec } from "../potentials/potential.js";

import { crystalAverages } from "./crystal-averages.js";
import type { CrystalPhase } from "./crystal-phase.js";
import { gibbsEnergy } from "./gibbs.js";
import type { GibbsEnergy, GibbsSettings, PhaseAverages } from "./gibbs-energy.js";
import type { LegWork } from "./legs.js";
import { liquidAverages, liquidGibbs } from "./liquid-gibbs.js";
import type { LiquidPhase } from "./liquid-phase.js";
import { lengthsFor } from "./slowness.js";

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
  return isLiquid(phase) ? liquidGibbs(spec, phase, settings, work) : gibbsEnergy(spec, phase, settings, work);
}

/** Volume and enthalpy of any phase from one isothermal-isobaric run; throws a PhaseLostError when it does not last. */
export async function phaseAverages(
  spec: PotentialSpec,
  phase: Phase,
  settings: GibbsSettings,
  work: LegWork = {},
): Promise<PhaseAverages> {
  const wanted = { ...settings, ...(await lengthsFor(spec, [phase], [settings.pressure], settings, work)) };
  return isLiquid(phase)
    ? liquidAverages(spec, phase, wanted, work)
    : (await crystalAverages(spec, phase, wanted, work)).averages;
}
