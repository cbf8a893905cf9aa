import type { Thermodynamics } from "../dynamics/thermodynamics.js";
import { createPotential } from "../potentials/create-potential.js";
import { GPA_PER_EV_A3 } from "../units.js";
import type { LegTaskWork } from "./legs.js";
import type { PathWork } from "./path-work.js";
import { type RoundTripLeg, roundTrip } from "./round-trip.js";
import type { ShorterSteps } from "./shorter-steps.js";

/** Input of the task that takes a phase from one pressure to another and back: plain data. */
export interface CompressionLeg extends RoundTripLeg {
  /** GPa. */
  readonly finalPressure: number;
}

/** Integrals of V dP of one run each way at pressures. */
export interface CompressionWork extends PathWork {
  /** [L] GPa. */
  readonly pressures: Float64Array;
}

/** What the task found. */
export interface CompressionLegResult extends CompressionWork, ShorterSteps {
  /** What says that the phase did not last. */
  readonly transformed?: string;
}

/** Volumes that are summed between two points. */
const ROWS_PER_POINT = 25;

/** One replica: the pressure goes linearly in time to its final value, and back. */
export async function rampPressure(leg: CompressionLeg, work: LegTaskWork = {}): Promise<CompressionLegResult> {
  const { pressure, finalPressure, points } = leg;
  const potential = createPotential(leg.potential);
  const at = (end: number): number => (end === 0 ? pressure : finalPressure);
  const { there, back, transformed } = await roundTrip(
    leg,
    {
      task: "compression",
      goal: `to ${finalPressure} GPa`,
      rowsPerPoint: ROWS_PER_POINT,
      felt: (from, to) => ({ potential, pressure: from === to ? at(from) : [at(from), at(to)] }),
    },
    work,
  );
  const step = (finalPressure - pressure) / (points * ROWS_PER_POINT) / GPA_PER_EV_A3;
  return {
    pressures: Float64Array.from(
      { length: points + 1 },
      (_, k) => pressure + (k * (finalPressure - pressure)) / points,
    ),
    forward: integralsOf(there, step),
    backward: integralsOf(back, -step).reverse(),
    ...(transformed === undefined ? {} : { transformed }),
  };
}

/** Integral of V dP [eV] up to every point, by trapezoids of `step` eV/A^3. */
function integralsOf(rows: readonly Thermodynamics[], step: number): Float64Array {
  const integrals = [0];
  let sum = 0;
  for (let k = 1; k < rows.length; k++) {
    sum += 0.5 * (rows[k - 1]!.volume + rows[k]!.volume) * step;
    if (k % ROWS_PER_POINT === 0) integrals.push(sum);
  }
  return Float64Array.from(integrals);
}
