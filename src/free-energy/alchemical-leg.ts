import { createPotential } from "../potentials/create-potential.js";
import type { PotentialSpec } from "../potentials/potential.js";
import type { LegTaskWork } from "./legs.js";
import { type RoundTripLeg, roundTrip } from "./round-trip.js";
import type { ShorterSteps } from "./shorter-steps.js";
import type { SwitchingWork } from "./switching.js";

/** Input of the task that switches a phase from one potential to another and back: plain data. */
export interface AlchemicalLeg extends RoundTripLeg {
  readonly finalPotential: PotentialSpec;
}

/** What the task found. */
export interface AlchemicalLegResult extends SwitchingWork, ShorterSteps {
  /** A^3/atom under the first potential, and under the final one. */
  readonly volumes: readonly [number, number];
  /** What says that the phase did not last. */
  readonly transformed?: string;
}

/** One replica at constant pressure: equilibrated under either potential, switched there and back. */
export async function switchPotentials(leg: AlchemicalLeg, work: LegTaskWork = {}): Promise<AlchemicalLegResult> {
  const potentials = [createPotential(leg.potential), createPotential(leg.finalPotential)] as const;
  const count = leg.structure.numbers.length;
  const { there, back, volumes, transformed } = await roundTrip(
    leg,
    {
      task: "alchemical switching",
      goal: "from potential to potential",
      felt: (from, to) =>
        from === to
          ? { potential: potentials[from]!, pressure: leg.pressure }
          : {
              potential: potentials[0],
              reference: potentials[1],
              switching: { potential: [1 - from, 1 - to], reference: [from, to] },
              pressure: leg.pressure,
            },
    },
    work,
  );
  const workOf = (rows: typeof there): number => rows.at(-1)!.potentialWork + rows.at(-1)!.referenceWork;
  return {
    forward: workOf(there),
    backward: workOf(back),
    volumes: [volumes[0] / count, volumes[1] / count],
    ...(transformed === undefined ? {} : { transformed }),
  };
}
