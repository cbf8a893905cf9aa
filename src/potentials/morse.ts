import * as v from "valibot";
import { Kernel } from "../engine/kernel-numbers.js";
import { elementPair } from "./element-schema.js";
import type { Law } from "./law.js";
import { morseCode } from "./morse.wgsl.js";
import { evaluatePairs, type PairFunction, pairLookup } from "./pair-law.js";
import { pairTwin } from "./pair-rows.wgsl.js";
import { packPairs, positive, real } from "./parameters.js";
import type { Term } from "./term.js";

const pair = v.strictObject({
  elements: elementPair,
  /** eV. */
  depth: real,
  /** 1/A. */
  alpha: positive,
  /** A. */
  r0: positive,
  cutoff: positive,
});

const schema = v.strictObject({
  kind: v.literal("morse"),
  pairs: v.pipe(v.array(pair), v.minLength(1)),
  /** Moves each pair energy so that it ends at zero; the default leaves the jump. */
  shifted: v.exactOptional(v.boolean()),
});

export type MorseSpec = v.InferInput<typeof schema>;

/** E(r) = D (exp(-2 alpha (r - r0)) - 2 exp(-alpha (r - r0))) - shift. */
function pairFunction(entry: v.InferOutput<typeof pair>, shifted: boolean) {
  const { depth, alpha, r0, cutoff } = entry;
  const bare = (r: number): number => {
    const e = Math.exp(-alpha * (r - r0));
    return depth * (e * e - 2 * e);
  };
  const shift = shifted ? bare(cutoff) : 0;
  const at: PairFunction["at"] = (r) => {
    const e = Math.exp(-alpha * (r - r0));
    return { energy: depth * (e * e - 2 * e) - shift, slope: -2 * depth * alpha * (e * e - e) };
  };
  return { depth, alpha, r0, cutoff, shift, at };
}

function toTerm(spec: v.InferOutput<typeof schema>): Term {
  const shifted = spec.shifted ?? false;
  const functionOf = pairLookup("morse", spec.pairs, (entry) => pairFunction(entry, shifted));
  const largest = Math.max(...spec.pairs.map((entry) => entry.cutoff));
  return {
    kind: spec.kind,
    cutoff: largest,
    continuity: shifted ? "C0" : "truncated",
    elements: [...new Set(spec.pairs.flatMap((entry) => entry.elements))],
    evaluate: (system, result) => evaluatePairs(system, result, largest, functionOf),
    wasm: {
      kernel: Kernel.morse,
      list: "half",
      scratchPerAtom: 0,
      pack: (species, memory) =>
        packPairs(species, memory, (a, b) => {
          const { cutoff, depth, alpha, r0, shift } = functionOf(a, b);
          return [cutoff ** 2, depth, alpha, r0, shift];
        }),
    },
    webgpu: (species) =>
      pairTwin(
        "morse",
        species,
        (a, b) => {
          const { cutoff, depth, alpha, r0, shift } = functionOf(a, b);
          return [cutoff ** 2, depth, alpha, r0, shift];
        },
        morseCode,
      ),
  };
}

/** The law of P. M. Morse, Phys. Rev. 34, 57 (1929), as a pair potential with a cutoff. */
export const morse: Law<v.InferOutput<typeof schema>> = { kind: "morse", schema, toTerm };
