import { NumericalError } from "../errors.js";
import { cubeRoot } from "../math/elementary.js";
import type { EngineName, Evaluation, Potential, Session } from "../potentials/potential.js";
import type { LongWork } from "../progress.js";
import { cellVolume, timesMatrix } from "../structure/cell.js";
import type { Structure } from "../structure/structure.js";
import { GPA_PER_EV_A3 } from "../units.js";
import { type CellFreedom, cellGradient, strainExponential } from "./cell-freedom.js";
import { openSearchDirection, type SearchDirection } from "./search-direction.js";

/** What may move, and when it is enough. */
export interface MinimizeSettings {
  /** What the cell may do; atoms always relax. "fixed" by default. */
  readonly cell?: CellFreedom;
  /** Keeps the volume while the shape relaxes. */
  readonly fixedVolume?: boolean;
  /** GPa; the enthalpy E + P V is minimized. 0 by default. */
  readonly pressure?: number;
  /** eV/A, largest force component at the end. 1e-6 by default. */
  readonly forceTolerance?: number;
  /** GPa, largest deviation of a free stress component from the target. 1e-4 by default. */
  readonly stressTolerance?: number;
  /** 2000 by default. */
  readonly maximumSteps?: number;
  readonly engine?: EngineName;
}

/** A local minimum of the enthalpy. */
export interface Minimum {
  readonly structure: Structure;
  /** eV. */
  readonly energy: number;
  /** eV, E + P V. */
  readonly enthalpy: number;
  /** A^3. */
  readonly volume: number;
  /** GPa, that was asked for. */
  readonly pressure: number;
  readonly steps: number;
  readonly evaluation: Evaluation;
}

/** A, longest move of one atom in a step, and its equivalent for the cell. */
const LONGEST_STEP = 0.15;

/**
 * Minimizes the enthalpy E + P V over positions and, where the cell is free, over the logarithmic strain, by
 * L-BFGS with backtracking (Nocedal and Wright, Numerical Optimization, 2nd ed., 7.2). The cell deforms as
 * h' = h exp(e) and carries the atoms along; e is projected on what `cell` allows, so symmetry of the cell stays exact.
 */
export async function minimize(
  potential: Potential,
  structure: Structure,
  settings: MinimizeSettings & LongWork = {},
): Promise<Minimum> {
  const session = await potential.open(structure, {}, settings.engine);
  try {
    return await minimizeIn(session, structure, settings);
  } finally {
    session.dispose();
  }
}

/** `minimize` in a session that is already open on these atoms. */
export async function minimizeIn(
  session: Session,
  structure: Structure,
  settings: MinimizeSettings & LongWork = {},
): Promise<Minimum> {
  const { pressure = 0, forceTolerance = 1e-6, stressTolerance = 1e-4, maximumSteps = 2000 } = settings;
  const count = structure.numbers.length;
  // A strain of s moves atoms by about s times this length: it makes cell and positions equally stiff.
  const cellLength = 1.5 * Math.sqrt(count) * cubeRoot(cellVolume(structure.cell) / count);
  let now = await evaluateAt(session, structure.positions.slice(), structure.cell.slice(), settings, cellLength);
  const search = openSearchDirection(3 * count + 9, 20, 0.05);
  for (let step = 0; ; step++) {
    const { force, stress } = largest(now, cellLength);
    if (force < forceTolerance && stress < stressTolerance)
      return {
        structure: { ...structure, positions: now.positions, cell: now.cell },
        energy: now.evaluation.energy,
        enthalpy: now.enthalpy,
        volume: cellVolume(now.cell),
        pressure,
        steps: step,
        evaluation: now.evaluation,
      };
    settings.signal?.throwIfAborted();
    settings.onProgress?.({
      task: "minimize",
      done: step,
      total: maximumSteps,
      note: `largest force ${force.toExponential(1)} eV/A, stress ${stress.toExponential(1)} GPa`,
    });
    if (step === maximumSteps || !Number.isFinite(now.enthalpy)) throw unfinished(step, force, stress);
    const next = await downhill(session, now, search, settings, cellLength);
    if (next === undefined) throw unfinished(step, force, stress);
    now = next;
  }
}

const unfinished = (step: number, force: number, stress: number): NumericalError =>
  new NumericalError({
    what: "minimization",
    value: `largest force ${force.toExponential(1)} eV/A, stress ${stress.toExponential(1)} GPa after ${step} steps`,
    expected: "convergence",
    attempt: "more steps, looser tolerances or another start",
  });

/** A point of the search: gradient [3N + 9] of the enthalpy in scaled coordinates. */
interface Point {
  readonly positions: Float64Array;
  readonly cell: Float64Array;
  readonly enthalpy: number;
  readonly gradient: Float64Array;
  readonly evaluation: Evaluation;
}

async function evaluateAt(
  session: Session,
  positions: Float64Array,
  cell: Float64Array,
  { cell: freedom = "fixed", fixedVolume = false, pressure = 0 }: MinimizeSettings,
  cellLength: number,
): Promise<Point> {
  const evaluation = await session.evaluate({ positions, cell });
  const volume = cellVolume(cell);
  const pv = (pressure / GPA_PER_EV_A3) * volume;
  const gradient = new Float64Array(positions.length + 9);
  for (let i = 0; i < positions.length; i++) gradient[i] = -evaluation.forces[i]!;
  const strain = cellGradient(evaluation.virial, pv, freedom, fixedVolume);
  for (let i = 0; i < 9; i++) gradient[positions.length + i] = strain[i]! / cellLength;
  return { positions, cell, enthalpy: evaluation.energy + pv, gradient, evaluation };
}

/** Largest force component [eV/A] and largest deviation of a free stress component [GPa]. */
function largest({ gradient, cell }: Point, cellLength: number): { force: number; stress: number } {
  const atoms = gradient.length - 9;
  let force = 0;
  for (let i = 0; i < atoms; i++) force = Math.max(force, Math.abs(gradient[i]!));
  let stress = 0;
  for (let i = 0; i < 9; i++) stress = Math.max(stress, Math.abs(gradient[atoms + i]! * cellLength));
  return { force, stress: (stress / cellVolume(cell)) * GPA_PER_EV_A3 };
}

/** One accepted step, or undefined when even steepest descent no longer goes down. */
async function downhill(
  session: Session,
  from: Point,
  search: SearchDirection,
  settings: MinimizeSettings,
  cellLength: number,
): Promise<Point | undefined> {
  const atoms = from.positions.length;
  for (let attempt = 0; attempt < 2; attempt++) {
    const direction = search.next(from.gradient);
    const longest = direction.reduce((most, d) => Math.max(most, Math.abs(d)), 0);
    const slope = direction.reduce((sum, d, i) => sum + d * from.gradient[i]!, 0);
    // Near the minimum the enthalpy changes by less than its rounding; then a smaller slope is the better witness.
    const noise = 4e-15 * Math.abs(from.enthalpy) + 1e-14 * atoms;
    for (let scale = Math.min(1, LONGEST_STEP / longest); scale > 1e-9; scale *= 0.4) {
      const strain = direction.subarray(atoms).map((d) => (d * scale) / cellLength);
      const transform = strainExponential(strain);
      const positions = timesMatrix(from.positions, transform);
      for (let i = 0; i < atoms; i++) positions[i]! += scale * direction[i]!;
      const to = await evaluateAt(session, positions, timesMatrix(from.cell, transform), settings, cellLength);
      const change = to.enthalpy - from.enthalpy;
      const slopeThere = direction.reduce((sum, d, i) => sum + d * to.gradient[i]!, 0);
      const flat = Math.abs(change) <= noise && Math.abs(slopeThere) <= 0.9 * Math.abs(slope);
      if (!(change <= 1e-4 * scale * slope || flat)) continue;
      search.learn(
        direction.map((d) => d * scale),
        to.gradient.map((g, i) => g - from.gradient[i]!),
      );
      return to;
    }
    search.forget();
  }
  return undefined;
}
