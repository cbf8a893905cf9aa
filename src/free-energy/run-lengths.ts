import { InputError } from "../errors.js";

/** How long and how often; times in fs. */
export interface RunLengths {
  /** 2 fs by default. */
  readonly timestep?: number;
  /** Before anything is measured. 500 by default. */
  readonly equilibration?: number;
  /** For averages of the cell and of displacements. 3000 by default. */
  readonly sampling?: number;
  /** From the solid to the Einstein crystal, and as long back. 3000 by default. */
  readonly switching?: number;
  /** Independent switching runs, each both ways. 3 by default. */
  readonly replicas?: number;
}

/** Defaults filled and checked. */
export function toRunLengths(lengths: RunLengths): Required<RunLengths> {
  const { timestep = 2, equilibration = 500, sampling = 3000, switching = 3000, replicas = 3 } = lengths;
  const filled = { timestep, equilibration, sampling, switching, replicas };
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
