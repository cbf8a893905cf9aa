import { InputError } from "../errors.js";
import { type Estimate, mean, meanOfIndependent } from "../math/statistics.js";
import type { PotentialSpec } from "../potentials/potential.js";
import type { CompressionLeg, CompressionLegResult, CompressionWork } from "./compression-leg.js";
import type { GibbsEnergy, GibbsSettings } from "./gibbs-energy.js";
import type { LegWork } from "./legs.js";
import type { Phase } from "./phase.js";
import { roundTrips } from "./round-trips.js";

/** G along an isotherm. */
export interface IsothermPoint {
  /** GPa. */
  readonly pressure: number;
  /** eV/atom. */
  readonly gibbs: Estimate;
}

/**
 * G(P) = G(P0) + integral of V dP along runs whose pressure goes slowly there and back: the mean of the forward and minus the
 * backward integral, in which lags cancel in first order. Against runs at fixed pressures of the same total time the
 * statistical error is the same, and neither equilibration at each pressure nor interpolation between them is needed.
 */
export function integrateVolume(start: Estimate, works: readonly CompressionWork[], atoms: number): IsothermPoint[] {
  const [first] = works;
  if (first === undefined || works.length < 2)
    throw new InputError({ what: "replicas", value: works.length, expected: "at least 2, for an error bar" });
  return Array.from(first.pressures, (pressure, i) => {
    const each = works.map(({ forward, backward }) => (forward[i]! - (backward[0]! - backward[i]!)) / (2 * atoms));
    const error = i === 0 ? 0 : meanOfIndependent(each).error;
    return { pressure, gibbs: { value: start.value + mean(each), error: Math.hypot(start.error, error) } };
  });
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
): Promise<{ readonly start: GibbsEnergy; readonly points: readonly IsothermPoint[] }> {
  const { pressure, finalPressure, points = 10 } = settings;
  const { start, works } = await roundTrips<CompressionLegResult>(
    { task: "ramp-pressure", title: "isotherm", note: `${pressure} GPa to ${finalPressure} GPa` },
    spec,
    phase,
    { ...settings, points },
    (leg): CompressionLeg => ({ ...leg, finalPressure }),
    work,
  );
  return { start, points: integrateVolume(start.gibbs, works, start.atoms) };
}
