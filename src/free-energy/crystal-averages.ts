import { minimize } from "../dynamics/minimize.js";
import { createPotential } from "../potentials/create-potential.js";
import type { PotentialSpec } from "../potentials/potential.js";
import type { Structure } from "../structure/structure.js";
import { type CrystalPhase, runCell } from "./crystal-phase.js";
import type { CellAverages, CellLeg } from "./equilibrate-cell.js";
import { type LegWork, runLeg } from "./legs.js";
import { shapeStrain } from "./phase-guard.js";
import { lasting, PhaseLostError } from "./phase-lost.js";
import type { RunLengths } from "./run-lengths.js";

/** Change of shape on relaxing that no guess of a lattice's c/a needs, but a fall into another crystal. */
const SHAPE_LIMIT = 0.15;

/** GPa, step of the difference that gives the bulk modulus. */
const PRESSURE_STEP = 0.1;

/** A crystal relaxed at a pressure. */
export interface RelaxedCrystal {
  /** The crystal's own cell. */
  readonly structure: Structure;
  /** GPa, static. */
  readonly bulkModulus: number;
}

/** Minimum of the enthalpy at a pressure [GPa]; throws a PhaseLostError when that is another crystal. */
export async function relaxAtPressure(
  spec: PotentialSpec,
  phase: CrystalPhase,
  pressure: number,
  work: LegWork = {},
): Promise<RelaxedCrystal> {
  const potential = createPotential(spec);
  const settings = {
    cell: phase.cell,
    forceTolerance: 1e-5,
    stressTolerance: 1e-3,
    ...(work.signal ? { signal: work.signal } : {}),
  };
  const at = await minimize(potential, phase.structure, { ...settings, pressure });
  const strain = shapeStrain(phase.structure.cell, at.structure.cell);
  if (strain > SHAPE_LIMIT)
    throw new PhaseLostError(
      phase.name,
      0,
      pressure,
      `at rest its cell changes shape by ${(100 * strain).toFixed(0)}%`,
    );
  const above = await minimize(potential, at.structure, { ...settings, pressure: pressure + PRESSURE_STEP });
  return { structure: at.structure, bulkModulus: (PRESSURE_STEP * at.volume) / (at.volume - above.volume) };
}

/** What to average, and how long. */
export interface AveragesSettings extends Required<RunLengths> {
  /** K. */
  readonly temperature: number;
  /** GPa. */
  readonly pressure: number;
  readonly seed: number;
}

/** Averages of a crystal at temperature and pressure, with the cell they started from. */
export interface CrystalAverages {
  /** Atoms on their sites in the cell of the run, at rest. */
  readonly start: Structure;
  readonly relaxed: RelaxedCrystal;
  readonly averages: CellAverages;
}

/** Relaxes a crystal at its pressure and averages it at its temperature in a worker; throws when it does not last. */
export async function crystalAverages(
  spec: PotentialSpec,
  phase: CrystalPhase,
  settings: AveragesSettings,
  work: LegWork = {},
): Promise<CrystalAverages> {
  const { start, relaxed, leg } = await prepareAverages(spec, phase, settings, work);
  const averages = lasting(await runLeg<CellAverages>("equilibrate-cell", leg, work), leg, settings.pressure);
  return { start, relaxed, averages };
}

/** Relaxes a crystal at its pressure, and says how it is to be averaged. */
export async function prepareAverages(
  spec: PotentialSpec,
  phase: CrystalPhase,
  { temperature, pressure, seed, timestep, equilibration, sampling, slowness }: AveragesSettings,
  work: LegWork,
): Promise<Omit<CrystalAverages, "averages"> & { readonly leg: CellLeg }> {
  const relaxed = await relaxAtPressure(spec, phase, pressure, work);
  const start = runCell({ ...phase, structure: relaxed.structure });
  const leg: CellLeg = {
    potential: spec,
    phase: phase.name,
    structure: start,
    cell: phase.cell,
    bulkModulus: relaxed.bulkModulus,
    temperature,
    pressure,
    timestep,
    equilibration,
    sampling,
    slowness,
    seed,
  };
  return { start, relaxed, leg };
}
