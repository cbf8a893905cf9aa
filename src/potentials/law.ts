import type * as v from "valibot";
import type { LawSpec } from "./potential.js";
import type { Term } from "./term.js";

/** A kind of potential: the schema of its numbers and what they become. One file per law; `registry.ts` lists them. */
export interface Law<S extends LawSpec = LawSpec> {
  readonly kind: S["kind"];
  /** Strict: an unknown key is an error with a suggestion. */
  readonly schema: v.GenericSchema<unknown, S>;
  /** Builds the term from a spec that has passed the schema; throws InputError where its numbers make no sense. */
  toTerm(spec: S): Term;
}
