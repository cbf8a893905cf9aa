import * as v from "valibot";
import { Kernel } from "../engine/kernel-numbers.js";
import { InputError } from "../errors.js";
import { symbolOf } from "../structure/elements.js";
import { element } from "./element-schema.js";
import type { Law } from "./law.js";
import { real } from "./parameters.js";
import { addBendGradient, addPairGradient, neighborsWithin } from "./reference-neighbors.js";
import { stillingerWeberTwin } from "./stillinger-weber.wgsl.js";
import { packStillingerWeber } from "./stillinger-weber-plan.js";
import type { ReferenceResult, ReferenceSystem, Term } from "./term.js";

const entry = v.strictObject({
  /** The central atom and its two neighbors; [i, j, j] also holds the numbers of the pair i j. */
  elements: v.tuple([element, element, element]),
  /** eV. */
  epsilon: real,
  /** A. */
  sigma: v.pipe(real, v.minValue(0)),
  /** Cutoff a sigma. */
  a: v.pipe(real, v.minValue(0)),
  lambda: real,
  gamma: real,
  cosTheta0: real,
  A: real,
  B: real,
  p: real,
  q: real,
  /** Where above zero, the cutoff is shortened to where the exponential has fallen to this. */
  tolerance: v.exactOptional(v.pipe(real, v.minValue(0))),
});

const schema = v.strictObject({
  kind: v.literal("stillinger-weber"),
  triplets: v.pipe(v.array(entry), v.minLength(1)),
});

export type StillingerWeberSpec = v.InferInput<typeof schema>;

/** The numbers of one pair: two-body law, and the radial factor of the three-body law around the first atom. */
export interface StillingerWeberPair {
  readonly epsilon: number;
  readonly sigma: number;
  readonly gamma: number;
  readonly A: number;
  readonly B: number;
  readonly p: number;
  readonly q: number;
  /** A: where the exponentials end, a sigma. */
  readonly end: number;
  /** A: where the pair stops being looked at; `end`, or less with a tolerance. */
  readonly cutoff: number;
}

export interface StillingerWeberTable {
  readonly elements: readonly number[];
  readonly cutoff: number;
  /** By atomic number. */
  pair(center: number, neighbor: number): StillingerWeberPair;
  /** eV and a pure number. */
  triplet(center: number, j: number, k: number): { readonly lambdaEpsilon: number; readonly cosTheta0: number };
}

function toPair({ epsilon, sigma, a, gamma, A, B, p, q, tolerance = 0 }: v.InferOutput<typeof entry>) {
  const end = sigma * a;
  const shortened = tolerance > 0 ? (Math.min(gamma, 1) * sigma) / Math.log(Math.min(tolerance, 0.01)) : 0;
  return { epsilon, sigma, gamma, A, B, p, q, end, cutoff: end + shortened };
}

function toTable(spec: v.InferOutput<typeof schema>): StillingerWeberTable {
  const name = (elements: readonly number[]): string => elements.map(symbolOf).join(" ");
  const key = (elements: readonly number[]): string => elements.join(" ");
  const entries = new Map<string, v.InferOutput<typeof entry>>();
  for (const triplet of spec.triplets) {
    if (entries.has(key(triplet.elements)))
      throw new InputError({ what: "stillinger-weber triplets", value: `${name(triplet.elements)} twice` });
    entries.set(key(triplet.elements), triplet);
  }
  const find = (...elements: number[]): v.InferOutput<typeof entry> => {
    const found = entries.get(key(elements));
    if (found === undefined)
      throw new InputError({
        what: "stillinger-weber triplets",
        value: `none for ${name(elements)}`,
        expected: "one for every ordered triplet of the elements of the structure",
      });
    return found;
  };
  const pair = (center: number, neighbor: number): StillingerWeberPair => {
    const there = toPair(find(center, neighbor, neighbor));
    const back = toPair(find(neighbor, center, center));
    const shared = ["epsilon", "sigma", "A", "B", "p", "q", "cutoff"] as const;
    const different = shared.find((parameter) => there[parameter] !== back[parameter]);
    // The two-body energy belongs to the pair: which atom is looked at first must not matter.
    if (different !== undefined)
      throw new InputError({
        what: `stillinger-weber ${different} of ${name([center, neighbor])}`,
        value: `${there[different]} and ${back[different]} seen from either element`,
        expected: "the same two-body numbers in both entries",
      });
    return there;
  };
  return {
    elements: [...new Set(spec.triplets.flatMap(({ elements: [i, j, k] }) => (i === j && j === k ? [i] : [])))],
    cutoff: Math.max(...spec.triplets.map((triplet) => toPair(triplet).cutoff)),
    pair,
    triplet(center, j, k) {
      const [there, back] = [find(center, j, k), find(center, k, j)];
      const lambdaEpsilon = (there.lambda * there.epsilon + back.lambda * back.epsilon) / 2;
      // Published files give epsilon and lambda apart, each rounded.
      const difference = Math.abs(there.lambda * there.epsilon - lambdaEpsilon);
      if (difference > 1e-5 * Math.abs(lambdaEpsilon) || there.cosTheta0 !== back.cosTheta0)
        throw new InputError({
          what: `stillinger-weber ${name([center, j, k])} and ${name([center, k, j])}`,
          value: "different three-body numbers",
          expected: "the same, since neighbors have no order",
        });
      return { lambdaEpsilon, cosTheta0: there.cosTheta0 };
    },
  };
}

/** Two-body energy and slope: A epsilon (B (sigma/r)^p - (sigma/r)^q) exp(sigma / (r - a sigma)). */
function twoBody({ epsilon, sigma, A, B, p, q, end }: StillingerWeberPair, r: number) {
  const envelope = A * epsilon * Math.exp(sigma / (r - end));
  const [repulsion, attraction] = [B * (sigma / r) ** p, (sigma / r) ** q];
  const energy = envelope * (repulsion - attraction);
  const slope = (envelope * (q * attraction - p * repulsion)) / r - (energy * sigma) / (r - end) ** 2;
  return { energy, slope };
}

/** Radial factor exp(gamma sigma / (r - a sigma)) of the three-body law and its slope. */
function radial({ sigma, gamma, end }: StillingerWeberPair, r: number) {
  const value = Math.exp((gamma * sigma) / (r - end));
  return { value, slope: (-value * gamma * sigma) / (r - end) ** 2 };
}

function evaluate(table: StillingerWeberTable, system: ReferenceSystem, result: ReferenceResult): void {
  const { types, species } = system;
  for (let i = 0; i < system.count; i++) {
    const center = species[types[i]!]!;
    const near = neighborsWithin(system, i, table.cutoff)
      .map((neighbor) => ({
        neighbor,
        number: species[neighbor.type]!,
        pair: table.pair(center, species[neighbor.type]!),
      }))
      .filter(({ neighbor, pair }) => neighbor.r < pair.cutoff);
    for (const [index, first] of near.entries()) {
      const { energy, slope } = twoBody(first.pair, first.neighbor.r);
      result.energies[i]! += energy / 2;
      addPairGradient(result, i, first.neighbor, slope / 2);
      for (const second of near.slice(index + 1)) {
        const { lambdaEpsilon, cosTheta0 } = table.triplet(center, first.number, second.number);
        const [u, w] = [first.neighbor, second.neighbor];
        const cosine = (u.x * w.x + u.y * w.y + u.z * w.z) / (u.r * w.r);
        const [g, h] = [radial(first.pair, u.r), radial(second.pair, w.r)];
        const bend = cosine - cosTheta0;
        result.energies[i]! += lambdaEpsilon * g.value * h.value * bend ** 2;
        const turn = 2 * lambdaEpsilon * g.value * h.value * bend;
        addBendGradient(
          result,
          i,
          u,
          lambdaEpsilon * g.slope * h.value * bend ** 2 - (turn * cosine) / u.r,
          turn / u.r,
          w,
        );
        addBendGradient(
          result,
          i,
          w,
          lambdaEpsilon * g.value * h.slope * bend ** 2 - (turn * cosine) / w.r,
          turn / w.r,
          u,
        );
      }
    }
  }
}

function toTerm(spec: v.InferOutput<typeof schema>): Term {
  const table = toTable(spec);
  return {
    kind: spec.kind,
    cutoff: table.cutoff,
    continuity: spec.triplets.some(({ tolerance = 0 }) => tolerance > 0) ? "truncated" : "C2",
    elements: table.elements,
    evaluate: (system, result) => evaluate(table, system, result),
    wasm: {
      kernel: Kernel.stillingerWeber,
      list: "full",
      scratchPerAtom: 0,
      pack: (species, memory) => packStillingerWeber(table, species, memory),
    },
    webgpu: (species) => stillingerWeberTwin(table, species),
  };
}

/**
 * E = sum over pairs of v2(r_ij) + sum over centers i and pairs of neighbors j < k of
 * lambda_ijk epsilon_ijk exp(gamma_ij sigma_ij / (r_ij - a_ij sigma_ij)) exp(the same of ik) (cos theta_jik - cos theta0)^2:
 * F. H. Stillinger, T. A. Weber, Phys. Rev. B 31, 5262 (1985), with numbers per triplet of elements as in LAMMPS's files.
 */
export const stillingerWeber: Law<v.InferOutput<typeof schema>> = { kind: "stillinger-weber", schema, toTerm };
