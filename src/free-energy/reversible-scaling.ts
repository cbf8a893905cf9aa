import { InputError } from "../errors.js";
import { type Estimate, mean, meanOfIndependent } from "../math/statistics.js";
import type { PotentialSpec } from "../potentials/potential.js";
import { atCell } from "../structure/at-cell.js";
import { BOLTZMANN } from "../units.js";
import { relaxAtPressure } from "./crystal-averages.js";
import { type CrystalPhase, runCell } from "./crystal-phase.js";
import { type CrystalGibbs, gibbsEnergy } from "./gibbs.js";
import type { GibbsSettings } from "./gibbs-energy.js";
import { type LegWork, runLeg } from "./legs.js";
import { PhaseLostError } from "./phase-lost.js";
import { gibbsWeight, toRunLengths } from "./run-lengths.js";
import type { ScalingLeg, ScalingLegResult } from "./scaling-leg.js";
import { seedOf } from "./seeds.js";
import { abortTogether } from "./shared-abort.js";
import { shareProgress } from "./shared-progress.js";

/** Work [eV] of one run each way, cumulative, at the same factors of the potential. */
export interface ScalingWork {
  /** [L] factors of the potential, from 1 to the last. */
  readonly factors: Float64Array;
  /** [L] from factor 1 up to each factor. */
  readonly forward: Float64Array;
  /** [L] from the last factor back to each factor. */
  readonly backward: Float64Array;
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
 * W is the mean of the forward and minus the backward work; the error comes from the replicas and that of G(T0).
 */
export function scaleReversibly(
  start: { readonly temperature: number; readonly gibbs: Estimate },
  works: readonly ScalingWork[],
  atoms: number,
): IsobarPoint[] {
  const [first] = works;
  if (first === undefined || works.length < 2)
    throw new InputError({ what: "replicas", value: works.length, expected: "at least 2, for an error bar" });
  return Array.from(first.factors, (factor, i) => {
    const each = works.map(({ forward, backward }) => (forward[i]! - (backward[0]! - backward[i]!)) / (2 * atoms));
    const error = i === 0 ? 0 : meanOfIndependent(each).error;
    const temperature = start.temperature / factor;
    return {
      temperature,
      gibbs: {
        value: (start.gibbs.value + mean(each)) / factor + 1.5 * BOLTZMANN * temperature * Math.log(factor),
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

/** G of a crystal from one temperature to another at constant pressure: one switching, then reversible scaling. */
export async function gibbsAlongIsobar(
  spec: PotentialSpec,
  phase: CrystalPhase,
  settings: IsobarSettings,
  work: LegWork = {},
): Promise<{ readonly start: CrystalGibbs; readonly points: readonly IsobarPoint[] }> {
  const { temperature, finalTemperature, pressure, points = 20, seed } = settings;
  const { legs } = work;
  const lengths = toRunLengths(settings);
  const { timestep, equilibration, switching, replicas } = lengths;
  const weight = 2 * (equilibration + switching);
  const progress = shareProgress(`isobar of ${phase.name}`, gibbsWeight(lengths) + replicas * weight, work.onProgress);
  return abortTogether(work.signal, async (signal) => {
    const first = progress.leg(gibbsWeight(lengths), `${temperature} K`);
    const start = await gibbsEnergy(spec, phase, { ...settings, seed: seedOf(seed, 0) }, { ...first, signal, legs });
    const { structure } = await relaxAtPressure(spec, phase, pressure, { signal });
    const sites = runCell({ ...phase, structure });
    const works = await Promise.all(
      Array.from({ length: replicas }, async (_, replica) => {
        const leg: ScalingLeg = {
          potential: spec,
          phase: phase.name,
          structure: atCell(sites, start.averages.meanCell),
          cell: phase.cell,
          temperature,
          finalTemperature,
          pressure,
          points,
          timestep,
          equilibration,
          switching,
          seed: seedOf(seed, 1, replica),
        };
        const { onProgress, finish } = progress.leg(weight, `${temperature} K to ${finalTemperature} K`);
        const result = await runLeg<ScalingLegResult>("scale-potential", leg, {
          onProgress,
          legs,
          signal: AbortSignal.any([signal]),
        });
        finish();
        if (result.transformed !== undefined)
          throw new PhaseLostError(phase.name, finalTemperature, pressure, result.transformed);
        return result;
      }),
    );
    return { start, points: scaleReversibly(start, works, start.atoms) };
  });
}
