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
import { atomsOf, sizesOf } from "./sizes.js";
import { lengthsFor } from "./slowness.js";

/** Names of a kind of round trip. */
export interface RoundTripNames {
  /** The task of src/worker.ts. */
  readonly task: string;
  /** For progress: "isobar". */
  readonly title: string;
  readonly note: string;
}

/** Round trips in a cell of one size. */
export interface SizedTrips<Result> {
  readonly atoms: number;
  /** One for each replica. */
  readonly works: readonly Result[];
}

/** G of a phase where the settings say, and from there round trips in independent replicas, in cells of all sizes, its own first. */
export async function roundTrips<Result extends { readonly transformed?: string }>(
  { task, title, note }: RoundTripNames,
  spec: PotentialSpec,
  phase: Phase,
  settings: GibbsSettings & { readonly points: number; readonly finalPressure?: number },
  legOf: (leg: RoundTripLeg) => RoundTripLeg,
  work: LegWork = {},
): Promise<{ readonly start: GibbsEnergy; readonly trips: readonly SizedTrips<Result>[] }> {
  const { temperature, pressure, points, seed } = settings;
  const { finalPressure = pressure } = settings;
  const lengths = await lengthsFor(spec, [phase], [...new Set([pressure, finalPressure])], settings, work);
  const { timestep, equilibration, switching, slowness, replicas } = lengths;
  const phases = sizesOf(phase, settings.sizes);
  const shares = phases.map((one) => atomsOf(one) / atomsOf(phase));
  const whole = shares.reduce((sum, share) => sum + share, 0);
  const weight = 2 * (equilibration + switching);
  const total = whole * (gibbsWeight(lengths) + replicas * weight);
  const progress = shareProgress(`${title} of ${phase.name}`, total, work.onProgress);
  return abortTogether(work.signal, async (signal) => {
    const first = progress.leg(whole * gibbsWeight(lengths), `${temperature} K, ${pressure} GPa`);
    const wanted = { ...settings, ...lengths, seed: seedOf(seed, 0) };
    const start = await phaseGibbs(spec, phase, wanted, { ...first, signal, legs: work.legs });
    const { crystal, bulkModulus } = await startOf(spec, phase, pressure, start, signal);
    const trips = await Promise.all(
      phases.map(async (one, n): Promise<SizedTrips<Result>> => {
        const structure = inMeanCell({ ...one, structure: crystal }, phase, start);
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
              seed: n === 0 ? seedOf(seed, 1, replica) : seedOf(seed, 2, atomsOf(one), replica),
            }),
          pressure,
          { signal, progress, weight: weight * shares[n]!, note, legs: work.legs },
        );
        return { atoms: atomsOf(one), works };
      }),
    );
    return { start, trips };
  });
}

/** The cell that is repeated, of a crystal at rest, and the bulk modulus [GPa] for the barostat. */
async function startOf(
  spec: PotentialSpec,
  phase: Phase,
  pressure: number,
  { averages }: GibbsEnergy,
  signal: AbortSignal,
): Promise<{ readonly crystal: Structure; readonly bulkModulus: number }> {
  if (isLiquid(phase)) return { crystal: phase.structure, bulkModulus: averages.bulkModulus };
  const { structure, bulkModulus } = await relaxAtPressure(spec, phase, pressure, { signal });
  return { crystal: structure, bulkModulus };
}

/** The atoms of a phase on their sites, in a cell whose parts are those of the mean cell of its own size. */
function inMeanCell(sized: Phase, own: Phase, { averages: { meanCell } }: GibbsEnergy): Structure {
  const cell = meanCell.map((x, k) => (x * sized.repeats[Math.floor(k / 3)]!) / own.repeats[Math.floor(k / 3)]!);
  return atCell(isLiquid(sized) ? runLiquid(sized) : runCell(sized), cell);
}
