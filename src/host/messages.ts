import { type Complaint, ComputationError, InputError, NumericalError } from "../errors.js";
import type { LongWork, Progress } from "../progress.js";

/** A piece of work by name: plain data in and out. */
export type Task = (input: never, work: LongWork) => Promise<unknown>;

/** From the pool to a worker. */
export type Order =
  | { readonly kind: "run"; readonly id: number; readonly name: string; readonly input: unknown }
  | { readonly kind: "abort"; readonly id: number };

/** From a worker to the pool. */
export type Report =
  | { readonly kind: "progress"; readonly id: number; readonly progress: Progress }
  | { readonly kind: "update"; readonly id: number; readonly value: unknown }
  | { readonly kind: "done"; readonly id: number; readonly value: unknown }
  | { readonly kind: "failed"; readonly id: number; readonly failure: FailureRecord };

/** An error as plain data: its type and complaint survive the way between threads. */
export interface FailureRecord {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly complaint: Complaint | undefined;
  readonly numerical?: boolean;
}

export function toFailure(error: unknown): FailureRecord {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  const complaint =
    error instanceof InputError || error instanceof ComputationError ? cloneable(error.complaint) : undefined;
  return { name, message, stack, complaint, numerical: error instanceof NumericalError };
}

const cloneable = (complaint: Complaint): Complaint => JSON.parse(JSON.stringify(complaint)) as Complaint;

export function fromFailure({ name, message, stack, complaint, numerical }: FailureRecord): Error {
  if (complaint) {
    const Kind = name === "InputError" ? InputError : numerical ? NumericalError : ComputationError;
    return new Kind(complaint);
  }
  if (name === "AbortError") return new DOMException(message, name);
  const error = new Error(message);
  error.name = name;
  if (stack !== undefined) error.stack = stack;
  return error;
}
