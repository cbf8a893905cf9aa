import * as v from "valibot";
import type { LabelOutcome } from "./label.js";

const common = { key: v.string(), attempts: v.number(), seconds: v.number() };

const LabelRecord = v.variant("status", [
  v.object({
    ...common,
    status: v.literal("labeled"),
    code: v.string(),
    energy: v.number(),
    forces: v.array(v.number()),
    stress: v.pipe(v.array(v.number()), v.length(6)),
  }),
  v.object({
    ...common,
    status: v.literal("failed"),
    reason: v.picklist(["unconverged", "crashed", "missing-program", "wrong-version"]),
    message: v.string(),
  }),
]);

/** One outcome as one line of JSON, every digit kept: energy eV, forces [3N] eV/A, stress [6] eV/A^3 Voigt, positive = tension. */
export function formatOutcome(key: string, outcome: LabelOutcome): string {
  const { status, attempts, seconds } = outcome;
  if (outcome.status === "failed")
    return JSON.stringify({ key, status, attempts, seconds, reason: outcome.reason, message: outcome.message });
  const { energy, forces, stress } = outcome.label;
  return JSON.stringify({
    key,
    status,
    attempts,
    seconds,
    code: outcome.code,
    energy: energy,
    forces: [...forces],
    stress: [...stress],
  });
}

/** The outcome of a line, or undefined for anything else, such as a line cut short. */
export function parseOutcome(line: string): { readonly key: string; readonly outcome: LabelOutcome } | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return undefined;
  }
  const result = v.safeParse(LabelRecord, parsed);
  if (!result.success) return undefined;
  const record = result.output;
  if (record.status === "failed") {
    const { key, ...outcome } = record;
    return { key, outcome };
  }
  const { key, energy, forces, stress, ...rest } = record;
  return {
    key,
    outcome: { ...rest, label: { energy, forces: Float64Array.from(forces), stress: Float64Array.from(stress) } },
  };
}
