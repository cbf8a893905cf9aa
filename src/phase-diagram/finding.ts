import { NumericalError } from "../errors.js";
import { PhaseLostError } from "../free-energy/phase-lost.js";

/** Where a phase was found not to last. */
export interface StabilityLimit {
  readonly phase: string;
  /** K. */
  readonly temperature: number;
  /** GPa. */
  readonly pressure: number;
  /** What was seen. */
  readonly evidence: string;
}

/** Where runs of a phase failed, which says nothing of the phase: they blew up however short their steps. */
export interface MeasurementFailure {
  readonly phase: string;
  /** K; 0 at rest. */
  readonly temperature: number;
  /** GPa. */
  readonly pressure: number;
  /** In one line. */
  readonly message: string;
}

/** What measuring may find instead of a value. */
export interface Finding {
  readonly limits?: readonly [StabilityLimit];
  readonly failures?: readonly [MeasurementFailure];
}

/**
 * What an error says of a place of the diagram: a phase that does not last is physics, runs that fail are a failure that
 * leaves all else as it is. Other errors are thrown on.
 */
export function findingOf(error: unknown, place: Pick<StabilityLimit, "phase" | "temperature" | "pressure">): Finding {
  if (error instanceof PhaseLostError) return { limits: [{ ...place, evidence: error.evidence }] };
  if (error instanceof NumericalError) return { failures: [{ ...place, message: error.message }] };
  throw error;
}

/** For a computation of which nothing is left but a failure. */
export const failedAt = ({ phase, temperature, pressure, message }: MeasurementFailure): NumericalError =>
  new NumericalError({ what: `${phase} at ${temperature} K and ${pressure.toFixed(2)} GPa`, value: message });
