import * as v from "valibot";
import { positive, wholeFrom } from "../recipe-entries.js";
import { parseWith } from "../schema.js";

const smearing = v.strictObject({
  /** `marzari-vanderbilt` (cold), `methfessel-paxton`, `gaussian`, `fermi-dirac`. */
  kind: v.picklist(["marzari-vanderbilt", "methfessel-paxton", "gaussian", "fermi-dirac"]),
  /** Ry. */
  width: positive,
});

const pseudopotential = v.strictObject({
  /** File name in the pseudopotential directory. */
  file: v.pipe(v.string(), v.regex(/^[\w.+-]+$/, "a file name without a path")),
  /** Of the file; where given, a different file is refused and labels are found without having the file. */
  sha256: v.optional(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, "64 hexadecimal digits"))),
});

/** Settings of Quantum ESPRESSO that fix a label. Paths and the number of cores are not among them. */
export const QuantumEspressoRecipeSchema = v.strictObject({
  engine: v.literal("quantum-espresso"),
  /** Version of pw.x, `6.7MaX`; where given, another version is refused and labels are found without pw.x. */
  version: v.optional(v.string()),
  /** Ry, plane waves of the wave functions. */
  cutoff: positive,
  /** Ry, plane waves of the density; 4 times `cutoff` unless given (ultrasoft ones need more). */
  densityCutoff: v.optional(positive),
  /** 1/A, with the factor 2 pi: along b_i there are ceil(|b_i| / spacing) points, Gamma among them. */
  kPointSpacing: positive,
  /** Absent: fixed occupations, insulators only. */
  smearing: v.optional(smearing),
  /** By element symbol. */
  pseudopotentials: v.record(v.string(), pseudopotential),
  /** Ry per structure, the estimated energy error at which self-consistency stops. */
  convergence: v.optional(positive, 1e-8),
  /** Share of the new density mixed in per step. */
  mixing: v.optional(v.pipe(positive, v.maxValue(1)), 0.7),
  maximumSteps: v.optional(wholeFrom(1), 100),
});

/** What a person writes. */
export type QuantumEspressoRecipeSpec = v.InferInput<typeof QuantumEspressoRecipeSchema>;
/** With defaults filled in. */
export type QuantumEspressoRecipe = v.InferOutput<typeof QuantumEspressoRecipeSchema>;

export const toQuantumEspressoRecipe = (spec: unknown, what = "label recipe"): QuantumEspressoRecipe =>
  parseWith(QuantumEspressoRecipeSchema, spec, what);
