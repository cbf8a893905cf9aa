import * as v from "valibot";
import { Kernel } from "../engine/kernel-numbers.js";
import type { Packer } from "../engine/packer.js";
import type { Law } from "./law.js";
import { evaluatePairs, type PairFunction } from "./pair-law.js";
import { pairTwin } from "./pair-rows.wgsl.js";
import { positive } from "./parameters.js";
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
      pack: (_species, memory) => pack([cutoff ** 2, strength, 1 / sigma ** 2], memory),
    },
    webgpu: (species) => pairTwin(kind, species, () => [cutoff ** 2, strength, 1 / sigma ** 2], uhlenbeckFordCode),
  };
}

/** Neighbors in a row of the half list, the skin included. */
const ROOM = 2048;

/** Packs the parameters of uhlenbeck-ford.as.ts. */
function pack(numbers: readonly number[], memory: Packer): number {
  const rows = [4, 8, 8, 8].map((bytes) => memory.allocate(bytes * (ROOM + 2)));
  const address = memory.allocate(48);
  const view = memory.view();
  view.setInt32(address, ROOM, true);
  numbers.forEach((value, k) => {
    view.setFloat64(address + 8 + 8 * k, value, true);
  });
  rows.forEach((row, k) => {
    view.setUint32(address + 32 + 4 * k, row, true);
  });
  return address;
}

/**
 * E(r) = -strength ln(1 - exp(-(r/sigma)^2)) between all atoms, a fluid whose free energy is known and that never
 * freezes: R. Paula Leite, R. Freitas, R. Azevedo, M. de Koning, J. Chem. Phys. 145, 194101 (2016).
 */
export const uhlenbeckFord: Law<v.InferOutput<typeof schema>> = { kind: "uhlenbeck-ford", schema, toTerm };
