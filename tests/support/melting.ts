import type { CrystalPhase } from "../../src/free-energy/crystal-phase.js";
import { gibbsEnergy } from "../../src/free-energy/gibbs.js";
import type { GibbsEnergy, GibbsSettings } from "../../src/free-energy/gibbs-energy.js";
import { liquidGibbs } from "../../src/free-energy/liquid-gibbs.js";
import type { LiquidPhase } from "../../src/free-energy/liquid-phase.js";
import type { Estimate } from "../../src/math/statistics.js";
import type { PotentialSpec } from "../../src/potentials/potential.js";

export interface MeltingByGibbs {
  /** K. */
  readonly melting: Estimate;
  /** eV/atom. */
  readonly heat: number;
  readonly solid: GibbsEnergy;
  readonly liquid: GibbsEnergy;
}

/**
 * Where G of a crystal and of its melt meet, from both at one temperature some percent at most from there:
 * Tm = T (1 + dG / dH), the heat dH of melting being taken as constant on the way.
 */
export async function meltingByGibbs(
  spec: PotentialSpec,
  crystal: CrystalPhase,
  settings: GibbsSettings,
): Promise<MeltingByGibbs> {
  const melt: LiquidPhase = { ...crystal, name: "liquid", state: "liquid" };
  const [solid, liquid] = await Promise.all([
    gibbsEnergy(spec, crystal, settings),
    liquidGibbs(spec, melt, settings),
  ] as const);
  const { temperature } = settings;
  const heat = liquid.averages.enthalpy.value - solid.averages.enthalpy.value;
  const heatError = Math.hypot(liquid.averages.enthalpy.error, solid.averages.enthalpy.error);
  const shift = (liquid.gibbs.value - solid.gibbs.value) / heat;
  const error = (temperature / heat) * Math.hypot(liquid.gibbs.error, solid.gibbs.error, shift * heatError);
  return { melting: { value: temperature * (1 + shift), error }, heat, solid, liquid };
}

/** How many standard errors two estimates are apart. */
export const apart = (one: Estimate, two: Estimate): number =>
  Math.abs(one.value - two.value) / Math.hypot(one.error, two.error);

/** "1234.5 +- 6.7". */
export const shown = ({ value, error }: Estimate, digits = 1): string =>
  `${value.toFixed(digits)} +- ${error.toFixed(digits)}`;
