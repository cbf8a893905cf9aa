import { prepareWorkers } from "#host";
import { dividedBy, type Estimate, mean } from "../math/statistics.js";
import { cellVolume } from "../structure/cell.js";
import type { Structure } from "../structure/structure.js";
import { BOLTZMANN, GPA_PER_EV_A3 } from "../units.js";
import type { FilledGibbsSettings, GibbsSettings, PhaseAverages } from "./gibbs-energy.js";
import type { LegWork } from "./legs.js";
import { runReplicas } from "./replicas.js";
import { averagesWeight, gibbsWeight } from "./run-lengths.js";
import { seedOf } from "./seeds.js";
import { abortTogether } from "./shared-abort.js";
import { shareProgress } from "./shared-progress.js";
import { type ShorterSteps, shortest } from "./shorter-steps.js";
import { analyzeSwitching } from "./switching.js";
import type { SwitchingLegResult, SwitchingRun } from "./switching-run.js";

/** Parts of a Gibbs energy [eV/atom] that follow from switching at constant volume. */
export type SwitchingParts = {
  /** F(phase) - F(reference), from switching. */
  readonly switching: number;
  readonly pressureVolume: number;
  /** -V (P_run - P)^2 / 2B, for the average cell not being exactly that of the pressure. */
  readonly residualPressure: number;
};

/** What switching starts from. */
export interface SwitchingStart<Averages extends PhaseAverages> {
  /** The atoms in the mean cell of the averages. */
  readonly structure: Structure;
  readonly averages: Averages;
  /** GPa. */
  readonly bulkModulus: number;
}

/** How a kind of phase is averaged, and switched to a reference of known free energy. */
export interface SwitchingPath<Start, Reference> {
  /** Of src/worker.ts. */
  readonly task: string;
  prepare(wanted: FilledGibbsSettings, work: LegWork & { readonly signal: AbortSignal }): Promise<Start>;
  legOf(start: Start, run: SwitchingRun, replica: number): SwitchingRun;
  /** eV/atom: free energy of the reference in its parts, and what an infinite system has more. */
  partsOf(start: Start): { readonly reference: Reference; readonly finiteSize: number };
}

/** G of a phase and what went into it. */
export interface SwitchedGibbs<Parts> extends ShorterSteps {
  readonly phase: string;
  readonly temperature: number;
  readonly pressure: number;
  readonly atoms: number;
  readonly gibbs: Estimate;
  readonly parts: Parts;
  readonly dissipation: Estimate;
}

/**
 * G = F + P V of a phase whose cell is averaged at T and P, with F at that cell from switching to a reference both ways in
 * independent replicas. F(V) + P V is stationary at the right V, so that an imperfect average cell counts in second order only.
 */
export async function gibbsBySwitching<
  Start extends SwitchingStart<PhaseAverages>,
  Result extends SwitchingLegResult,
  Reference extends Readonly<Record<string, number>>,
>(
  phase: string,
  settings: FilledGibbsSettings,
  path: SwitchingPath<Start, Reference>,
  work: LegWork = {},
): Promise<{
  readonly start: Start;
  readonly works: readonly Result[];
  readonly found: SwitchedGibbs<Reference & SwitchingParts & { readonly finiteSize: number }>;
}> {
  const { temperature, pressure, seed, timestep, equilibration, switching, replicas } = settings;
  const progress = shareProgress(`free energy of ${phase}`, gibbsWeight(settings), work.onProgress);
  const note = `${temperature} K, ${pressure.toFixed(1)} GPa`;
  if (!work.legs?.run) prepareWorkers(replicas);
  return abortTogether(work.signal, async (signal) => {
    const first = progress.leg(averagesWeight(settings), note);
    const wanted = { ...settings, seed: seedOf(seed, 0) };
    const start = await path.prepare(wanted, { ...first, signal, legs: work.legs });
    first.finish();
    const works = await runReplicas<Result>(
      path.task,
      replicas,
      (replica) =>
        path.legOf(
          start,
          { phase, temperature, timestep, equilibration, switching, seed: seedOf(seed, 1, replica) },
          replica,
        ),
      pressure,
      { signal, progress, weight: equilibration + 2 * switching, note, legs: work.legs },
    );
    return { start, works, found: sum(phase, settings, start, works, path.partsOf(start)) };
  });
}

function sum<Reference extends Readonly<Record<string, number>>>(
  phase: string,
  { temperature, pressure }: GibbsSettings,
  { structure, averages, bulkModulus }: SwitchingStart<PhaseAverages>,
  works: readonly SwitchingLegResult[],
  { reference, finiteSize }: { readonly reference: Reference; readonly finiteSize: number },
): SwitchedGibbs<Reference & SwitchingParts & { readonly finiteSize: number }> {
  const atoms = structure.numbers.length;
  const volume = cellVolume(structure.cell);
  const { difference, dissipation } = analyzeSwitching(works, BOLTZMANN * temperature);
  const off = mean(works.map((replica) => replica.pressure)) - pressure;
  const parts = {
    ...reference,
    switching: -difference.value / atoms,
    pressureVolume: ((pressure / GPA_PER_EV_A3) * volume) / atoms,
    residualPressure: (-volume * off ** 2) / (2 * bulkModulus * GPA_PER_EV_A3 * atoms),
    finiteSize,
  };
  const value = Object.values(parts).reduce((total, part) => total + part, 0);
  return {
    phase,
    temperature,
    pressure,
    atoms,
    gibbs: { value, error: difference.error / atoms },
    parts,
    dissipation: dividedBy(dissipation, atoms),
    ...shortest([averages, ...works]),
  };
}
