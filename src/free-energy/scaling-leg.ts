import type { Thermodynamics } from "../dynamics/thermodynamics.js";
import { createPotential } from "../potentials/create-potential.js";
import type { LegTaskWork } from "./legs.js";
import type { ScalingWork } from "./reversible-scaling.js";
import { type RoundTripLeg, roundTrip } from "./round-trip.js";
import type { ShorterSteps } from "./shorter-steps.js";

/** Input of the task that scales the potential of a phase down and up again: plain data. */
export interface ScalingLeg extends RoundTripLeg {
  /** K, that which the scaled potential stands for at the end. */
  readonly finalTemperature: number;
}

/** What the task found. */
export interface ScalingLegResult extends ScalingWork, ShorterSteps {
  /** What says that the phase did not last at the final temperature. */
  readonly transformed?: string;
}

/** One replica of reversible scaling at constant pressure: equilibrated at both ends, scaled there and back. */
export async function scalePotential(leg: ScalingLeg, work: LegTaskWork = {}): Promise<ScalingLegResult> {
  const potential = createPotential(leg.potential);
  const factor = leg.temperature / leg.finalTemperature;
  const at = (end: number): number => (end === 0 ? 1 : factor);
  const { there, back, transformed } = await roundTrip(
    leg,
    {
      task: "reversible scaling",
      goal: `to ${leg.finalTemperature} K`,
      felt: (from, to) => ({
        potential,
        switching: { potential: [at(from), at(to)], schedule: "reciprocal", scalePressure: true },
        pressure: leg.pressure,
      }),
    },
    work,
  );
  const workOf = (rows: readonly Thermodynamics[]): Float64Array =>
    Float64Array.from(rows, (row) => row.potentialWork + row.volumeWork);
  return {
    factors: Float64Array.from(there, (row) => row.potentialFactor),
    forward: workOf(there),
    backward: workOf(back).reverse(),
    ...(transformed === undefined ? {} : { transformed }),
  };
}
