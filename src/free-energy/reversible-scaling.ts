import type { Estimate } from "../math/statistics.js";
import type { PotentialSpec } from "../potentials/potential.js";
import { BOLTZMANN } from "../units.js";
import type { GibbsEnergy, GibbsSettings } from "./gibbs-energy.js";
import type { LegWork } from "./legs.js";
import { type PathWork, workAlong } from "./path-work.js";
import { isLiquid, type Phase } from "./phase.js";
import { roundTrips } from "./round-trips.js";
import type { ScalingLeg, ScalingLegResult } from "./scaling-leg.js";
import { type ShorterSteps, shortest } from "./shorter-steps.js";

/** Work of one run each way at factors of the potential. */
export interface ScalingWork extends PathWork {
  /** [L] from 1 to the last. */
  readonly factors: Float64Array;
}

/** G along an isobar. */
export interface IsobarPoint {
  /** K. */
  readonly temperature: number;
  /** eV/atom. */
  readonly gibbs: Estimate;
}

/**
 * Reversible scaling (de Koning, Antonelli and Yip, Phys. Rev. Lett. 83 (1999) 3973): at T0 with the potential a U and the pressure
 * a P, the configurations are those of T = T0 / a at P, so that one slow run of a gives G over a range of temperature,
 *
 *   G(T) = [G(T0) + W(a)] / a + 3/2 N k T ln a,   W = integral of (U + P V) da.
 *
 * W is that of `workAlong`; the error comes from the replicas and that of G(T0).
 */
export function scaleReversibly(
  start: { readonly temperature: number; readonly gibbs: Estimate },
  works: readonly ScalingWork[],
  atoms: number,
): IsobarPoint[] {
  return workAlong(works, atoms).map(({ value, error }, i) => {
    const factor = works[0]!.factors[i]!;
    const temperature = start.temperature / factor;
    return {
      temperature,
      gibbs: {
        value: (start.gibbs.value + value) / factor + 1.5 * BOLTZMANN * temperature * Math.log(factor),
        error: Math.hypot(start.gibbs.error, error) / factor,
      },
    };
  });
}

export interface IsobarSettings extends GibbsSettings {
  /** K, the other end of the isobar; above `temperature` the potential is scaled down. */
  readonly finalTemperature: number;
  /** Temperatures on the way, the first apart. 20 by default. */
  readonly points?: number;
}

/** G of a phase from one temperature to another at constant pressure: one switching, then reversible scaling. */
export async function gibbsAlongIsobar(
  spec: PotentialSpec,
  phase: Phase,
  settings: IsobarSettings,
  work: LegWork = {},
): Promise<ShorterSteps & { readonly start: GibbsEnergy; readonly points: readonly IsobarPoint[] }> {
  const { temperature, finalTemperature, points: count = 20 } = settings;
  const { start, works } = await roundTrips<ScalingLegResult>(
    { task: "scale-potential", title: "isobar", note: `${temperature} K to ${finalTemperature} K` },
    spec,
    phase,
    { ...settings, points: count },
    (leg): ScalingLeg => ({ ...leg, finalTemperature }),
    work,
  );
  const points = scaleReversibly(start, works, start.atoms);
  return {
    start,
    points: isLiquid(phase) ? points : points.map((point) => grown(point, start)),
    ...shortest(works),
  };
}

/** Displacements of a crystal grow with temperature, and what N atoms lack along with them: see `crystalFiniteSize`. */
function grown({ temperature, gibbs }: IsobarPoint, start: GibbsEnergy): IsobarPoint {
  const change = (1.5 * BOLTZMANN * temperature * Math.log(temperature / start.temperature)) / start.atoms;
  return { temperature, gibbs: { ...gibbs, value: gibbs.value - change } };
}
