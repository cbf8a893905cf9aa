import { massesOf } from "../dynamics/velocities.js";
import { ComputationError } from "../errors.js";
import { mean } from "../math/statistics.js";
import type { PotentialSpec } from "../potentials/potential.js";
import type { LongWork } from "../progress.js";
import { meanSpacing } from "../properties/order-neighbors.js";
import type { Structure } from "../structure/structure.js";
import { GPA_PER_EV_A3, TIME_UNIT_FS } from "../units.js";
import { relaxAtPressure } from "./crystal-averages.js";
import type { CrystalPhase } from "./crystal-phase.js";
import type { LiquidPhase } from "./liquid-phase.js";
import { COPPER_LENGTHS, type RunLengths, toRunLengths } from "./run-lengths.js";

/** fs, sqrt(m / (B d)) of copper: mass m, bulk modulus B at rest, mean spacing d. */
const COPPER_TIME = 57;

/** Near a limit of stability B vanishes, and times need not follow it. */
const SLOWEST = 10;

/**
 * How many times slower a crystal's atoms of a mass [amu] move than copper's, 1 for faster ones: by the time sqrt(m / (B d)) in
 * which sound crosses the mean spacing d, in tenths. Argon has 4.6. `bulkModulus` GPa, at rest.
 */
export function slownessOf(structure: Structure, bulkModulus: number, mass = mean(massesOf(structure))): number {
  const stiffness = (bulkModulus / GPA_PER_EV_A3) * meanSpacing(structure);
  const slowness = (Math.sqrt(mass / stiffness) * TIME_UNIT_FS) / COPPER_TIME;
  return Math.min(SLOWEST, Math.max(1, Math.round(10 * slowness) / 10));
}

/**
 * Lengths of the runs of phases at pressures [GPa], where they are not given: times by the slowest of them, the time step by the
 * fastest and its lightest element, at rest. A liquid is as slow as the crystal that it is melted from.
 */
export async function lengthsFor(
  spec: PotentialSpec,
  phases: readonly (CrystalPhase | LiquidPhase)[],
  pressures: readonly number[],
  lengths: RunLengths,
  { signal }: LongWork = {},
): Promise<Required<RunLengths>> {
  if (lengths.slowness !== undefined) return toRunLengths(lengths);
  let [slowest, fastest] = [1, SLOWEST];
  for (const phase of phases)
    for (const pressure of pressures) {
      const relaxed = await relaxedOrNot(spec, phase, pressure, signal ? { signal } : {});
      if (!relaxed) continue;
      const { structure, bulkModulus } = relaxed;
      slowest = Math.max(slowest, slownessOf(structure, bulkModulus));
      fastest = Math.min(fastest, slownessOf(structure, bulkModulus, Math.min(...massesOf(structure))));
    }
  return toRunLengths({
    timestep: COPPER_LENGTHS.timestep * Math.min(slowest, fastest),
    ...lengths,
    slowness: slowest,
  });
}

/** What does not last at rest tells nothing of times; runs will say what is wrong with it. */
async function relaxedOrNot(
  spec: PotentialSpec,
  { name, structure, repeats, ...phase }: CrystalPhase | LiquidPhase,
  pressure: number,
  work: LongWork,
) {
  const cell = "cell" in phase ? phase.cell : "isotropic";
  try {
    const relaxed = await relaxAtPressure(spec, { name, structure, repeats, cell }, pressure, work);
    return relaxed.bulkModulus > 0 ? relaxed : undefined;
  } catch (error) {
    if (!(error instanceof ComputationError)) throw error;
    return undefined;
  }
}
