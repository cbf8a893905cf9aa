import type { CellFreedom } from "../dynamics/cell-freedom.js";
import type { DynamicsSpec } from "../dynamics/dynamics-spec.js";
import { type DynamicsResult, runDynamics } from "../dynamics/run-dynamics.js";
import type { Thermodynamics } from "../dynamics/thermodynamics.js";
import { ComputationError } from "../errors.js";
import type { PotentialSpec } from "../potentials/potential.js";
import type { Structure } from "../structure/structure.js";
import { legEngine } from "./leg-engine.js";
import { isobaric } from "./leg-ensembles.js";
import type { LegTaskWork } from "./legs.js";
import { liquidRunner } from "./liquid-run.js";
import { countedFromSites, findFreezing, findTransformation, SHORT_MEAN } from "./phase-guard.js";
import { seedOf } from "./seeds.js";
import { shareProgress } from "./shared-progress.js";
import type { UhlenbeckFordModel } from "./uhlenbeck-ford-model.js";

/** What all runs share that take a phase somewhere at constant pressure and temperature, and back: plain data. */
export interface RoundTripLeg {
  readonly potential: PotentialSpec;
  /** Name of the phase. */
  readonly phase: string;
  /** A crystal: atoms on their sites, in the mean cell. A liquid: any arrangement in its mean cell. */
  readonly structure: Structure;
  readonly cell: Exclude<CellFreedom, "fixed">;
  /** GPa, roughly, for the barostat. */
  readonly bulkModulus: number;
  /** For a liquid: the fluid that disorders the atoms. */
  readonly reference?: UhlenbeckFordModel;
  /** K, of the runs. */
  readonly temperature: number;
  /** GPa. */
  readonly pressure: number;
  /** Values on the way that are kept, the first apart. */
  readonly points: number;
  /** fs. */
  readonly timestep: number;
  readonly equilibration: number;
  readonly switching: number;
  /** Of thermostat and barostat, see `RunLengths`. */
  readonly slowness: number;
  readonly seed: number;
}

/** The way: what is felt from one end (0) to the other (1). */
export interface Journey {
  /** For progress: "reversible scaling". */
  readonly task: string;
  /** For progress: "to 1200 K". */
  readonly goal: string;
  readonly felt: (
    from: number,
    to: number,
  ) => Pick<DynamicsSpec, "potential" | "reference" | "switching"> & {
    readonly pressure: number | readonly [number, number];
  };
  /** Rows per point; 1 by default. */
  readonly rowsPerPoint?: number;
}

export interface RoundTrip {
  /** points * rowsPerPoint + 1 rows there, and as many back. */
  readonly there: readonly Thermodynamics[];
  readonly back: readonly Thermodynamics[];
  /** A^3 of the cell, means at either end. */
  readonly volumes: readonly [number, number];
  /** What says that the phase did not last. */
  readonly transformed?: string;
}

/** Equilibrates a phase, takes it there, equilibrates it, and takes it back. */
export async function roundTrip(leg: RoundTripLeg, journey: Journey, work: LegTaskWork = {}): Promise<RoundTrip> {
  const { structure, temperature, timestep, points, slowness, seed } = leg;
  const { rowsPerPoint = 1 } = journey;
  const equilibration = Math.ceil(leg.equilibration / timestep);
  const every = Math.ceil(leg.switching / timestep / points / rowsPerPoint);
  const steps = every * points * rowsPerPoint;
  const total = (leg.reference ? 2 : 1) * (2 * (equilibration + steps));
  const progress = shareProgress(journey.task, total, work.onProgress);
  const run = (
    start: Pick<DynamicsSpec, "structure" | "velocities">,
    from: number,
    to: number,
    length: number,
    number: number,
  ) => {
    const { pressure, ...felt } = journey.felt(from, to);
    return runDynamics(
      {
        structure: start.structure,
        // Half of what a crystal on its sites is given goes into its springs.
        ...(start.velocities ? { velocities: start.velocities } : { initialTemperature: 2 * temperature }),
        ...felt,
        engine: legEngine(felt.potential, felt.reference),
        ensemble: isobaric(temperature, slowness, { pressure, cell: leg.cell, compressibility: 1 / leg.bulkModulus }),
        timestep,
        steps: length,
        averages: { after: Math.floor(length / 2) },
        sampleEvery: Math.min(every, length),
        seed: seedOf(seed, number),
      },
      {
        onProgress: progress.leg(length, `${leg.phase} ${journey.goal}`).onProgress,
        batch: work.batch,
        ...(work.signal ? { signal: work.signal } : {}),
      },
    );
  };
  const melted = leg.reference
    ? await melt(leg, leg.reference, { ...work, ...progress.leg(total / 2, leg.phase) })
    : { structure };
  const start = await run(melted, 0, 0, equilibration, 0);
  const there = await run(start.state, 0, 1, steps, 1);
  const turn = await run(there.state, 1, 1, equilibration, 2);
  const back = await run(turn.state, 1, 0, steps, 3);
  for (const { rows } of [there, back])
    if (rows.length !== points * rowsPerPoint + 1)
      throw new ComputationError({
        what: journey.task,
        value: `${rows.length} rows`,
        expected: `${points * rowsPerPoint + 1}`,
      });
  const transformed = leg.reference
    ? (findFreezing(turn.state.structure) ?? findFreezing(back.state.structure))
    : findTransformation(countedFromSites(turn.averages!, there.state.structure, structure), structure, SHORT_MEAN);
  const volumes = [start.averages!.volume, turn.averages!.volume] as const;
  return { there: there.rows, back: back.rows, volumes, ...(transformed === undefined ? {} : { transformed }) };
}

/** The liquid in the cell of `structure`, from the reference fluid. */
async function melt(
  leg: RoundTripLeg,
  reference: UhlenbeckFordModel,
  work: LegTaskWork,
): Promise<DynamicsResult["state"]> {
  const melting = MELTING * leg.slowness;
  const { run, disordered } = liquidRunner(
    { ...leg, reference, seed: seedOf(leg.seed, 4) },
    leg.equilibration + melting,
    work,
  );
  const fluid = await disordered();
  const liquid = await run(fluid.state, [1, 0], melting);
  return liquid.state;
}

/** fs, from the reference fluid to the liquid, where it is as fast as copper. */
const MELTING = 2000;
