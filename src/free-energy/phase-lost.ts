import { ComputationError } from "../errors.js";

/** A phase that did not last where its free energy was wanted: it melted, transformed or fell into another crystal. */
export class PhaseLostError extends ComputationError {
  constructor(
    readonly phase: string,
    /** K; 0 for a crystal at rest. */
    readonly temperature: number,
    /** GPa. */
    readonly pressure: number,
    /** What was seen. */
    readonly evidence: string,
  ) {
    super({
      what: `${phase} at ${temperature} K and ${pressure.toFixed(2)} GPa`,
      value: `did not stay ${phase}: ${evidence}`,
      expected: "a phase that is at least metastable",
      attempt: "another temperature, pressure or potential",
    });
  }
}

/** What a leg found at temperature [K] and pressure [GPa]; throws a PhaseLostError where it saw that the phase did not last. */
export function lasting<Result extends { readonly transformed?: string }>(
  result: Result,
  { phase, temperature }: { readonly phase: string; readonly temperature: number },
  pressure: number,
): Result {
  if (result.transformed !== undefined) throw new PhaseLostError(phase, temperature, pressure, result.transformed);
  return result;
}
