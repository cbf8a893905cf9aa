import { ComputationError, InputError } from "../errors.js";
import { crystalAverages } from "../free-energy/crystal-averages.js";
import type { CrystalPhase } from "../free-energy/crystal-phase.js";
import { gibbsEnergy } from "../free-energy/gibbs.js";
import type { GibbsEnergy } from "../free-energy/gibbs-energy.js";
import type { LegWork } from "../free-energy/legs.js";
import { averagesWeight, gibbsWeight, type RunLengths } from "../free-energy/run-lengths.js";
import { seedOf } from "../free-energy/seeds.js";
import { abortTogether } from "../free-energy/shared-abort.js";
import { type SharedProgress, shareProgress } from "../free-energy/shared-progress.js";
import { lengthsFor } from "../free-energy/slowness.js";
import { pooledErrors } from "../free-energy/switching.js";
import { createPotential } from "../potentials/create-potential.js";
import type { PotentialSpec } from "../potentials/potential.js";
import { BOLTZMANN, GPA_PER_EV_A3 } from "../units.js";
import { clausiusClapeyronLine } from "./clausius-clapeyron.js";
import { crossing, type PhaseBranch } from "./coexistence.js";
import { failedAt, findingOf, type MeasurementFailure, type StabilityLimit } from "./finding.js";
import type { CoexistencePoint, StatePoint } from "./phase-point.js";
import { fitStateSurface, type StateSurface } from "./state-surface.js";
import { staticBoundary } from "./static-boundary.js";

export interface BoundarySettings extends RunLengths {
  /** K, ascending; three or more let the line bend. */
  readonly temperatures: readonly number[];
  /** GPa: where the search for the static boundary starts. 10 by default. */
  readonly startPressure?: number;
  /** GPa: state points are taken this far on both sides of each crossing. 1 by default. */
  readonly pressureSpread?: number;
  readonly seed: number;
}

/** The boundary of two crystals in temperature and pressure. */
export interface PhaseBoundary {
  readonly phases: readonly [string, string];
  /** GPa, at T = 0 without zero-point motion. */
  readonly staticPressure: number;
  /** Where G of both phases is the same, at each temperature on its own. */
  readonly crossings: readonly CoexistencePoint[];
  /** The Clausius-Clapeyron line from `anchor` at the temperatures of the crossings. */
  readonly line: readonly CoexistencePoint[];
  /** K, the crossing that the line starts from. */
  readonly anchor: number;
  /** Largest |crossing - line| in combined sigmas, the anchor apart: 2 or less is agreement. */
  readonly worstDisagreement: number;
  /** Errors are pooled over the temperatures of a phase. */
  readonly gibbs: readonly GibbsEnergy[];
  readonly states: readonly StatePoint[];
  readonly limits: readonly StabilityLimit[];
  /** Where nothing could be measured. */
  readonly failures?: readonly MeasurementFailure[];
  readonly seed: number;
}

type Pair<T> = readonly [T, T];

/**
 * The boundary of two crystals, twice: by the crossing of their Gibbs energies at each temperature, and by integrating
 * Clausius and Clapeyron's equation from one of the crossings with enthalpies and volumes of isothermal-isobaric runs.
 * The two share the runs' volumes and nothing else. Temperatures at which a phase does not last, or runs fail, are left out and listed.
 */
export async function phaseBoundary(
  spec: PotentialSpec,
  phases: Pair<CrystalPhase>,
  settings: BoundarySettings,
  work: LegWork = {},
): Promise<PhaseBoundary> {
  const { temperatures, startPressure = 10, pressureSpread = 1, seed } = settings;
  if (temperatures.length < 2)
    throw new InputError({ what: "temperatures", value: temperatures, expected: "at least two" });
  const fixed = await staticBoundary(createPotential(spec), [toStatic(phases[0]), toStatic(phases[1])], {
    start: startPressure,
    ...(work.signal ? { signal: work.signal } : {}),
  });
  const lengths = await lengthsFor(spec, phases, [fixed.pressure], settings, work);
  const legs = 2 * temperatures.length;
  const task = `boundary of ${phases[0].name} and ${phases[1].name}`;
  const progress = shareProgress(task, legs * (gibbsWeight(lengths) + 2 * averagesWeight(lengths)), work.onProgress);
  const limits: StabilityLimit[] = [];
  const failures: MeasurementFailure[] = [];
  const pressure = fixed.pressure;
  const found = await abortTogether(work.signal, (signal) => {
    const run: BoundaryRun = { spec, lengths, progress, limits, failures, signal, legs: work.legs };
    return Promise.all(
      temperatures.map((temperature, i) =>
        measureIsotherm(run, phases, temperature, pressure, pressureSpread, seedOf(seed, i)),
      ),
    );
  });
  const lasting = found.filter((each) => each !== undefined);
  if (lasting.length < 2) throw nothingLasts(limits, failures);
  const pairs = poolErrors(lasting.map(({ pair }) => pair));
  const gibbs = pairs.flat();
  const states = [...gibbs.map(toState), ...lasting.flatMap((each) => each.states)];
  const surfaces = phases.map(({ name }) => fitStateSurface(states.filter(({ phase }) => phase === name)));
  const pairOfSurfaces: Pair<StateSurface> = [surfaces[0]!, surfaces[1]!];
  const crossings = pairs.map(([one, two]) =>
    crossing(toBranch(one, pairOfSurfaces[0]), toBranch(two, pairOfSurfaces[1])),
  );
  const anchor = crossings[Math.floor(crossings.length / 2)]!;
  const line = clausiusClapeyronLine(anchor, ...pairOfSurfaces, {
    temperatures: crossings.map(({ temperature }) => temperature),
    seed: seedOf(seed, 1000),
  });
  return {
    phases: [phases[0].name, phases[1].name],
    staticPressure: pressure,
    crossings,
    line,
    anchor: anchor.temperature,
    worstDisagreement: worstDisagreement(crossings, line, anchor.temperature),
    gibbs,
    states,
    limits,
    ...(failures.length > 0 && { failures }),
    seed,
  };
}

/** The pairs with the errors of each phase pooled over temperatures. */
function poolErrors(pairs: readonly Pair<GibbsEnergy>[]): Pair<GibbsEnergy>[] {
  const [one, two] = [0, 1].map((p) =>
    pooledErrors(
      pairs.map((pair) => {
        const { temperature, works } = pair[p]!;
        return { scale: temperature, kT: BOLTZMANN * temperature, works };
      }),
    ),
  );
  const pooled = (point: GibbsEnergy, error: number): GibbsEnergy => ({
    ...point,
    gibbs: { value: point.gibbs.value, error: error / point.atoms },
  });
  return pairs.map(([a, b], i) => [pooled(a, one![i]!), pooled(b, two![i]!)]);
}

interface BoundaryRun {
  readonly spec: PotentialSpec;
  readonly lengths: Required<RunLengths>;
  readonly progress: SharedProgress;
  readonly limits: StabilityLimit[];
  readonly failures: MeasurementFailure[];
  readonly signal: AbortSignal;
  readonly legs: LegWork["legs"];
}

/** G of both phases at one temperature and pressure, and their state on both sides of the crossing that G points to. */
async function measureIsotherm(
  run: BoundaryRun,
  phases: Pair<CrystalPhase>,
  temperature: number,
  pressure: number,
  spread: number,
  seed: number,
): Promise<{ readonly pair: Pair<GibbsEnergy>; readonly states: readonly StatePoint[] } | undefined> {
  const [one, two] = await Promise.all(
    phases.map((phase, p) => gibbsAt(run, phase, temperature, pressure, seedOf(seed, p))),
  );
  if (!one || !two) return undefined;
  const rough = roughCrossing(one, two);
  const states = await Promise.all(
    phases.flatMap((phase, p) =>
      [-1, 1].map((side) => stateAt(run, phase, temperature, rough + side * spread, seedOf(seed, p, 3 + side))),
    ),
  );
  return { pair: [one, two], states: states.filter((state) => state !== undefined) };
}

const toStatic = ({ name, structure, cell }: CrystalPhase) => ({ name, structure, cell });

/** What one phase gave at one temperature and pressure; a phase that does not last is a finding, not a failure. */
async function orLimit<Result>(
  run: BoundaryRun,
  phase: CrystalPhase,
  temperature: number,
  pressure: number,
  weight: number,
  measure: (work: LegWork) => Promise<Result>,
): Promise<Result | undefined> {
  const { onProgress, finish } = run.progress.leg(weight, `${phase.name} ${temperature} K`);
  try {
    // A signal of its own: listeners of many legs on one signal look like a leak to Node.
    return await measure({ onProgress, legs: run.legs, signal: AbortSignal.any([run.signal]) });
  } catch (error) {
    const { limits = [], failures = [] } = findingOf(error, { phase: phase.name, temperature, pressure });
    run.limits.push(...limits);
    run.failures.push(...failures);
    return undefined;
  } finally {
    finish();
  }
}

const gibbsAt = (
  run: BoundaryRun,
  phase: CrystalPhase,
  temperature: number,
  pressure: number,
  seed: number,
): Promise<GibbsEnergy | undefined> =>
  orLimit(run, phase, temperature, pressure, gibbsWeight(run.lengths), (work) =>
    gibbsEnergy(run.spec, phase, { ...run.lengths, temperature, pressure, seed }, work),
  );

const stateAt = (
  run: BoundaryRun,
  phase: CrystalPhase,
  temperature: number,
  pressure: number,
  seed: number,
): Promise<StatePoint | undefined> =>
  orLimit(run, phase, temperature, pressure, averagesWeight(run.lengths), async (work) => {
    const { averages } = await crystalAverages(run.spec, phase, { ...run.lengths, temperature, pressure, seed }, work);
    return { phase: phase.name, temperature, pressure, volume: averages.volume, enthalpy: averages.enthalpy };
  });

const toState = ({ phase, temperature, pressure, averages }: GibbsEnergy): StatePoint => ({
  phase,
  temperature,
  pressure,
  volume: averages.volume,
  enthalpy: averages.enthalpy,
});

const toBranch = ({ phase, temperature, pressure, gibbs }: GibbsEnergy, surface: StateSurface): PhaseBranch => ({
  point: { phase, temperature, pressure, gibbs },
  surface,
});

/** GPa, where the crossing is to be expected from one pair of points: dG/dP = V, at constant volumes. */
function roughCrossing(one: GibbsEnergy, two: GibbsEnergy): number {
  const perPressure = (two.averages.volume.value - one.averages.volume.value) / GPA_PER_EV_A3;
  const move = -(two.gibbs.value - one.gibbs.value) / perPressure;
  return one.pressure + Math.max(-5, Math.min(5, move));
}

function worstDisagreement(
  crossings: readonly CoexistencePoint[],
  line: readonly CoexistencePoint[],
  anchor: number,
): number {
  return crossings.reduce((worst, { temperature, pressure }, i) => {
    if (temperature === anchor) return worst;
    const other = line[i]!.pressure;
    return Math.max(worst, Math.abs(pressure.value - other.value) / Math.hypot(pressure.error, other.error));
  }, 0);
}

function nothingLasts(limits: readonly StabilityLimit[], failures: readonly MeasurementFailure[]): ComputationError {
  if (limits.length === 0 && failures[0]) return failedAt(failures[0]);
  const first = limits[0];
  return new ComputationError({
    what: "phase boundary",
    value: first
      ? `${first.phase} at ${first.temperature} K and ${first.pressure.toFixed(2)} GPa: ${first.evidence}`
      : "no points",
    expected: "two phases that last at two temperatures or more",
    attempt: "lower temperatures, other pressures or another potential",
  });
}
