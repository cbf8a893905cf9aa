import * as v from "valibot";
import { Kernel } from "../engine/kernel-numbers.js";
import type { Law } from "./law.js";
import { evaluatePairs, type PairFunction } from "./pair-law.js";
import { pairTwin } from "./pair-rows.wgsl.js";
import { packPairs, positive } from "./parameters.js";
import type { Term } from "./term.js";
import { uhlenbeckFordCode } from "./uhlenbeck-ford.wgsl.js";

const schema = v.strictObject({
  kind: v.literal("uhlenbeck-ford"),
  /** eV: p times the Boltzmann constant times the temperature, for the model of scaling p. */
  strength: positive,
  /** A. */
  sigma: positive,
  /** A; at 5 sigma the energy has fallen to 1e-11 of its strength. */
  cutoff: positive,
});

export type UhlenbeckFordSpec = v.InferInput<typeof schema>;

function toTerm({ kind, strength, sigma, cutoff }: v.InferOutput<typeof schema>): Term {
  const pair: PairFunction = {
    cutoff,
    at(r) {
      const overlap = Math.exp(-((r / sigma) ** 2));
      return {
        energy: -strength * Math.log1p(-overlap),
        slope: (-strength * 2 * r * overlap) / (sigma ** 2 * (1 - overlap)),
      };
    },
  };
  return {
    kind,
    cutoff,
    continuity: "truncated",
    elements: "any",
    evaluate: (system, result) => evaluatePairs(system, result, cutoff, () => pair),
    wasm: {
      kernel: Kernel.uhlenbeckFord,
      list: "half",
      scratchPerAtom: 0,
      pack: (_species, memory) => packPairs([0], memory, () => [cutoff ** 2, strength, 1 / sigma ** 2]),
    },
    webgpu: (species) => pairTwin(kind, species, () => [cutoff ** 2, strength, 1 / sigma ** 2], uhlenbeckFordCode),
  };
}

/**
 * E(r) = -strength ln(1 - exp(-(r/sigma)^2)) between all atoms, a fluid whose free energy is known and that never
 * freezes: R. Paula Leite, R. Freitas, R. Azevedo, M. de Koning, J. Chem. Phys. 145, 194101 (2016).
 */
export const uhlenbeckFord: Law<v.InferOutput<typeof schema>> = { kind: "uhlenbeck-ford", schema, toTerm };
