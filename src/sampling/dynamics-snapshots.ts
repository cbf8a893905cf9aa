import type { DynamicsSpec } from "../dynamics/dynamics-spec.js";
import { simulate } from "../dynamics/simulate.js";
import { InputError } from "../errors.js";
import type { LongWork } from "../progress.js";
import type { Structure } from "../structure/structure.js";

/** A run to take snapshots of, without its number of steps. */
export interface SnapshotSpec extends Omit<DynamicsSpec, "steps" | "sampleEvery" | "frameEvery"> {
  /** How many snapshots. */
  readonly count: number;
  /** fs between two, long against the vibrations (1000 by default), since near frames say the same. */
  readonly spacing?: number;
  /** fs before the first, until the lattice has forgotten where it started. 2000 by default. */
  readonly equilibration?: number;
  /** Name of the trajectory, kept as `info.source`: frames of one source must not straddle training and test. */
  readonly source: string;
}

/**
 * Structures from molecular dynamics, to be labeled: the configurations that a potential (a teacher, or the fit so far)
 * visits. Positions are unwrapped.
 */
export async function dynamicsSnapshots(spec: SnapshotSpec, work: LongWork = {}): Promise<Structure[]> {
  const { count, spacing = 1000, equilibration = 2000, source, ...run } = spec;
  const { timestep = 1 } = run;
  if (!Number.isInteger(count) || count < 1)
    throw new InputError({ what: "count", value: count, expected: "a whole number of snapshots" });
  const every = Math.round(spacing / timestep);
  if (every < 1)
    throw new InputError({ what: "spacing", value: spacing, expected: `at least a timestep, ${timestep} fs` });
  const before = Math.ceil(equilibration / (every * timestep));
  const first = (run.firstStep ?? 0) + every * Math.max(1, before);
  const steps = every * (Math.max(1, before) + count - 1);
  const snapshots: Structure[] = [];
  for await (const { state } of simulate({ ...run, steps, sampleEvery: every, frameEvery: every }, work)) {
    if (!state || state.step < first) continue;
    const { cell, positions } = state.structure;
    snapshots.push({ ...spec.structure, cell, positions, info: { ...spec.structure.info, source } });
  }
  return snapshots;
}
