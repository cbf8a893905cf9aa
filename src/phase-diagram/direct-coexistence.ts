import { InputError } from "../errors.js";
import type { CrystalPhase } from "../free-energy/crystal-phase.js";
import { type LegWork, runLeg } from "../free-energy/legs.js";
import { PhaseLostError } from "../free-energy/phase-lost.js";
import { seedOf } from "../free-energy/seeds.js";
import { abortTogether } from "../free-energy/shared-abort.js";
import { shareProgress } from "../free-energy/shared-progress.js";
import { lengthsFor } from "../free-energy/slowness.js";
import type { PotentialSpec } from "../potentials/potential.js";
import { FIRST_ROUND, type MeltingRounds, meltingRounds } from "./melting-rounds.js";
import {
  crystalBetween,
  elongatedCrystal,
  elongatedRepeats,
  type ThermalCrystal,
  type TwoPhaseSize,
  thermalCrystal,
} from "./two-phase-cell.js";
import type { TwoPhaseLeg, TwoPhaseRun } from "./two-phase-leg.js";

export interface DirectCoexistenceSettings extends TwoPhaseSize, TwoPhaseTimes {
  /** GPa. */
  readonly pressure: number;
  /** K between which the crystal melts. */
  readonly temperature: readonly [number, number];
  /** K, standard error at which runs stop. 10 by default. */
  readonly tolerance?: number;
  /** Runs of crystal and melt side by side, at most, those that find the range not counted. 24 by default. */
  readonly runs?: number;
  readonly seed: number;
}

/** Times of the runs; defaults are for crystals as stiff as copper or stiffer, softer ones take longer: see `RunLengths`. */
export interface TwoPhaseTimes {
  /** fs. 2 by default. */
  readonly timestep?: number;
  /** fs for melting a half, for cooling it and for settling, each. 2000 by default. */
  readonly equilibration?: number;
  /** fs, at most, of one run. 40000 by default. */
  readonly duration?: number;
  /** fs between two looks at the atoms. 1000 by default. */
  readonly lookEvery?: number;
}

/** A melting point from a crystal and its melt side by side. */
export interface DirectCoexistence extends MeltingRounds<TwoPhaseRun> {
  readonly phase: string;
  /** GPa. */
  readonly pressure: number;
  /** In the box of two phases. */
  readonly atoms: number;
}

/**
 * Melting point by direct coexistence, see `meltingRounds`.
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
  const { pressure, temperature: range, seed, tolerance, most, times } = checked(settings);
  const repeats = elongatedRepeats(phase.structure, settings);
  return abortTogether(work.signal, async (signal) => {
    const { timestep: given } = times;
    const filled = await lengthsFor(spec, [phase], [pressure], given === undefined ? {} : { timestep: given }, {
      signal,
    });
    const { slowness, timestep } = filled;
    const { equilibration, duration, lookEvery } = timesOf(times, slowness);
    const lengths = { ...filled, equilibration, sampling: 2 * equilibration };
    const cellTime = 3 * equilibration;
    const watchTime = 3 * equilibration + duration;
    const task = (name: string, total: number) => {
      const progress = shareProgress(name, total, work.onProgress);
      return async <Result>(weight: number, at: number, run: (work: LegWork) => Promise<Result>): Promise<Result> => {
        const { onProgress, finish } = progress.leg(weight, `${at.toFixed(0)} K`);
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
        ...{ temperature, pressure, timestep, equilibration, duration, lookEvery, slowness },
        compressibility: 1 / bulkModulus,
        seed: seedOf(seed, 1, count++),
      };
      return (inner: LegWork) => runLeg<TwoPhaseRun>("two-phases", leg, inner);
    };
    let crystals: readonly [ThermalCrystal, ThermalCrystal] | undefined;
    const found = await meltingRounds(
      range,
      { pressure, tolerance, most },
      {
        async probe(temperatures) {
          const leg = task(`melting of ${phase.name}: range`, temperatures.length * (cellTime + watchTime));
          const alone = await Promise.all(
            temperatures.map((at) => leg(cellTime, at, crystalAt(at)).catch(lostCrystal)),
          );
          return Promise.all(temperatures.map((at, k) => alone[k] && leg(watchTime, at, watch(alone[k]))));
        },
        async grow(temperatures, ends) {
          const center = (ends[0] + ends[1]) / 2;
          // Far from where they were averaged, lengths are averaged anew.
          const anew = !crystals || crystals[1].temperature < center || crystals[0].temperature > center;
          const total = (anew ? 2 * cellTime : 0) + temperatures.length * watchTime;
          const leg = task(`melting of ${phase.name}: growth`, total);
          if (!crystals || anew)
            crystals = await Promise.all([
              leg(cellTime, ends[0], crystalAt(ends[0])),
              leg(cellTime, ends[1], crystalAt(ends[1])),
            ]);
          const [cold, hot] = crystals;
          return Promise.all(temperatures.map((at) => leg(watchTime, at, watch(crystalBetween(cold, hot, at)))));
        },
      },
    );
    const atoms = phase.structure.numbers.length * repeats.reduce((product, n) => product * n, 1);
    return { phase: phase.name, pressure, atoms, ...found };
  });
}

/** A crystal that does not even last on its own. */
function lostCrystal(error: unknown): undefined {
  if (!(error instanceof PhaseLostError)) throw error;
  return undefined;
}

function timesOf(times: TwoPhaseTimes, slowness: number): Required<Omit<TwoPhaseTimes, "timestep">> {
  const { equilibration = 2000 * slowness } = times;
  const { duration = 40_000 * slowness, lookEvery = 1000 * slowness } = times;
  return { equilibration, duration, lookEvery };
}

function checked(settings: DirectCoexistenceSettings) {
  const { pressure, temperature, seed, tolerance = 10, runs: most = 24 } = settings;
  const { timestep, equilibration, duration, lookEvery } = settings;
  const [low, high] = temperature;
  if (!(low > 0) || !(high > low))
    throw new InputError({ what: "temperature", value: temperature, expected: "two rising numbers of K" });
  const times = Object.fromEntries(
    Object.entries({ timestep, equilibration, duration, lookEvery }).filter(([, value]) => value !== undefined),
  ) as TwoPhaseTimes;
  for (const [what, value] of Object.entries({ tolerance, ...times }))
    if (!(value > 0)) throw new InputError({ what, value, expected: "a positive number" });
  if (!Number.isInteger(most) || most < FIRST_ROUND.length)
    throw new InputError({ what: "runs", value: most, expected: `a whole number of at least ${FIRST_ROUND.length}` });
  return { pressure, temperature, seed, tolerance, most, times };
}
