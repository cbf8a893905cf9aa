import { InputError } from "../errors.js";

/**
 * How long and how often; times in fs. What is not given is as for copper, times `slowness`; what is given is used as it is.
 */
export interface RunLengths {
  /** 2 x slowness by default; where phases, pressures or elements differ, by what moves fastest. */
  readonly timestep?: number;
  /** Before anything is measured. 1000 x slowness by default. */
  readonly equilibration?: number;
  /** For averages of the cell and of displacements. 3000 x slowness by default. */
  readonly sampling?: number;
  /** From the phase to its reference, and as long back. 3000 x slowness by default. */
  readonly switching?: number;
  /** Independent switching runs, each both ways. 3 by default. */
  readonly replicas?: number;
  /**
   * How many times slower atoms move than copper's; thermostats and barostats keep their pace. By default from bulk modulus, mass and
   * density of the phase at rest, see `slownessOf`.
   */
  readonly slowness?: number;
}

/** fs, what is not given, for copper. */
export const COPPER_LENGTHS = { timestep: 2, equilibration: 1000, sampling: 3000, switching: 3000 } as const;

/** Defaults filled and checked; copper's where no slowness is given. */
export function toRunLengths(lengths: RunLengths): Required<RunLengths> {
  const { slowness = 1, replicas = 3 } = lengths;
  if (!(slowness > 0)) throw new InputError({ what: "slowness", value: slowness, expected: "a number above 0" });
  const time = (name: keyof typeof COPPER_LENGTHS): number => lengths[name] ?? COPPER_LENGTHS[name] * slowness;
  const [timestep, equilibration] = [time("timestep"), time("equilibration")];
  const [sampling, switching] = [time("sampling"), time("switching")];
  const filled = { timestep, equilibration, sampling, switching, replicas, slowness };
  for (const name of ["timestep", "equilibration", "sampling", "switching"] as const)
    if (!(filled[name] > 0)) throw new InputError({ what: name, value: filled[name], expected: "a time above 0 fs" });
  if (!Number.isInteger(replicas) || replicas < 2)
    throw new InputError({ what: "replicas", value: replicas, expected: "a whole number of at least 2" });
  return filled;
}

/** fs of dynamics behind one isothermal-isobaric average. */
export const averagesWeight = ({ equilibration, sampling }: Required<RunLengths>): number => equilibration + sampling;

/** fs of dynamics behind one Gibbs energy. */
export const gibbsWeight = (lengths: Required<RunLengths>): number =>
  averagesWeight(lengths) + lengths.replicas * (lengths.equilibration + 2 * lengths.switching);
