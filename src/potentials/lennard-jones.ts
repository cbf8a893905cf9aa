import * as v from "valibot";
import { Kernel } from "../engine/kernel-numbers.js";
import { InputError } from "../errors.js";
import { elementPair } from "./element-schema.js";
import type { Law } from "./law.js";
import { lennardJonesCode } from "./lennard-jones.wgsl.js";
import { evaluatePairs, type PairFunction, pairLookup } from "./pair-law.js";
import { pairTwin } from "./pair-rows.wgsl.js";
import { packPairs, positive, real } from "./parameters.js";
import type { Term } from "./term.js";

const numbers = { epsilon: real, sigma: positive, cutoff: positive };

const schema = v.strictObject({
  kind: v.literal("lennard-jones"),
  /** eV, A, A for every pair of elements that is not listed. */
  epsilon: v.exactOptional(real),
  sigma: v.exactOptional(positive),
  cutoff: v.exactOptional(positive),
  /** Numbers of single pairs. */
  pairs: v.exactOptional(v.array(v.strictObject({ elements: elementPair, ...numbers }))),
  /** `true` lets each pair energy end at zero, `"force"` its slope as well; the default leaves the jump. */
  shifted: v.exactOptional(v.union([v.boolean(), v.literal("force")])),
});

export type LennardJonesSpec = v.InferInput<typeof schema>;

interface Numbers {
  readonly epsilon: number;
  readonly sigma: number;
  readonly cutoff: number;
}

interface LennardJonesPair extends PairFunction, Numbers {
  readonly c6: number;
  readonly c12: number;
  readonly shift: number;
  readonly tilt: number;
}

/** The twin's variant with a square root. */
const FORCE_SHIFTED = 1;

type Shifted = boolean | "force";

/** E(r) = 4 epsilon ((sigma/r)^12 - (sigma/r)^6) - shift - tilt r. */
function pairFunction({ epsilon, sigma, cutoff }: Numbers, shifted: Shifted): LennardJonesPair {
  const c6 = 4 * epsilon * sigma ** 6;
  const c12 = 4 * epsilon * sigma ** 12;
  const bare = (r: number): number => c12 / r ** 12 - c6 / r ** 6;
  const bareSlope = (r: number): number => -(12 * c12) / r ** 13 + (6 * c6) / r ** 7;
  const tilt = shifted === "force" ? bareSlope(cutoff) : 0;
  const shift = shifted ? bare(cutoff) - tilt * cutoff : 0;
  return {
    epsilon,
    sigma,
    c6,
    c12,
    shift,
    tilt,
    cutoff,
    at: (r) => ({ energy: bare(r) - shift - tilt * r, slope: bareSlope(r) - tilt }),
  };
}

function toTerm(spec: v.InferOutput<typeof schema>): Term {
  const { pairs = [], shifted = false, epsilon, sigma, cutoff } = spec;
  const given = [epsilon, sigma, cutoff].filter((x) => x !== undefined).length;
  if (given !== 0 && given !== 3)
    throw new InputError({ what: "lennard-jones", value: `${given} of three`, expected: "epsilon, sigma and cutoff" });
  const general =
    epsilon !== undefined && sigma !== undefined && cutoff !== undefined ? { epsilon, sigma, cutoff } : undefined;
  if (general === undefined && pairs.length === 0)
    throw new InputError({ what: "lennard-jones", value: "no numbers", expected: "epsilon, sigma, cutoff or pairs" });
  const functionOf = pairLookup(
    "lennard-jones",
    pairs,
    (entry) => pairFunction(entry, shifted),
    general && pairFunction(general, shifted),
  );
  const largest = Math.max(...[...pairs, ...(general ? [general] : [])].map((entry) => entry.cutoff));
  return {
    kind: spec.kind,
    cutoff: largest,
    continuity: shifted === "force" ? "C1" : shifted ? "C0" : "truncated",
    elements: general ? "any" : [...new Set(pairs.flatMap((entry) => entry.elements))],
    evaluate: (system, result) => evaluatePairs(system, result, largest, functionOf),
    wasm: {
      kernel: Kernel.lennardJones,
      list: "half",
      scratchPerAtom: 0,
      pack: (species, memory) =>
        packPairs(
          species,
          memory,
          (a, b) => {
            const pair = functionOf(a, b);
            return [pair.cutoff ** 2, pair.c6, pair.c12, pair.shift, pair.tilt, 6 * pair.c6, 12 * pair.c12];
          },
          shifted === "force" ? FORCE_SHIFTED : 0,
        ),
    },
    webgpu: (species) =>
      pairTwin(
        "lennard-jones",
        species,
        (a, b) => {
          const pair = functionOf(a, b);
          return [pair.cutoff ** 2, pair.sigma ** 2, 4 * pair.epsilon, pair.shift, pair.tilt];
        },
        lennardJonesCode,
      ),
  };
}

/** The 12-6 law of J. E. Lennard-Jones, Proc. R. Soc. A 106, 463 (1924), cut at a distance, one set of numbers per pair. */
export const lennardJones: Law<v.InferOutput<typeof schema>> = { kind: "lennard-jones", schema, toTerm };
