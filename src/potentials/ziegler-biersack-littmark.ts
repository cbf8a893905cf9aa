import * as v from "valibot";
import { Kernel } from "../engine/kernel-numbers.js";
import { InputError } from "../errors.js";
import { exponential, logarithm } from "../math/elementary.js";
import { element } from "./element-schema.js";
import type { Law } from "./law.js";
import { evaluatePairs, type PairFunction } from "./pair-law.js";
import { pairTwin } from "./pair-rows.wgsl.js";
import { packPairs, positive } from "./parameters.js";
import type { Term } from "./term.js";
import { zieglerBiersackLittmarkCode } from "./ziegler-biersack-littmark.wgsl.js";

const schema = v.strictObject({
  kind: v.literal("ziegler-biersack-littmark"),
  /** A: from here the switching function bends the energy to zero. */
  inner: positive,
  /** A: from here on the energy is zero. */
  outer: positive,
  /** The elements it acts on; all of them by default. */
  elements: v.exactOptional(v.array(element)),
});

export type ZieglerBiersackLittmarkSpec = v.InferInput<typeof schema>;

/** e^2 / (4 pi epsilon_0) [eV A] of LAMMPS's metal units, so that energies equal those of potentials made with it. */
const COULOMB = 14.399645;

/** A, the length of the universal screening function, 0.8854 Bohr radii. */
const SCREENING_LENGTH = 0.4685;

const AMPLITUDES = [0.02817, 0.28022, 0.50986, 0.18175] as const;
const DECAYS = [0.20162, 0.4029, 0.94229, 3.1998] as const;

interface SwitchedPair extends PairFunction {
  /** [12] what the twin needs, in its order. */
  readonly packed: readonly number[];
}

/**
 * E(r) = COULOMB Z_a Z_b / r phi(r/a) + S(r) with a = 0.4685 / (Z_a^0.23 + Z_b^0.23) A, phi the universal screening
 * function, and S = C below `inner`, C + A/3 t^3 + B/4 t^4 with t = r - inner up to `outer`, where A, B and C make
 * energy, slope and curvature vanish (pair_style zbl of LAMMPS).
 */
function pairFunction(a: number, b: number, inner: number, outer: number): SwitchedPair {
  // Powers and exponentials of a host differ between Node and browsers in the last bit; a fit on top of it shows them.
  const power = (z: number): number => exponential(0.23 * logarithm(z));
  const inverseLength = (power(a) + power(b)) / SCREENING_LENGTH;
  const decays = DECAYS.map((decay) => decay * inverseLength);
  const strength = COULOMB * a * b;
  const bare = (r: number): readonly [number, number, number] => {
    let [phi, slope, curvature] = [0, 0, 0];
    decays.forEach((decay, k) => {
      const part = AMPLITUDES[k]! * exponential(-decay * r);
      phi += part;
      slope -= decay * part;
      curvature += decay * decay * part;
    });
    return [
      (strength * phi) / r,
      strength * (slope / r - phi / (r * r)),
      strength * (curvature / r - (2 * slope) / (r * r) + (2 * phi) / (r * r * r)),
    ];
  };
  const width = outer - inner;
  const [energy, slope, curvature] = bare(outer);
  const cubic = (-3 * slope + width * curvature) / (width * width) / 3;
  const quartic = (2 * slope - width * curvature) / (width * width * width) / 4;
  const constant = -energy + (width / 2) * slope - ((width * width) / 12) * curvature;
  return {
    cutoff: outer,
    packed: [outer ** 2, inner, strength, cubic, quartic, constant, ...decays],
    at(r) {
      const [e, s] = bare(r);
      const t = Math.max(0, r - inner);
      return {
        energy: e + constant + t * t * t * (cubic + quartic * t),
        slope: s + t * t * (3 * cubic + 4 * quartic * t),
      };
    },
  };
}

function toTerm(spec: v.InferOutput<typeof schema>): Term {
  const { inner, outer, elements } = spec;
  if (outer <= inner)
    throw new InputError({
      what: "ziegler-biersack-littmark outer",
      value: outer,
      expected: `more than inner, ${inner}`,
    });
  const functionOf = (a: number, b: number) => pairFunction(a, b, inner, outer);
  return {
    kind: spec.kind,
    cutoff: outer,
    continuity: "C2",
    elements: elements ?? "any",
    evaluate: (system, result) => evaluatePairs(system, result, outer, functionOf),
    wasm: {
      kernel: Kernel.zieglerBiersackLittmark,
      list: "half",
      scratchPerAtom: 0,
      pack: (species, memory) => packPairs(species, memory, (a, b) => functionOf(a, b).packed),
    },
    webgpu: (species) =>
      pairTwin(spec.kind, species, (a, b) => functionOf(a, b).packed, zieglerBiersackLittmarkCode(AMPLITUDES)),
  };
}

/** The screened repulsion of nuclei: Ziegler, Biersack, Littmark, The Stopping and Range of Ions in Solids (1985). */
export const zieglerBiersackLittmark: Law<v.InferOutput<typeof schema>> = {
  kind: "ziegler-biersack-littmark",
  schema,
  toTerm,
};
