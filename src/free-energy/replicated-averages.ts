import { mean } from "../math/statistics.js";
import type { PotentialSpec } from "../potentials/potential.js";
import { type AveragesSettings, type CrystalAverages, prepareAverages } from "./crystal-averages.js";
import type { CrystalPhase } from "./crystal-phase.js";
import { type CellAverages, type CellEnd, type CellRun, meanOverElements } from "./equilibrate-cell.js";
import { type IsobaricSeries, isobaricAverages } from "./isobaric-averages.js";
import type { LegWork } from "./legs.js";
import { findTransformation } from "./phase-guard.js";
import { lasting } from "./phase-lost.js";
import { runReplicas } from "./replicas.js";
import { seedOf } from "./seeds.js";
import { shareProgress } from "./shared-progress.js";
import { shortest } from "./shorter-steps.js";

/** Averages of a crystal over independent runs, and where each of these ended. */
export interface ReplicatedAverages extends CrystalAverages {
  readonly ends: readonly CellEnd[];
}

/**
 * Averages a crystal at temperature and pressure in as many runs as there are replicas, which share the time of sampling.
 * Each replica can go on from the end of its own: so it equilibrates once, nothing waits for one long run on one processor,
 * and replicas are independent from the first step.
 */
export async function replicatedAverages(
  spec: PotentialSpec,
  phase: CrystalPhase,
  settings: AveragesSettings,
  work: LegWork & { readonly signal: AbortSignal },
): Promise<ReplicatedAverages> {
  const { replicas, temperature, pressure, equilibration } = settings;
  const { start, relaxed, leg } = await prepareAverages(spec, phase, settings, work);
  const sampling = leg.sampling / replicas;
  const weight = equilibration + sampling;
  const runs = await runReplicas<CellRun>(
    "equilibrate-cell",
    replicas,
    (replica) => ({ ...leg, sampling, seed: seedOf(leg.seed, replica), keepsEnd: true }),
    pressure,
    {
      signal: work.signal,
      legs: work.legs,
      progress: shareProgress("averages", replicas * weight, work.onProgress),
      weight,
      note: `${temperature} K`,
    },
  );
  const averages = joinRuns(runs, start.numbers, temperature);
  const displacements = over(runs.map((run) => run.displacements));
  const transformed = findTransformation({ cell: averages.meanCell, displacements }, start);
  lasting({ ...averages, ...(transformed === undefined ? {} : { transformed }) }, leg, pressure);
  return { start, relaxed, averages, ends: runs.map(({ end }) => end) };
}

/** Mean of each entry. */
const over = (values: readonly Float64Array[]): Float64Array =>
  values[0]!.map((_, i) => mean(values.map((one) => one[i]!)));

/** What one run of all their steps would tell. */
export function joinRuns(runs: readonly CellRun[], numbers: Uint8Array, temperature: number): CellAverages {
  const within = over(runs.map((run) => run.meanSquaredDisplacements));
  return {
    meanCell: over(runs.map(({ meanCell }) => meanCell)),
    ...isobaricAverages(alikeInLength(runs), numbers.length, temperature),
    meanSquaredDisplacements: meanOverElements(
      between(runs.map(({ displacements }) => displacements)).map((square, i) => square + within[i]!),
      numbers,
    ),
    ...shortest(runs),
  };
}

/** A run with shorter steps has more rows for the same time: some are left out. */
function alikeInLength(runs: readonly CellRun[]): IsobaricSeries[] {
  const length = Math.min(...runs.map(({ series }) => series.volumes.length));
  const thin = (values: Float64Array): Float64Array => {
    const every = Math.floor(values.length / length);
    return values.filter((_, i) => i % every === every - 1).subarray(0, length);
  };
  return runs.map(({ series }) => ({ volumes: thin(series.volumes), enthalpies: thin(series.enthalpies) }));
}

/** [N] A^2, by how much runs differ in the mean place of an atom: slow vibrations that a short run takes for a place. */
function between(displacements: readonly Float64Array[]): Float64Array {
  const squares = new Float64Array(displacements[0]!.length / 3);
  for (let i = 0; i < displacements[0]!.length; i++) {
    const along = displacements.map((one) => one[i]!);
    const center = mean(along);
    squares[Math.floor(i / 3)]! += mean(along.map((u) => (u - center) ** 2));
  }
  return squares;
}
