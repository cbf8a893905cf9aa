import type { EnsembleSpec } from "../dynamics/ensemble.js";
import { type DynamicsResult, runDynamics } from "../dynamics/run-dynamics.js";
import { massesOf } from "../dynamics/velocities.js";
import { mean } from "../math/statistics.js";
import { createPotential } from "../potentials/create-potential.js";
import type { PotentialSpec } from "../potentials/potential.js";
import { cellVolume } from "../structure/cell.js";
import type { Structure } from "../structure/structure.js";
import { BOLTZMANN, TIME_UNIT_FS } from "../units.js";
import { legEngine } from "./leg-engine.js";
import { isobaric, langevin } from "./leg-ensembles.js";
import type { LegTaskWork } from "./legs.js";
import { seedOf } from "./seeds.js";
import { shareProgress } from "./shared-progress.js";
import { type UhlenbeckFordModel, uhlenbeckFordPotential } from "./uhlenbeck-ford-model.js";

/** A pressure [GPa] and how much the liquid gives way to it [1/GPa]. */
export type Barostat = Required<Pick<EnsembleSpec, "compressibility">> & { readonly pressure: number };

/** What all runs of a liquid share: plain data. */
export interface LiquidRun {
  readonly potential: PotentialSpec;
  /** Name of the phase. */
  readonly phase: string;
  /** Any arrangement of the atoms: the reference fluid disorders it. */
  readonly structure: Structure;
  readonly reference: UhlenbeckFordModel;
  /** K. */
  readonly temperature: number;
  /** fs. */
  readonly timestep: number;
  readonly equilibration: number;
  /** Of thermostat and barostat, see `RunLengths`. */
  readonly slowness: number;
  readonly seed: number;
}

/**
 * In units of the time that an atom takes over sigma, in which the reference fluid forgets a crystal. Far above its own
 * freezing it has no order left after two; after two, free energies of switching were 0.6(1) meV/atom too high, after
 * seven 0.1(1), at half the dissipation.
 */
const DISORDERING = 7;

/** fs, how long the reference fluid has to run from an arrangement of another kind. */
const disorderingTime = ({ structure, reference, temperature }: LiquidRun): number =>
  DISORDERING * reference.sigma * Math.sqrt(mean(massesOf(structure)) / (BOLTZMANN * temperature)) * TIME_UNIT_FS;

/** Runs of a liquid and its reference one after another, with a bar for all of them. */
export function liquidRunner(leg: LiquidRun, total: number, work: LegTaskWork) {
  const { temperature, timestep, slowness, seed } = leg;
  const potential = createPotential(leg.potential);
  const reference = createPotential(uhlenbeckFordPotential(leg.reference, temperature));
  const progress = shareProgress("liquid", disorderingTime(leg) + total, work.onProgress);
  let runs = 0;
  /** Runs with a share of the reference that goes linearly from `first` to `last`, at constant volume unless there is a pressure. */
  const run = (
    from: { readonly structure: Structure; readonly velocities?: Float64Array },
    [first, last]: readonly [number, number],
    time: number,
    settings: { readonly barostat?: Barostat; readonly after?: number; readonly sampleEvery?: number } = {},
  ): Promise<DynamicsResult> => {
    const steps = Math.ceil(time / timestep);
    const { barostat, after = 0, sampleEvery = steps } = settings;
    const mixed = first !== last;
    return runDynamics(
      {
        structure: from.structure,
        ...(from.velocities ? { velocities: from.velocities } : {}),
        // A Hamiltonian that nobody feels costs time all the same.
        ...(mixed ? { potential, reference } : { potential: first === 1 ? reference : potential }),
        engine: mixed || first === 0 ? legEngine(potential) : "wasm",
        ensemble:
          barostat === undefined
            ? { kind: "nvt", ...langevin(temperature, slowness) }
            : isobaric(temperature, slowness, { ...barostat, cell: "isotropic" }),
        ...(mixed && {
          switching: { potential: [1 - first, 1 - last], reference: [first, last], schedule: "linear" },
        }),
        timestep,
        steps,
        averages: { after: Math.floor(after / timestep) },
        sampleEvery,
        seed: seedOf(seed, runs++),
      },
      {
        onProgress: progress.leg(time, `${leg.phase} ${temperature} K`).onProgress,
        batch: work.batch,
        ...(work.signal ? { signal: work.signal } : {}),
      },
    );
  };
  /** A sample of the reference fluid, from whatever arrangement. */
  const disordered = (): Promise<DynamicsResult> => run(leg, [1, 1], disorderingTime(leg));
  return { run, disordered };
}

/** Atoms/A^3. */
export const numberDensity = ({ numbers, cell }: Structure): number => numbers.length / cellVolume(cell);
