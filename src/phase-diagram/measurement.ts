import { minimize } from "../dynamics/minimize.js";
import type { CrystalPhase } from "../free-energy/crystal-phase.js";
import type { PhaseAverages } from "../free-energy/gibbs-energy.js";
import type { LegStore, LegWork } from "../free-energy/legs.js";
import { isLiquid, type Phase, phaseAverages, phaseGibbs } from "../free-energy/phase.js";
import { shapeStrain } from "../free-energy/phase-guard.js";
import { PhaseLostError } from "../free-energy/phase-lost.js";
import { seedOf } from "../free-energy/seeds.js";
import { abortTogether } from "../free-energy/shared-abort.js";
import type { SharedProgress } from "../free-energy/shared-progress.js";
import { shortest } from "../free-energy/shorter-steps.js";
import { createPotential } from "../potentials/create-potential.js";
import type { PotentialSpec } from "../potentials/potential.js";
import { type DiagramData, joinData, noData } from "./diagram-record.js";
import { type DiagramPlan, gibbsCost, stateCost } from "./diagram-settings.js";
import { findingOf } from "./finding.js";
import type { StatePoint } from "./phase-point.js";

/** Something to be measured of a phase: at rest, averaged at temperature and pressure, or its absolute Gibbs energy. */
export interface Measurement {
  readonly phase: string;
  readonly kind: "static" | "state" | "gibbs";
  /** K; 0 at rest. */
  readonly temperature: number;
  /** GPa. */
  readonly pressure: number;
  /** How often the same was measured before: each time has random numbers of its own. */
  readonly repeat: number;
}

/** What measuring needs to know. */
export interface MeasurementRun {
  readonly spec: PotentialSpec;
  readonly phases: readonly Phase[];
  readonly plan: DiagramPlan;
  readonly progress: SharedProgress;
  readonly work: LegWork;
  /** ps of measurements all of whose legs were there. */
  restored: number;
}

/** ps of dynamics. */
export function costOf({ kind }: Pick<Measurement, "kind">, plan: DiagramPlan): number {
  return kind === "static" ? 0 : kind === "state" ? stateCost(plan.lengths) : gibbsCost(plan);
}

/** Runs a batch at once. What was found is in the order of the batch, whichever run ends first. */
export async function measureAll(run: MeasurementRun, batch: readonly Measurement[]): Promise<DiagramData> {
  const found = await abortTogether(run.work.signal, (signal) =>
    Promise.all(batch.map((measurement) => measureOrLimit(run, measurement, signal))),
  );
  return found.reduce(joinData, noData);
}

/** One measurement; a phase that does not last is a finding, not a failure. */
async function measureOrLimit(
  run: MeasurementRun,
  measurement: Measurement,
  signal: AbortSignal,
): Promise<DiagramData> {
  const { phase: name, kind, temperature, pressure } = measurement;
  const note = `${name} ${temperature} K ${pressure} GPa`;
  const cost = costOf(measurement, run.plan);
  const { onProgress, finish } = run.progress.leg(cost, note);
  let ran = false;
  const legs =
    run.work.legs &&
    watched(run.work.legs, () => {
      ran = true;
    });
  try {
    // A signal of its own: listeners of many legs on one signal look like a leak to Node.
    return await measure(run, measurement, { onProgress, legs, signal: AbortSignal.any([signal]) });
  } catch (error) {
    if (signal.aborted) throw error;
    return {
      ...noData,
      ...findingOf(error, { phase: name, temperature: kind === "static" ? 0 : temperature, pressure }),
    };
  } finally {
    if (legs && !ran) run.restored += cost;
    finish();
  }
}

/** The same store; `onMiss` is called when it lacks a leg. */
const watched = (legs: LegStore, onMiss: () => void): LegStore => ({
  ...legs,
  async read(key) {
    const found = await legs.read(key);
    if (found === undefined) onMiss();
    return found;
  },
});

async function measure(run: MeasurementRun, measurement: Measurement, work: LegWork): Promise<DiagramData> {
  const { spec, plan } = run;
  const { phase: name, kind, temperature, pressure } = measurement;
  const phase = run.phases.find((one) => one.name === name)!;
  if (kind === "static") return measureAtRest(spec, phase as CrystalPhase, pressure, work);
  const settings = { ...plan.lengths, temperature, pressure, seed: seedFor(plan.seed, measurement) };
  const stateOf = (averages: PhaseAverages): StatePoint => {
    const { volume, enthalpy } = averages;
    return { phase: name, temperature, pressure, volume, enthalpy, ...shortest([averages]) };
  };
  if (kind === "state") {
    const averages = await phaseAverages(spec, phase, settings, work);
    return { ...noData, states: [stateOf(averages)] };
  }
  const found = await phaseGibbs(spec, phase, { ...settings, sizes: plan.sizes }, work);
  const { gibbs, atoms, dissipation, parts, averages, works, sizes } = found;
  // The errors of several sizes are from the scatter of all of them.
  const replicas = 1 + (works.length - 1) * (sizes?.points.length ?? 1);
  const point = { phase: name, temperature, pressure, gibbs, atoms, replicas, dissipation, parts };
  return { ...noData, points: [{ ...point, ...shortest([found]) }], states: [stateOf(averages)] };
}

/** Change of shape on relaxing that no guess of a lattice's c/a needs, but a fall into another crystal. */
const SHAPE_LIMIT = 0.15;

async function measureAtRest(
  spec: PotentialSpec,
  { name, structure, cell }: CrystalPhase,
  pressure: number,
  { signal }: LegWork,
): Promise<DiagramData> {
  const settings = { cell, pressure, forceTolerance: 1e-5, stressTolerance: 1e-3, ...(signal ? { signal } : {}) };
  const minimum = await minimize(createPotential(spec), structure, settings);
  const strain = shapeStrain(structure.cell, minimum.structure.cell);
  if (strain > SHAPE_LIMIT)
    throw new PhaseLostError(name, 0, pressure, `at rest its cell changes shape by ${(100 * strain).toFixed(0)}%`);
  const atoms = structure.numbers.length;
  return {
    ...noData,
    static: [{ phase: name, pressure, enthalpy: minimum.enthalpy / atoms, volume: minimum.volume / atoms }],
  };
}

/** The same measurement has the same random numbers in whatever order a diagram comes to ask for it. */
function seedFor(seed: number, { phase, kind, temperature, pressure, repeat }: Measurement): number {
  const numbers = [...`${phase} ${kind} ${temperature} K ${pressure} GPa`].map((letter) => letter.codePointAt(0)!);
  return seedOf(seed, ...numbers, repeat);
}

/** Crystals can be at rest. */
export const canRest = (phase: Phase): phase is CrystalPhase => !isLiquid(phase);
