import { ComputationError, InputError } from "../errors.js";
import type { CrystalPhase } from "../free-energy/crystal-phase.js";
import { type LegWork, runLeg } from "../free-energy/legs.js";
import { PhaseLostError } from "../free-energy/phase-lost.js";
import { toRunLengths } from "../free-energy/run-lengths.js";
import { seedOf } from "../free-energy/seeds.js";
import { abortTogether } from "../free-energy/shared-abort.js";
import { shareProgress } from "../free-energy/shared-progress.js";
import type { Estimate } from "../math/statistics.js";
import type { PotentialSpec } from "../potentials/potential.js";
import {
  crystalBetween,
  elongatedCrystal,
  elongatedRepeats,
  type ThermalCrystal,
  type TwoPhaseSize,
  thermalCrystal,
} from "./two-phase-cell.js";
import { fitGrowth, type GrowthLine, type GrowthRate, growthRate } from "./two-phase-growth.js";
import type { TwoPhaseLeg, TwoPhaseRun } from "./two-phase-leg.js";

export interface DirectCoexistenceSettings extends TwoPhaseSize {
  /** GPa. */
  readonly pressure: number;
  /** K between which the crystal melts. */
  readonly temperature: readonly [number, number];
  /** K, standard error at which runs stop. 10 by default. */
  readonly tolerance?: number;
  /** Runs of crystal and melt side by side, at most, those that find the range not counted. 24 by default. */
  readonly runs?: number;
  /** fs. 2 by default. */
  readonly timestep?: number;
  /** fs for melting a half, for cooling it and for settling, each. 2000 by default. */
  readonly equilibration?: number;
  /** fs, at most, of one run. 40000 by default. */
  readonly duration?: number;
  /** fs between two looks at the atoms. 1000 by default. */
  readonly lookEvery?: number;
  readonly seed: number;
}

/** A melting point from a crystal and its melt side by side. */
export interface DirectCoexistence {
  readonly phase: string;
  /** GPa. */
  readonly pressure: number;
  /** In the box of two phases. */
  readonly atoms: number;
  /** The zero of the crystal's growth rate. */
  readonly line: GrowthLine;
  /** K, `line.melting`. */
  readonly melting: Estimate;
  /** Whether the error is below the tolerance; else the runs were spent before. */
  readonly settled: boolean;
  readonly rates: readonly GrowthRate[];
  /** The runs that the rates come from, and those that found the range, whose rates count where they are close. */
  readonly runs: readonly TwoPhaseRun[];
  readonly search: readonly TwoPhaseRun[];
}

/** Half the width of the range in which growth rates are taken, as a share of the melting temperature. */
const WINDOW = 0.03;
/** Places in it, of the first round and of the others. */
const FIRST_ROUND = [-1, -0.5, 0, 0.5, 1];
const NEXT_ROUND = [-0.8, -0.3, 0.3, 0.8];

/** Change of the crystal's share that says where a run was going when its time was up. */
const DRIFT = 0.08;

/** Shares of crystalline atoms between which the two interfaces do not feel each other. */
const APART = [0.2, 0.8] as const;

/**
 * Melting point by direct coexistence. First the range is narrowed by runs until one phase is gone; then growth rates are
 * taken in a window around the melting point, in rounds, until the zero of the line through them is known well enough.
 *
 * Runs at constant temperature and runs at constant enthalpy, whose temperature settles by itself, tell the melting point
 * equally well: both have the error kT^2 / (N L) sqrt(2 / D t), by the fluctuation-dissipation theorem (L latent heat, D
 * diffusion of the crystal's share). Constant temperature needs no guess of where it settles, shows where linear
 * response ends, and uses every run, however it ends.
 */
export async function directCoexistence(
  spec: PotentialSpec,
  phase: CrystalPhase,
  settings: DirectCoexistenceSettings,
  work: LegWork = {},
): Promise<DirectCoexistence> {
  const { pressure, seed, tolerance, most, timestep, duration, equilibration, lookEvery } = checked(settings);
  const repeats = elongatedRepeats(phase.structure, settings);
  const lengths = toRunLengths({ timestep, equilibration, sampling: 2 * equilibration });
  const cellTime = 3 * equilibration;
  const watchTime = 3 * equilibration + duration;
  return abortTogether(work.signal, async (signal) => {
    const task = (name: string, total: number) => {
      const progress = shareProgress(name, total, work.onProgress);
      return async <Result>(weight: number, note: string, run: (work: LegWork) => Promise<Result>): Promise<Result> => {
        const { onProgress, finish } = progress.leg(weight, note);
        // A signal of its own: listeners of many runs on one signal look like a leak to Node.
        const result = await run({ legs: work.legs, onProgress, signal: AbortSignal.any([signal]) });
        finish();
        return result;
      };
    };
    const crystalAt = (temperature: number) => (inner: LegWork) =>
      thermalCrystal(spec, phase, { ...lengths, temperature, pressure, seed: seedOf(seed, 0) }, inner);
    let count = 0;
    const watch = ({ temperature, structure: crystal, bulkModulus }: ThermalCrystal) => {
      const leg: TwoPhaseLeg = {
        ...{ potential: spec, phase: phase.name, crystal, structure: elongatedCrystal(crystal, repeats) },
        ...{ temperature, pressure, timestep, equilibration, duration, lookEvery },
        compressibility: 1 / bulkModulus,
        seed: seedOf(seed, 1, count++),
      };
      return (inner: LegWork) => runLeg<TwoPhaseRun>("two-phases", leg, inner);
    };

    const search: TwoPhaseRun[] = [];
    const probe = async (temperatures: readonly number[]): Promise<Verdict[]> => {
      const leg = task(`melting of ${phase.name}: range`, temperatures.length * (cellTime + watchTime));
      const crystals = await Promise.all(
        temperatures.map((at) => leg(cellTime, kelvin(at), crystalAt(at)).catch(lostCrystal)),
      );
      const runs = await Promise.all(
        temperatures.map((at, k) => crystals[k] && leg(watchTime, kelvin(at), watch(crystals[k]))),
      );
      search.push(...runs.filter((run) => run !== undefined));
      return runs.map((run) => (run ? verdictOf(run) : "melts"));
    };
    let center = await findRange(settings.temperature, probe);

    let crystals: readonly [ThermalCrystal, ThermalCrystal] | undefined;
    const runs: TwoPhaseRun[] = [];
    for (let round = FIRST_ROUND; ; round = NEXT_ROUND) {
      const ends = [center * (1 - WINDOW), center * (1 + WINDOW)] as const;
      const places = round.slice(0, most - runs.length).map((place) => center * (1 + WINDOW * place));
      // Far from where they were averaged, lengths are averaged anew.
      const anew = !crystals || crystals[1].temperature < center || crystals[0].temperature > center;
      const total = (anew ? 2 * cellTime : 0) + places.length * watchTime;
      const leg = task(`melting of ${phase.name}: growth`, total);
      if (!crystals || anew)
        crystals = (await Promise.all(
          ends.map((at) => leg(cellTime, kelvin(at), crystalAt(at))),
        )) as unknown as readonly [ThermalCrystal, ThermalCrystal];
      const [cold, hot] = crystals;
      runs.push(
        ...(await Promise.all(places.map((at) => leg(watchTime, kelvin(at), watch(crystalBetween(cold, hot, at)))))),
      );
      const rates = ratesOf([...runs, ...search.filter(({ temperature: at }) => at > ends[0] && at < ends[1])]);
      const last = runs.length >= most;
      const line = last ? fitGrowth(rates) : fallingLine(rates);
      const settled =
        line !== undefined && line.melting.error <= tolerance && Math.abs(line.melting.value / center - 1) < WINDOW;
      if (settled || last) {
        const atoms = phase.structure.numbers.length * repeats.reduce((product, n) => product * n, 1);
        return {
          phase: phase.name,
          pressure,
          atoms,
          line: line!,
          melting: line!.melting,
          settled,
          rates,
          runs,
          search,
        };
      }
      // Not farther than the runs can be trusted to tell.
      const limit = 2 * WINDOW * center;
      const away = line ? line.melting.value - center : limit * Math.sign(rates.reduce((sum, r) => sum + r.rate, 0));
      center += Math.max(-limit, Math.min(limit, away));
    }
  });
}

/** The line through growth rates where they fall with temperature, as they must; few or far off may not. */
function fallingLine(rates: readonly GrowthRate[]): GrowthLine | undefined {
  try {
    return fitGrowth(rates);
  } catch (error) {
    if (error instanceof ComputationError) return undefined;
    throw error;
  }
}

const kelvin = (temperature: number): string => `${temperature.toFixed(0)} K`;

/** A crystal that does not even last on its own. */
function lostCrystal(error: unknown): undefined {
  if (!(error instanceof PhaseLostError)) throw error;
  return undefined;
}

type Verdict = "grows" | "melts" | "stays";

function verdictOf({ outcome, fractions }: TwoPhaseRun): Verdict {
  if (outcome !== "both") return outcome === "crystal" ? "grows" : "melts";
  const change = fractions.at(-1)! - fractions[0]!;
  if (Math.abs(change) < DRIFT) return "stays";
  return change > 0 ? "grows" : "melts";
}

/** K, a temperature within a few percent of melting, by cutting the range into three again and again. */
async function findRange(
  [low, high]: readonly [number, number],
  probe: (temperatures: readonly number[]) => Promise<readonly Verdict[]>,
): Promise<number> {
  let [below, above] = [low, high];
  while (above - below > 2 * WINDOW * above) {
    const temperatures = [(2 * below + above) / 3, (below + 2 * above) / 3];
    const verdicts = await probe(temperatures);
    // A cold crystal may stay because nothing moves any more: the hotter one counts.
    const stays = verdicts.lastIndexOf("stays");
    if (stays >= 0) return temperatures[stays]!;
    if (verdicts[0] === "melts") above = temperatures[0]!;
    else if (verdicts[1] === "melts") [below, above] = [temperatures[0]!, temperatures[1]!];
    else below = temperatures[1]!;
  }
  return (below + above) / 2;
}

/** Rates of the runs while the interfaces were apart, of those that had one. */
const ratesOf = (runs: readonly TwoPhaseRun[]): GrowthRate[] =>
  runs.flatMap(({ temperature, times, fractions }) => {
    const met = fractions.findIndex((x) => x < APART[0] || x > APART[1]);
    const end = met < 0 ? fractions.length : met + 1;
    return end > 1 ? [growthRate(temperature, times.subarray(0, end), fractions.subarray(0, end))] : [];
  });

function checked(settings: DirectCoexistenceSettings) {
  const { pressure, temperature, seed, tolerance = 10, runs: most = 24 } = settings;
  const { timestep = 2, equilibration = 2000, duration = 40_000, lookEvery = 1000 } = settings;
  const [low, high] = temperature;
  if (!(low > 0) || !(high > low))
    throw new InputError({ what: "temperature", value: temperature, expected: "two rising numbers of K" });
  for (const [what, value] of Object.entries({ tolerance, timestep, equilibration, duration, lookEvery }))
    if (!(value > 0)) throw new InputError({ what, value, expected: "a positive number" });
  if (!Number.isInteger(most) || most < FIRST_ROUND.length)
    throw new InputError({ what: "runs", value: most, expected: `a whole number of at least ${FIRST_ROUND.length}` });
  return { pressure, seed, tolerance, most, timestep, equilibration, duration, lookEvery };
}
