import type { Estimate } from "../math/statistics.js";
import type { PotentialSpec } from "../potentials/potential.js";
import type { CompressionLeg, CompressionLegResult, CompressionWork } from "./compression-leg.js";
import type { GibbsEnergy, GibbsSettings } from "./gibbs-energy.js";
import type { LegWork } from "./legs.js";
import { workAlong } from "./path-work.js";
import type { Phase } from "./phase.js";
import { roundTrips, type SizedTrips } from "./round-trips.js";
import { type ShorterSteps, shortest } from "./shorter-steps.js";

/** G along an isotherm. */
export interface IsothermPoint {
  /** GPa. */
  readonly pressure: number;
  /** eV/atom. */
  readonly gibbs: Estimate;
}

/**
 * G(P) = G(P0) + integral of V dP along runs whose pressure goes slowly there and back (`workAlong`). Against runs at fixed pressures of the same total time the
 * statistical error is the same, and neither equilibration at each pressure nor interpolation between them is needed.
 */
export function integrateVolume(start: Estimate, trips: readonly SizedTrips<CompressionWork>[]): IsothermPoint[] {
  return workAlong(trips).map(({ value, error }, i) => ({
    pressure: trips[0]!.works[0]!.pressures[i]!,
    gibbs: { value: start.value + value, error: Math.hypot(start.error, error) },
  }));
}

export interface IsothermSettings extends GibbsSettings {
  /** GPa, the other end of the isotherm. */
  readonly finalPressure: number;
  /** Pressures on the way, the first apart. 10 by default. */
  readonly points?: number;
}

/** G of a phase from one pressure to another at constant temperature: one switching, then slow compression. */
export async function gibbsAlongIsotherm(
  spec: PotentialSpec,
  phase: Phase,
  settings: IsothermSettings,
  work: LegWork = {},
): Promise<ShorterSteps & { readonly start: GibbsEnergy; readonly points: readonly IsothermPoint[] }> {
  const { pressure, finalPressure, points = 10 } = settings;
  const { start, trips } = await roundTrips<CompressionLegResult>(
    { task: "ramp-pressure", title: "isotherm", note: `${pressure} GPa to ${finalPressure} GPa` },
    spec,
    phase,
    { ...settings, points },
    (leg): CompressionLeg => ({ ...leg, finalPressure }),
    work,
  );
  return { start, points: integrateVolume(start.gibbs, trips), ...shortest(trips.flatMap(({ works }) => works)) };
}
