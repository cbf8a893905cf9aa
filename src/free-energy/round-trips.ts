import type { PotentialSpec } from "../potentials/potential.js";
import { atCell } from "../structure/at-cell.js";
import type { Structure } from "../structure/structure.js";
import { relaxAtPressure } from "./crystal-averages.js";
import { runCell } from "./crystal-phase.js";
import type { GibbsEnergy, GibbsSettings } from "./gibbs-energy.js";
import type { LegWork } from "./legs.js";
import { referenceFluid } from "./liquid-gibbs.js";
import { runLiquid } from "./liquid-phase.js";
import { numberDensity } from "./liquid-run.js";
import { isLiquid, type Phase, phaseGibbs } from "./phase.js";
import { runReplicas } from "./replicas.js";
import type { RoundTripLeg } from "./round-trip.js";
import { gibbsWeight } from "./run-lengths.js";
import { seedOf } from "./seeds.js";
import { abortTogether } from "./shared-abort.js";
import { shareProgress } from "./shared-progress.js";
import { lengthsFor } from "./slowness.js";

/** Names of a kind of round trip. */
export interface RoundTripNames {
  /** The task of src/worker.ts. */
  readonly task: string;
  /** For progress: "isobar". */
  readonly title: string;
  readonly note: string;
}

/** G of a phase where the settings say, and from there round trips in independent replicas. */
export async function roundTrips<Result extends { readonly transformed?: string }>(
  { task, title, note }: RoundTripNames,
  spec: PotentialSpec,
  phase: Phase,
  settings: GibbsSettings & { readonly points: number; readonly finalPressure?: number },
  legOf: (leg: RoundTripLeg) => RoundTripLeg,
  work: LegWork = {},
): Promise<{ readonly start: GibbsEnergy; readonly works: readonly Result[] }> {
  const { temperature, pressure, points, seed } = settings;
  const { finalPressure = pressure } = settings;
  const lengths = await lengthsFor(spec, [phase], [...new Set([pressure, finalPressure])], settings, work);
  const { timestep, equilibration, switching, slowness, replicas } = lengths;
  const weight = 2 * (equilibration + switching);
  const total = gibbsWeight(lengths) + replicas * weight;
  const progress = shareProgress(`${title} of ${phase.name}`, total, work.onProgress);
  return abortTogether(work.signal, async (signal) => {
    const first = progress.leg(gibbsWeight(lengths), `${temperature} K, ${pressure} GPa`);
    const wanted = { ...settings, ...lengths, seed: seedOf(seed, 0) };
    const start = await phaseGibbs(spec, phase, wanted, { ...first, signal, legs: work.legs });
    const { structure, bulkModulus } = await startOf(spec, phase, pressure, start, signal);
    const works = await runReplicas<Result>(
      task,
      replicas,
      (replica) =>
        legOf({
          potential: spec,
          phase: phase.name,
          structure,
          cell: isLiquid(phase) ? "isotropic" : phase.cell,
          bulkModulus,
          ...(isLiquid(phase) && { reference: referenceFluid(numberDensity(structure)) }),
          temperature,
          pressure,
          points,
          timestep,
          equilibration,
          switching,
          slowness,
          seed: seedOf(seed, 1, replica),
        }),
      pressure,
      { signal, progress, weight, note, legs: work.legs },
    );
    return { start, works };
  });
}

/** What the runs of a phase start from, in its mean cell: crystals on their sites; with the bulk modulus [GPa]. */
async function startOf(
  spec: PotentialSpec,
  phase: Phase,
  pressure: number,
  { averages: { meanCell, bulkModulus } }: GibbsEnergy,
  signal: AbortSignal,
): Promise<{ readonly structure: Structure; readonly bulkModulus: number }> {
  if (isLiquid(phase)) return { structure: atCell(runLiquid(phase), meanCell), bulkModulus };
  const relaxed = await relaxAtPressure(spec, phase, pressure, { signal });
  const structure = atCell(runCell({ ...phase, structure: relaxed.structure }), meanCell);
  return { structure, bulkModulus: relaxed.bulkModulus };
}
