import { NumericalError } from "../errors.js";
import type { LegTaskWork } from "./legs.js";

/** What came of steps shorter than wanted. */
export interface ShorterSteps {
  /** fs, where a run blew up with the steps that were wanted. */
  readonly timestep?: number;
}

/** How often steps are halved before a run that blows up counts as failed. */
const HALVINGS = 2;

interface SteppedLeg {
  /** Name of the phase. */
  readonly phase: string;
  /** K. */
  readonly temperature: number;
  /** fs. */
  readonly timestep: number;
}

/**
 * A leg that is repeated with steps half as long, and as long a time, where it blows up: now and then a draw of an Einstein
 * crystal puts two atoms so close that steps which are good for the rest of the run are too long for the first of them.
 */
export const withShorterSteps =
  <Leg extends SteppedLeg, Result extends object>(task: (leg: Leg, work?: LegTaskWork) => Promise<Result>) =>
  async (leg: Leg, work: LegTaskWork = {}): Promise<Result & ShorterSteps> => {
    const tried: number[] = [];
    for (;;) {
      const timestep = leg.timestep / 2 ** tried.length;
      try {
        const result = await task({ ...leg, timestep }, work);
        return tried.length === 0 ? result : { ...result, timestep };
      } catch (error) {
        if (!(error instanceof NumericalError)) throw error;
        tried.push(timestep);
        if (tried.length > HALVINGS) throw blownUp(leg, tried, error);
      }
    }
  };

function blownUp({ phase, temperature }: SteppedLeg, tried: readonly number[], error: NumericalError): NumericalError {
  return new NumericalError(
    {
      what: `${phase} at ${temperature} K blew up with steps of ${tried.join(", ")} fs`,
      value: error.complaint.value,
      expected: "a potential that keeps atoms apart",
      attempt: "a lower temperature, another pressure, or a potential with a repulsive core",
    },
    { cause: error },
  );
}

/** The shortest of the steps that runs fell back to, where one did. */
export function shortest(found: readonly ShorterSteps[]): ShorterSteps {
  const timesteps = found.flatMap(({ timestep }) => timestep ?? []);
  return timesteps.length === 0 ? {} : { timestep: Math.min(...timesteps) };
}
