import * as v from "valibot";
import { Kernel } from "../engine/kernel-numbers.js";
import { InputError } from "../errors.js";
import { symbolOf } from "../structure/elements.js";
import { element } from "./element-schema.js";
import type { Law } from "./law.js";
import { positive, real } from "./parameters.js";
import { addBendGradient, addPairGradient, neighborsWithin } from "./reference-neighbors.js";
import type { ReferenceResult, ReferenceSystem, Term } from "./term.js";
import { tersoffTwin } from "./tersoff.wgsl.js";
import { packTersoff } from "./tersoff-plan.js";

const notNegative = v.pipe(real, v.minValue(0));

const entry = v.strictObject({
  /** The central atom i and its neighbors j and k; [i, j, j] also holds the numbers of the bond i j. */
  elements: v.tuple([element, element, element]),
  m: v.picklist([1, 3]),
  gamma: notNegative,
  /** 1/A. */
  lambda3: real,
  c: real,
  d: positive,
  cosTheta0: real,
  /** n, beta, lambda2, B, lambda1 and A count for the bond only. */
  n: notNegative,
  beta: notNegative,
  /** 1/A. */
  lambda2: notNegative,
  /** eV. */
  B: notNegative,
  /** A: the cutoff function falls from R - D to R + D. */
  R: notNegative,
  D: notNegative,
  /** 1/A. */
  lambda1: notNegative,
  /** eV. */
  A: notNegative,
});

const schema = v.strictObject({
  kind: v.literal("tersoff"),
  triplets: v.pipe(v.array(entry), v.minLength(1)),
});

export type TersoffSpec = v.InferInput<typeof schema>;
export type TersoffTriplet = v.InferOutput<typeof entry>;

export interface TersoffTable {
  /** Atomic numbers. */
  readonly elements: readonly number[];
  /** A. */
  readonly cutoff: number;
  /** By atomic number. */
  triplet(center: number, j: number, k: number): TersoffTriplet;
}

/** Beyond this the exponent of a stretch stands still, as in LAMMPS: exp(69.0776) is 1e30. */
export const LARGEST_STRETCH = 69.0776;

function toTable(spec: v.InferOutput<typeof schema>): TersoffTable {
  const name = (elements: readonly number[]): string => elements.map(symbolOf).join(" ");
  const entries = new Map<string, TersoffTriplet>();
  for (const triplet of spec.triplets) {
    const key = triplet.elements.join(" ");
    const complain = (value: string, expected?: string): never => {
      throw new InputError({
        what: `tersoff triplet ${name(triplet.elements)}`,
        value,
        ...(expected ? { expected } : {}),
      });
    };
    if (entries.has(key)) complain("given twice");
    const { D, R, n, elements } = triplet;
    if (D > R) complain(`D ${D}, R ${R}`, "D of at most R");
    if (elements[1] === elements[2] && !(n > 0)) complain(`n ${n}`, "n above 0, since these are the numbers of a bond");
    entries.set(key, triplet);
  }
  return {
    elements: [...new Set(spec.triplets.flatMap(({ elements: [i, j, k] }) => (i === j && j === k ? [i] : [])))],
    cutoff: Math.max(...spec.triplets.map(({ R, D }) => R + D)),
    triplet(...elements) {
      const found = entries.get(elements.join(" "));
      if (found === undefined)
        throw new InputError({
          what: "tersoff triplets",
          value: `none for ${name(elements)}`,
          expected: "one for every ordered triplet of the elements of the structure",
        });
      return found;
    },
  };
}

interface Curve {
  readonly value: number;
  readonly slope: number;
}

/** f_C(r): 1 up to R - D, then (1 - sin(pi (r - R) / 2D)) / 2, 0 beyond R + D. */
function cutoffFunction({ R, D }: TersoffTriplet, r: number): Curve {
  if (r < R - D) return { value: 1, slope: 0 };
  if (r >= R + D) return { value: 0, slope: 0 };
  const x = (0.5 * Math.PI * (r - R)) / D;
  return { value: 0.5 * (1 - Math.sin(x)), slope: (-0.25 * Math.PI * Math.cos(x)) / D };
}

/** g(cos theta) = gamma (1 + c^2/d^2 - c^2/(d^2 + (cos theta - cos theta0)^2)). */
function angular({ gamma, c, d, cosTheta0 }: TersoffTriplet, cosine: number): Curve {
  const bend = cosine - cosTheta0;
  const denominator = d * d + bend * bend;
  return {
    value: gamma * (1 + (c / d) ** 2 - (c * c) / denominator),
    slope: (2 * gamma * c * c * bend) / denominator ** 2,
  };
}

/** exp((lambda3 x)^m) of x = r_ij - r_ik. */
function stretch({ lambda3, m }: TersoffTriplet, x: number): Curve {
  const power = (lambda3 * x) ** m;
  const value = Math.exp(Math.max(-LARGEST_STRETCH, Math.min(power, LARGEST_STRETCH)));
  return { value, slope: Math.abs(power) < LARGEST_STRETCH ? value * m * lambda3 ** m * x ** (m - 1) : 0 };
}

/** b(zeta) = (1 + (beta zeta)^n)^(-1/2n). */
function bondOrder({ beta, n }: TersoffTriplet, zeta: number): Curve {
  const power = (beta * zeta) ** n;
  const value = (1 + power) ** (-0.5 / n);
  return { value, slope: power > 0 ? (-0.5 * value) / (1 + 1 / power) / zeta : 0 };
}

function evaluate(table: TersoffTable, system: ReferenceSystem, result: ReferenceResult): void {
  const { types, species } = system;
  for (let i = 0; i < system.count; i++) {
    const center = species[types[i]!]!;
    const near = neighborsWithin(system, i, table.cutoff).map((at) => ({ at, number: species[at.type]! }));
    for (const first of near) {
      const bond = table.triplet(center, first.number, first.number);
      const r = first.at.r;
      if (r >= bond.R + bond.D) continue;
      const others = near.flatMap((second) => {
        const triplet = table.triplet(center, first.number, second.number);
        if (second === first || second.at.r >= triplet.R + triplet.D) return [];
        const [u, w] = [first.at, second.at];
        const cosine = (u.x * w.x + u.y * w.y + u.z * w.z) / (u.r * w.r);
        return {
          at: w,
          cosine,
          f: cutoffFunction(triplet, w.r),
          g: angular(triplet, cosine),
          e: stretch(triplet, u.r - w.r),
        };
      });
      const zeta = others.reduce((sum, { f, g, e }) => sum + f.value * g.value * e.value, 0);
      const b = bondOrder(bond, zeta);
      const f = cutoffFunction(bond, r);
      const [repulsion, attraction] = [bond.A * Math.exp(-bond.lambda1 * r), bond.B * Math.exp(-bond.lambda2 * r)];
      const energy = repulsion - b.value * attraction;
      result.energies[i]! += 0.5 * f.value * energy;
      const fall = bond.lambda1 * repulsion - bond.lambda2 * b.value * attraction;
      addPairGradient(result, i, first.at, 0.5 * (f.slope * energy - f.value * fall));
      const weight = -0.5 * f.value * attraction * b.slope;
      for (const { at, cosine, f, g, e } of others) {
        const turn = weight * f.value * g.slope * e.value;
        const pull = weight * f.value * g.value * e.slope;
        const push = weight * f.slope * g.value * e.value - pull;
        addBendGradient(result, i, first.at, pull - (turn * cosine) / r, turn / r, at);
        addBendGradient(result, i, at, push - (turn * cosine) / at.r, turn / at.r, first.at);
      }
    }
  }
}

function toTerm(spec: v.InferOutput<typeof schema>): Term {
  const table = toTable(spec);
  return {
    kind: spec.kind,
    cutoff: table.cutoff,
    continuity: spec.triplets.some(({ D }) => D === 0) ? "truncated" : "C1",
    elements: table.elements,
    evaluate: (system, result) => evaluate(table, system, result),
    wasm: {
      kernel: Kernel.tersoff,
      list: "full",
      scratchPerAtom: 0,
      pack: (species, memory) => packTersoff(table, species, memory),
    },
    webgpu: (species) => tersoffTwin(table, species),
  };
}

/**
 * E = 1/2 sum over i and j of f_C(r_ij) (A exp(-lambda1 r_ij) - b_ij B exp(-lambda2 r_ij)),
 * b_ij = (1 + beta^n zeta_ij^n)^(-1/2n), zeta_ij = sum over k of f_C(r_ik) g(cos theta_jik) exp((lambda3 (r_ij - r_ik))^m):
 * J. Tersoff, Phys. Rev. B 37, 6991 (1988) and 39, 5566 (1989), with numbers per triplet of elements as in LAMMPS's files.
 */
export const tersoff: Law<v.InferOutput<typeof schema>> = { kind: "tersoff", schema, toTerm };
