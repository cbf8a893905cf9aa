import { ComputationError } from "../errors.js";
import type { Estimate } from "../math/statistics.js";
import { fitGrowth, type GrowthLine, type GrowthNoise, type GrowthRate, growthRate } from "./two-phase-growth.js";
import type { TwoPhaseRun } from "./two-phase-leg.js";
import { clapeyronSlope, type TwoPhaseRecord } from "./two-phase-pressure.js";

/** What a round decides by. */
export type WatchedRun = TwoPhaseRecord & Pick<TwoPhaseRun, "temperature" | "times" | "normalPressures" | "outcome">;

/** How a crystal is watched beside its melt at temperatures [K], in runs of their own. */
export interface Watchers<Run> {
  /** For the range: nothing where the crystal does not even last alone. */
  readonly probe: (temperatures: readonly number[]) => Promise<readonly (Run | undefined)[]>;
  /** For growth rates, between two temperatures. */
  readonly grow: (temperatures: readonly number[], ends: readonly [number, number]) => Promise<readonly Run[]>;
}

/** A melting point from growth rates. */
export interface MeltingRounds<Run> {
  /** K, `line.melting`, with the error of the pressures. */
  readonly melting: Estimate;
  /** The zero of the crystal's growth rate. */
  readonly line: GrowthLine;
  /** Whether the error is below the tolerance; else the runs were spent before. */
  readonly settled: boolean;
  /** At the temperatures that stand for those of the runs at the wanted pressure. */
  readonly rates: readonly GrowthRate[];
  /** K/GPa, slope of the melting line. */
  readonly clapeyron: Estimate;
  /** GPa, mean of the pressures along z over the runs, less that wanted; corrected for. */
  readonly pressureOffset: number;
  /** The runs that the rates come from, and those that found the range, whose rates count where they are close. */
  readonly runs: readonly Run[];
  readonly search: readonly Run[];
}

/** Half the width of the range in which growth rates are taken, as a share of the melting temperature. */
const WINDOW = 0.03;
/** Places in it, of the first round and of the others. */
export const FIRST_ROUND = [-1, -0.5, 0, 0.5, 1];
const NEXT_ROUND = [-0.8, -0.3, 0.3, 0.8];

/** Runs that tell how much rates scatter; nobody looks at errors before. */
const PILOT = FIRST_ROUND.length + NEXT_ROUND.length;

/** Change of the crystal's share that says where a run was going when its time was up. */
const DRIFT = 0.08;

/** Shares of crystalline atoms between which the two interfaces do not feel each other. */
const APART = [0.2, 0.8] as const;

/**
 * First the range is narrowed by runs until one phase is gone; then growth rates are taken in a window around the melting
 * point, in rounds, until the zero of the line through them is known to `tolerance` K or `most` runs are spent. How much
 * rates scatter is what the first nine runs say, see `fitGrowth`.
 */
export async function meltingRounds<Run extends WatchedRun>(
  range: readonly [number, number],
  { pressure, tolerance, most }: { readonly pressure: number; readonly tolerance: number; readonly most: number },
  { probe, grow }: Watchers<Run>,
): Promise<MeltingRounds<Run>> {
  const search: Run[] = [];
  let center = await findRange(range, async (temperatures) => {
    const runs = await probe(temperatures);
    search.push(...runs.filter((run) => run !== undefined));
    return runs.map((run) => (run ? verdictOf(run) : "melts"));
  });
  const runs: Run[] = [];
  let noise: GrowthNoise | undefined;
  for (let round = FIRST_ROUND; ; round = NEXT_ROUND) {
    const ends = [center * (1 - WINDOW), center * (1 + WINDOW)] as const;
    const places = round.slice(0, most - runs.length).map((place) => center * (1 + WINDOW * place));
    runs.push(...(await grow(places, ends)));
    const close = [...runs, ...search.filter(({ temperature: at }) => at > ends[0] && at < ends[1])];
    const clapeyron = clapeyronSlope(close, center);
    const seen = close.map((run) => rateOf(run, pressure, clapeyron.value)).filter((one) => one !== undefined);
    const rates = seen.map(({ rate }) => rate);
    const last = runs.length >= most;
    const line = last ? fitGrowth(rates, noise) : fallingLine(rates, noise);
    if (line && (last || runs.length >= PILOT)) {
      noise ??= { noise: line.noise, freedom: line.freedom };
      const time = rates.reduce((sum, rate) => sum + rate.time, 0);
      const pressureOffset = seen.reduce((sum, { offset, rate }) => sum + (offset * rate.time) / time, 0);
      const error = Math.hypot(line.melting.error, pressureOffset * clapeyron.error);
      const settled = error <= tolerance && Math.abs(line.melting.value / center - 1) < WINDOW;
      if (settled || last) {
        const melting = { value: line.melting.value, error };
        return { melting, line, settled, rates, clapeyron, pressureOffset, runs, search };
      }
    }
    // Not farther than the runs can be trusted to tell.
    const limit = 2 * WINDOW * center;
    const away = line ? line.melting.value - center : limit * Math.sign(rates.reduce((sum, r) => sum + r.rate, 0));
    center += Math.max(-limit, Math.min(limit, away));
  }
}

/** The line through growth rates where they fall with temperature, as they must; few or far off may not. */
function fallingLine(rates: readonly GrowthRate[], noise: GrowthNoise | undefined): GrowthLine | undefined {
  try {
    return fitGrowth(rates, noise);
  } catch (error) {
    if (error instanceof ComputationError) return undefined;
    throw error;
  }
}

type Verdict = "grows" | "melts" | "stays";

function verdictOf({ outcome, fractions }: WatchedRun): Verdict {
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

/**
 * The rate of a run while the interfaces were apart, if they were, with what its pressure was off [GPa]. A melting line of
 * slope dT/dP makes T at P what T - dT/dP (P - P0) is at P0.
 */
function rateOf(
  { temperature, times, fractions, normalPressures }: WatchedRun,
  pressure: number,
  slope: number,
): { readonly rate: GrowthRate; readonly offset: number } | undefined {
  const met = fractions.findIndex((x) => x < APART[0] || x > APART[1]);
  const end = met < 0 ? fractions.length : met + 1;
  if (end < 2) return undefined;
  const offset = normalPressures.subarray(1, end).reduce((sum, at) => sum + at, 0) / (end - 1) - pressure;
  return { rate: growthRate(temperature - slope * offset, times.subarray(0, end), fractions.subarray(0, end)), offset };
}
