import { logarithm } from "../math/elementary.js";
import type { Estimate } from "../math/statistics.js";
import type { PotentialSpec } from "../potentials/potential.js";
import { BOLTZMANN } from "../units.js";
import { isobarFiniteSize } from "./finite-size.js";
import type { GibbsEnergy, GibbsSettings } from "./gibbs-energy.js";
import type { LegWork } from "./legs.js";
import { type PathWork, workAlong } from "./path-work.js";
import { isLiquid, type Phase } from "./phase.js";
import { roundTrips, type SizedTrips } from "./round-trips.js";
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
  trips: readonly SizedTrips<ScalingWork>[],
): IsobarPoint[] {
  return workAlong(trips).map(({ value, error }, i) => {
    const factor = trips[0]!.works[0]!.factors[i]!;
    const temperature = start.temperature / factor;
    return {
      temperature,
      gibbs: {
        value: (start.gibbs.value + value) / factor + 1.5 * BOLTZMANN * temperature * logarithm(factor),
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
  const { start, trips } = await roundTrips<ScalingLegResult>(
    { task: "scale-potential", title: "isobar", note: `${temperature} K to ${finalTemperature} K` },
    spec,
    phase,
    { ...settings, points: count },
    (leg): ScalingLeg => ({ ...leg, finalTemperature }),
    work,
  );
  const points = scaleReversibly(start, trips);
  return {
    start,
    // What goes as 1/N is extrapolated where there are several sizes.
    points: trips.length > 1 ? points : points.map((point) => ofInfinite(point, phase, start)),
    ...shortest(trips.flatMap(({ works }) => works)),
  };
}

/** G with what the N atoms of the runs lacked on the way. */
function ofInfinite({ temperature, gibbs }: IsobarPoint, phase: Phase, start: GibbsEnergy): IsobarPoint {
  const [state, cell] = isLiquid(phase) ? (["liquid", "isotropic"] as const) : (["solid", phase.cell] as const);
  const missing = isobarFiniteSize(state, cell, start.atoms, [start.temperature, temperature]);
  return { temperature, gibbs: { ...gibbs, value: gibbs.value + missing } };
}
