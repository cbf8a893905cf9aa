import type { CellFreedom } from "../dynamics/cell-freedom.js";
import { runDynamics } from "../dynamics/run-dynamics.js";
import type { DynamicsState } from "../dynamics/simulate.js";
import { mean } from "../math/statistics.js";
import { createPotential } from "../potentials/create-potential.js";
import type { PotentialSpec } from "../potentials/potential.js";
import type { Structure } from "../structure/structure.js";
import { enthalpyFiniteSize } from "./finite-size.js";
import type { PhaseAverages } from "./gibbs-energy.js";
import { type IsobaricSeries, isobaricAverages, isobaricSeries } from "./isobaric-averages.js";
import { legEngine } from "./leg-engine.js";
import { isobaric } from "./leg-ensembles.js";
import type { LegTaskWork } from "./legs.js";
import { findTransformation, LONG_MEAN, SHORT_MEAN } from "./phase-guard.js";

/** Input of the task that averages a crystal at temperature and pressure: plain data. */
export interface CellLeg {
  readonly potential: PotentialSpec;
  /** Name of the phase. */
  readonly phase: string;
  /** Atoms on their sites. */
  readonly structure: Structure;
  readonly cell: Exclude<CellFreedom, "fixed">;
  /** GPa, roughly, for the barostat. */
  readonly bulkModulus: number;
  /** K. */
  readonly temperature: number;
  /** GPa. */
  readonly pressure: number;
  /** fs. */
  readonly timestep: number;
  readonly equilibration: number;
  readonly sampling: number;
  /** Of thermostat and barostat, see `RunLengths`. */
  readonly slowness: number;
  readonly seed: number;
  /** Whether it is one of several that are averaged, and others go on from where it ends. */
  readonly keepsEnd?: boolean;
}

/** What the task found. */
export interface CellAverages extends PhaseAverages {
  /** [N] A^2, from sites that move with the cell: the mean over all atoms of the element. */
  readonly meanSquaredDisplacements: Float64Array;
  /** What says that the crystal did not last. */
  readonly transformed?: string;
}

/** Where a run ended. */
export type CellEnd = Pick<DynamicsState, "structure" | "velocities">;

/** What the task found, for those who go on from there. */
export interface CellRun extends CellAverages {
  readonly end: CellEnd;
  /** [3N] A, mean displacements from the sites. */
  readonly displacements: Float64Array;
  readonly series: IsobaricSeries;
}

/** Runs at temperature and pressure. */
export async function equilibrateCell(leg: CellLeg, work: LegTaskWork = {}): Promise<CellAverages | CellRun> {
  const { structure, temperature, pressure, timestep, seed, sampling, slowness } = leg;
  const potential = createPotential(leg.potential);
  const equilibration = Math.ceil(leg.equilibration / timestep);
  const steps = equilibration + Math.ceil(sampling / timestep);
  const run = await runDynamics(
    {
      structure,
      potential,
      engine: legEngine(potential),
      ensemble: isobaric(temperature, slowness, { pressure, cell: leg.cell, compressibility: 1 / leg.bulkModulus }),
      // Half of it goes into the springs that are still at rest.
      initialTemperature: 2 * temperature,
      timestep,
      steps,
      averages: { after: equilibration, every: 5 },
      sampleEvery: 5,
      seed,
    },
    work,
  );
  const averages = run.averages!;
  const rows = run.rows.filter((row) => row.step > equilibration);
  const count = structure.numbers.length;
  const series = isobaricSeries(rows, count, leg, enthalpyFiniteSize("solid", leg.cell, count, temperature));
  const { structure: last, velocities } = run.state;
  const { displacements } = averages;
  const found = {
    meanCell: averages.cell,
    ...isobaricAverages([series], count, temperature),
    meanSquaredDisplacements: meanOverElements(averages.fluctuations, structure.numbers),
    ...(leg.keepsEnd && { end: { structure: last, velocities }, displacements, series }),
  };
  const transformed = findTransformation(averages, structure, leg.keepsEnd ? SHORT_MEAN : LONG_MEAN);
  return transformed === undefined ? found : { ...found, transformed };
}

/** [N], each atom with the mean of its element. */
export function meanOverElements(values: Float64Array, numbers: Uint8Array): Float64Array {
  const means = new Map(
    [...new Set(numbers)].map((z) => [z, mean(values.filter((_, i) => numbers[i] === z))] as const),
  );
  return Float64Array.from(numbers, (z) => means.get(z)!);
}
