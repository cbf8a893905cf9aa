import { InputError } from "../errors.js";
import { isLiquid, type Phase } from "../free-energy/phase.js";
import { averagesWeight, gibbsWeight, type RunLengths, toRunLengths } from "../free-energy/run-lengths.js";
import { sizesOf } from "../free-energy/sizes.js";
import { symbolOf } from "../structure/elements.js";
import type { PhaseWindow } from "./phase-data.js";

/** How sure a line is to be: a point of it is settled when either of its standard errors is as small. */
export interface DiagramTarget {
  /** K. */
  readonly temperature: number;
  /** GPa. */
  readonly pressure: number;
}

export interface PhaseDiagramSettings extends RunLengths {
  /** K, from and to. */
  readonly temperature: readonly [number, number];
  /** GPa, from and to. */
  readonly pressure: readonly [number, number];
  /** 1% of the window by default. */
  readonly target?: Partial<DiagramTarget>;
  /** ps of dynamics, of all runs together. 2000 x slowness by default. */
  readonly budget?: number;
  /** Of further cells in which absolute Gibbs energies are measured, as `GibbsSettings`: each costs as much again in ps. */
  readonly sizes?: readonly number[];
  readonly seed: number;
}

/** Settings checked and filled. */
export interface DiagramPlan {
  readonly window: PhaseWindow;
  readonly target: DiagramTarget;
  /** ps. */
  readonly budget: number;
  readonly lengths: Required<RunLengths>;
  readonly sizes: readonly number[];
  readonly seed: number;
}

/** Beyond these a window is a slip of the pen: K and GPa. */
const HOTTEST = 50_000;
const HIGHEST_PRESSURE = 10_000;

export function toDiagramPlan(phases: readonly Phase[], settings: PhaseDiagramSettings): DiagramPlan {
  checkPhases(phases);
  const { temperature, pressure, target = {}, sizes = [], seed } = settings;
  const lengths = toRunLengths(settings);
  const { budget = 2000 * lengths.slowness } = settings;
  checkRange("temperature", temperature, 0, HOTTEST, "K");
  checkRange("pressure", pressure, -HIGHEST_PRESSURE, HIGHEST_PRESSURE, "GPa");
  const filled: DiagramTarget = {
    temperature: target.temperature ?? (temperature[1] - temperature[0]) / 100,
    pressure: target.pressure ?? (pressure[1] - pressure[0]) / 100,
  };
  for (const name of ["temperature", "pressure"] as const)
    if (!(filled[name] > 0))
      throw new InputError({ what: `target ${name}`, value: filled[name], expected: "a number above 0" });
  for (const phase of phases) sizesOf(phase, sizes);
  const plan = {
    window: { temperature, pressure },
    target: filled,
    budget,
    lengths,
    sizes,
    seed,
  };
  const least = surveyCost(phases, plan);
  if (!(budget >= least))
    throw new InputError({
      what: "budget",
      value: `${budget} ps`,
      expected: `at least ${Math.ceil(least)} ps, for a survey of ${phases.length} phases with runs this long`,
      attempt: "a larger budget or shorter sampling, switching and equilibration",
    });
  return plan;
}

/** Temperatures and pressures at which each phase is tried first. */
export const SURVEY_TEMPERATURES = 4;
export const SURVEY_PRESSURES = 3;

/** ps of the survey: the state of each phase on a grid, and one Gibbs energy. */
const surveyCost = (phases: readonly Phase[], plan: Pick<DiagramPlan, "lengths" | "sizes">): number =>
  phases.length * (SURVEY_TEMPERATURES * SURVEY_PRESSURES * stateCost(plan.lengths) + gibbsCost(plan));

/** ps of dynamics behind one isothermal-isobaric run. */
export const stateCost = (lengths: Required<RunLengths>): number => averagesWeight(lengths) / 1000;

/** ps of dynamics behind one Gibbs energy, in cells of all sizes. */
export const gibbsCost = ({ lengths, sizes }: Pick<DiagramPlan, "lengths" | "sizes">): number =>
  ((1 + sizes.length) * gibbsWeight(lengths)) / 1000;

function checkRange(what: string, range: readonly [number, number], least: number, most: number, unit: string): void {
  const [from, to] = range;
  if (!(from >= least && to <= most && from < to))
    throw new InputError({
      what: `${what} window`,
      value: `${from} to ${to} ${unit}`,
      expected: `from below to, between ${least} and ${most} ${unit}`,
    });
}

function checkPhases(phases: readonly Phase[]): void {
  if (phases.length === 0) throw new InputError({ what: "phases", value: 0, expected: "at least one phase" });
  const names = phases.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new InputError({ what: "phases", value: twice, expected: "each name once" });
  const [first, ...others] = phases.map((phase) => ({ name: phase.name, formula: formulaOf(phase) }));
  for (const { name, formula } of others)
    if (formula !== first!.formula)
      throw new InputError({
        what: `composition of ${name}`,
        value: formula,
        expected: `${first!.formula}, that of ${first!.name}: all phases are of one composition`,
      });
  if (phases.filter(isLiquid).length > 1)
    throw new InputError({
      what: "phases",
      value: phases.filter(isLiquid).map(({ name }) => name),
      expected: "one liquid",
    });
}

/** Elements with the smallest whole numbers: `SiC`, `Ti`. */
function formulaOf({ structure: { numbers } }: Phase): string {
  const counts = new Map<number, number>();
  for (const z of numbers) counts.set(z, (counts.get(z) ?? 0) + 1);
  const divisor = [...counts.values()].reduce(greatestCommonDivisor);
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([z, count]) => `${symbolOf(z)}${count === divisor ? "" : count / divisor}`)
    .join("");
}

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b));
