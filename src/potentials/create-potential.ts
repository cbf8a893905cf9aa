import * as v from "valibot";
import { InputError } from "../errors.js";
import { parseWith } from "../schema.js";
import type { Structure } from "../structure/structure.js";
import type {
  Continuity,
  EngineName,
  LawSpec,
  Outputs,
  Parallel,
  Potential,
  PotentialSpec,
  Session,
} from "./potential.js";
import { openReferenceSession } from "./reference-session.js";
import { toTerm } from "./registry.js";
import { checkTerms } from "./session.js";
import type { Term } from "./term.js";
import { openWasmSession } from "./wasm-session.js";
import { openWebGpuSession } from "./webgpu-session.js";

const lawSpec = v.looseObject({ kind: v.string() });

const potentialSpec = v.strictObject({
  format: v.literal("phasecell-potential"),
  version: v.literal(1),
  terms: v.array(lawSpec),
  training: v.exactOptional(v.record(v.string(), v.unknown())),
});

const smoothness: readonly Continuity[] = ["truncated", "C0", "C1", "C2"];

/**
 * A potential from its spec, from one law or from several, which are summed. The spec is kept as given:
 * `createPotential(spec).spec` equals `spec`.
 */
export function createPotential(given: PotentialSpec | LawSpec | readonly LawSpec[]): Potential {
  const spec = toPotentialSpec(given);
  return potentialOf(
    spec,
    spec.terms.map((term, index) => toTerm(term, `terms.${index}`)),
  );
}

/** A potential of terms that were made directly, for laws under construction; `spec` describes them as well as it can. */
export function potentialOf(spec: PotentialSpec, terms: readonly Term[]): Potential {
  if (terms.length === 0) throw new InputError({ what: "potential", value: "no terms", expected: "at least one law" });
  const least = Math.min(...terms.map((term) => smoothness.indexOf(term.continuity)));
  return {
    spec,
    terms,
    cutoff: Math.max(...terms.map((term) => term.cutoff)),
    continuity: smoothness[least]!,
    open: (structure, outputs = {}, engine = "wasm", parallel = {}) =>
      openSession(terms, structure, outputs, engine, parallel),
  };
}

function toPotentialSpec(given: PotentialSpec | LawSpec | readonly LawSpec[]): PotentialSpec {
  if (Array.isArray(given)) return { format: "phasecell-potential", version: 1, terms: given as readonly LawSpec[] };
  if (given !== null && typeof given === "object" && "kind" in given)
    return { format: "phasecell-potential", version: 1, terms: [given as LawSpec] };
  return parseWith(potentialSpec, given, "potential") as PotentialSpec;
}

async function openSession(
  terms: readonly Term[],
  structure: Structure,
  outputs: Outputs,
  engine: EngineName,
  parallel: Parallel,
): Promise<Session> {
  checkTerms(terms, structure.numbers);
  if (engine === "reference") return openReferenceSession(terms, structure, outputs);
  if (engine === "webgpu") return openWebGpuSession(terms, structure, outputs);
  return openWasmSession(terms, structure, outputs, parallel, engine);
}
