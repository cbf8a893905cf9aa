import type { CellFreedom } from "../dynamics/cell-freedom.js";
import { type DynamicsResult, runDynamics } from "../dynamics/run-dynamics.js";
import { ComputationError } from "../errors.js";
import { createPotential } from "../potentials/create-potential.js";
import type { PotentialSpec } from "../potentials/potential.js";
import type { LongWork } from "../progress.js";
import type { Structure } from "../structure/structure.js";
import { countedFromSites, findTransformation, SHORT_MEAN } from "./phase-guard.js";
import type { ScalingWork } from "./reversible-scaling.js";
import { seedOf } from "./seeds.js";
import { shareProgress } from "./shared-progress.js";

/** Input of the task that scales the potential of a crystal down and up again: plain data. */
export interface ScalingLeg {
  readonly potential: PotentialSpec;
  /** Name of the phase. */
  readonly phase: string;
  /** Atoms on their sites, in the mean cell. */
  readonly structure: Structure;
  readonly cell: Exclude<CellFreedom, "fixed">;
  /** K, of the runs, and that which the scaled potential stands for at the end. */
  readonly temperature: number;
  readonly finalTemperature: number;
  /** GPa. */
  readonly pressure: number;
  /** Temperatures on the way that are kept, the first apart. */
  readonly points: number;
  /** fs. */
  readonly timestep: number;
  readonly equilibration: number;
  readonly switching: number;
  readonly seed: number;
}

/** What the task found. */
export interface ScalingLegResult extends ScalingWork {
  /** What says that the crystal did not last at the final temperature. */
  readonly transformed?: string;
}

/** fs, relaxation of velocities, and of the cell. */
const THERMOSTAT_TIME = 100;
const BAROSTAT_TIME = 300;

/** One replica of reversible scaling at constant pressure: equilibrated at both ends, scaled there and back. */
export async function scalePotential(leg: ScalingLeg, work: LongWork = {}): Promise<ScalingLegResult> {
  const { structure, temperature, pressure, timestep, points, seed } = leg;
  const factor = temperature / leg.finalTemperature;
  const equilibration = Math.ceil(leg.equilibration / timestep);
  const every = Math.ceil(leg.switching / timestep / points);
  const progress = shareProgress("reversible scaling", 2 * (equilibration + every * points), work.onProgress);
  const run = (
    from: { readonly structure: Structure; readonly velocities?: Float64Array },
    factors: readonly [number, number],
    steps: number,
    number: number,
  ): Promise<DynamicsResult> =>
    runDynamics(
      {
        structure: from.structure,
        ...(from.velocities ? { velocities: from.velocities } : {}),
        potential: createPotential(leg.potential),
        ensemble: {
          kind: "npt",
          temperature,
          thermostat: "langevin",
          thermostatTime: THERMOSTAT_TIME,
          pressure,
          cell: leg.cell,
          barostatTime: BAROSTAT_TIME,
        },
        switching: { potential: factors, schedule: "reciprocal", scalePressure: true },
        timestep,
        steps,
        averages: { after: Math.floor(steps / 2) },
        sampleEvery: Math.min(every, steps),
        seed: seedOf(seed, number),
      },
      {
        onProgress: progress.leg(steps, `${leg.phase} to ${leg.finalTemperature} K`).onProgress,
        ...(work.signal ? { signal: work.signal } : {}),
      },
    );
  const start = await run({ structure }, [1, 1], equilibration, 0);
  const there = await run(start.state, [1, factor], every * points, 1);
  const turn = await run(there.state, [factor, factor], equilibration, 2);
  const back = await run(turn.state, [factor, 1], every * points, 3);
  if (there.rows.length !== points + 1 || back.rows.length !== points + 1)
    throw new ComputationError({
      what: "reversible scaling",
      value: `${there.rows.length} rows`,
      expected: `${points + 1}`,
    });
  const workOf = (rows: DynamicsResult["rows"]): Float64Array =>
    Float64Array.from(rows, (row) => row.potentialWork + row.volumeWork);
  const fromSites = countedFromSites(turn.averages!, there.state.structure, structure);
  const transformed = findTransformation(fromSites, structure, SHORT_MEAN);
  return {
    factors: Float64Array.from(there.rows, (row) => row.potentialFactor),
    forward: workOf(there.rows),
    backward: workOf(back.rows).reverse(),
    ...(transformed === undefined ? {} : { transformed }),
  };
}
