import * as v from "valibot";
import { Kernel } from "../engine/kernel-numbers.js";
import { InputError } from "../errors.js";
import { type ClampedSpline, clampedSpline, clampedSplineAt } from "../math/clamped-spline.js";
import { element } from "./element-schema.js";
import type { Law } from "./law.js";
import { real } from "./parameters.js";
import type { Continuity } from "./potential.js";
import { addBendGradient, addPairGradient, type Neighbor, neighborsWithin } from "./reference-neighbors.js";
import { packSplineMeam } from "./spline-meam-plan.js";
import type { ReferenceResult, ReferenceSystem, Term } from "./term.js";

/** Knots on a grid (rounding in a file of up to 1e-8 is forgiven), values there, slopes at the first and last. */
const spline = v.pipe(
  v.strictObject({
    knots: v.pipe(v.array(real), v.minLength(2)),
    values: v.array(real),
    slopes: v.tuple([real, real]),
  }),
  v.check(({ knots, values }) => knots.length === values.length, "as many values as knots"),
  v.check(({ knots }) => isGrid(knots), "rising knots with the same spacing"),
);

const schema = v.strictObject({
  kind: v.literal("spline-meam"),
  elements: v.pipe(v.array(element), v.minLength(1)),
  /** phi(r), eV of A: [(0,0), (0,1), ..., (1,1), ...]. */
  pair: v.array(spline),
  /** rho(r): [source element]. */
  density: v.array(spline),
  /** U(n), eV: [element]. */
  embedding: v.array(spline),
  /** f(r): [source element]. */
  bond: v.array(spline),
  /** g(cos theta): as pairs of the two outer elements. */
  angle: v.array(spline),
  /** An energy of three bodies beside the embedding: F(r) like `bond`, G(cos theta) in eV like `angle`. */
  threeBody: v.exactOptional(v.strictObject({ bond: v.array(spline), angle: v.array(spline) })),
  /** What the file said of itself. */
  comments: v.exactOptional(v.array(v.string())),
});

export type SplineMeamSpec = v.InferInput<typeof schema>;
type Spline = v.InferOutput<typeof spline>;

function isGrid(knots: readonly number[]): boolean {
  const last = knots.length - 1;
  const step = (knots[last]! - knots[0]!) / last;
  return step > 0 && knots.every((x, k) => Math.abs(knots[0]! + k * step - x) <= 1e-8);
}

/** f and g of the sum over pairs of neighbors; elements count in the order of the spec. */
export interface AngularPart {
  bond(source: number): ClampedSpline;
  angle(j: number, k: number): ClampedSpline;
}

export interface SplineMeamTables {
  /** Atomic numbers. */
  readonly elements: readonly number[];
  /** A. */
  readonly cutoff: number;
  /** A: beyond, density and bond functions are zero. */
  readonly bondReach: number;
  pair(a: number, b: number): ClampedSpline;
  density(source: number): ClampedSpline;
  embedding(a: number): ClampedSpline;
  readonly angular: AngularPart;
  readonly threeBody: AngularPart | undefined;
}

function toTables(spec: v.InferOutput<typeof schema>): SplineMeamTables {
  const count = spec.elements.length;
  const make = (what: string, splines: readonly Spline[], expected: number): ClampedSpline[] => {
    if (splines.length !== expected)
      throw new InputError({
        what: `spline-meam ${what}`,
        value: `${splines.length} splines`,
        expected: `${expected}`,
      });
    return splines.map(({ knots, values, slopes }) => clampedSpline(knots, values, slopes));
  };
  const ofOne = (what: string, splines: readonly Spline[]) => {
    const made = make(what, splines, count);
    return (a: number): ClampedSpline => made[a]!;
  };
  const ofTwo = (what: string, splines: readonly Spline[]) => {
    const made = make(what, splines, (count * (count + 1)) / 2);
    return (a: number, b: number): ClampedSpline => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      return made[low * count - (low * (low + 1)) / 2 + high]!;
    };
  };
  const { threeBody } = spec;
  const radial = [spec.pair, spec.density, spec.bond, threeBody?.bond ?? []].flat();
  const cutoff = Math.max(...radial.map(({ knots }) => knots.at(-1)!));
  const reach = ({ knots, values, slopes }: Spline): number =>
    values.at(-1) === 0 && slopes[1] === 0 ? knots.at(-1)! : cutoff;
  return {
    elements: spec.elements,
    cutoff,
    bondReach: Math.max(...[spec.density, spec.bond, threeBody?.bond ?? []].flat().map(reach)),
    pair: ofTwo("pair", spec.pair),
    density: ofOne("density", spec.density),
    embedding: ofOne("embedding", spec.embedding),
    angular: { bond: ofOne("bond", spec.bond), angle: ofTwo("angle", spec.angle) },
    threeBody: threeBody && {
      bond: ofOne("threeBody.bond", threeBody.bond),
      angle: ofTwo("threeBody.angle", threeBody.angle),
    },
  };
}

/** A neighbor, and its element in the order of the spec. */
type Near = readonly [at: Neighbor, kind: number];

/** What one pair of neighbors u and w has of f f g. */
interface Angle {
  readonly u: Neighbor;
  readonly w: Neighbor;
  readonly cosine: number;
  readonly f: Curve;
  readonly h: Curve;
  readonly g: Curve;
}

type Curve = ReturnType<typeof clampedSplineAt>;

function eachAngle({ bond, angle }: AngularPart, near: readonly Near[], visit: (one: Angle) => void): void {
  for (const [index, [u, j]] of near.entries()) {
    const f = clampedSplineAt(bond(j), u.r);
    for (const [w, k] of near.slice(0, index)) {
      const h = clampedSplineAt(bond(k), w.r);
      const cosine = (u.x * w.x + u.y * w.y + u.z * w.z) / (u.r * w.r);
      visit({ u, w, cosine, f, h, g: clampedSplineAt(angle(j, k), cosine) });
    }
  }
}

/** The sum over pairs of neighbors of f f g. */
function sumOfAngles(part: AngularPart, near: readonly Near[]): number {
  let sum = 0;
  eachAngle(part, near, ({ f, h, g }) => {
    sum += f.value * h.value * g.value;
  });
  return sum;
}

/** Adds `weight` times the gradient of that sum. */
function addAngles(part: AngularPart, near: readonly Near[], weight: number, result: ReferenceResult, i: number): void {
  eachAngle(part, near, ({ u, w, cosine, f, h, g }) => {
    const turn = weight * f.value * h.value * g.slope;
    addBendGradient(result, i, u, weight * f.slope * h.value * g.value - (turn * cosine) / u.r, turn / u.r, w);
    addBendGradient(result, i, w, weight * f.value * h.slope * g.value - (turn * cosine) / w.r, turn / w.r, u);
  });
}

function evaluate(tables: SplineMeamTables, system: ReferenceSystem, result: ReferenceResult): void {
  const { types, species } = system;
  const kinds = species.map((number) => tables.elements.indexOf(number));
  for (let i = 0; i < system.count; i++) {
    const center = kinds[types[i]!]!;
    const near = neighborsWithin(system, i, tables.cutoff).map((at): Near => [at, kinds[at.type]!]);
    const densities = near.map(([{ r }, kind]) => clampedSplineAt(tables.density(kind), r));
    const density = densities.reduce((sum, { value }) => sum + value, sumOfAngles(tables.angular, near));
    const embedding = clampedSplineAt(tables.embedding(center), density);
    result.energies[i]! += embedding.value - clampedSplineAt(tables.embedding(center), 0).value;
    addAngles(tables.angular, near, embedding.slope, result, i);
    for (const [index, [at, kind]] of near.entries()) {
      const pair = clampedSplineAt(tables.pair(center, kind), at.r);
      result.energies[i]! += pair.value / 2;
      addPairGradient(result, i, at, embedding.slope * densities[index]!.slope + pair.slope / 2);
    }
    if (tables.threeBody === undefined) continue;
    result.energies[i]! += sumOfAngles(tables.threeBody, near);
    addAngles(tables.threeBody, near, 1, result, i);
  }
}

/** How the functions of r end at the cutoff. */
function continuityOf({ elements, cutoff, ...tables }: SplineMeamTables): Continuity {
  const ends = elements
    .flatMap((_, a) => [
      tables.density(a),
      tables.angular.bond(a),
      ...(tables.threeBody ? [tables.threeBody.bond(a)] : []),
      ...elements.map((__, b) => tables.pair(a, b)),
    ])
    .map((function_) => clampedSplineAt(function_, cutoff));
  const zero = (x: number): boolean => Math.abs(x) < 1e-12;
  if (!ends.every(({ value }) => zero(value))) return "truncated";
  return ends.every(({ slope }) => zero(slope)) ? "C1" : "C0";
}

function toTerm(spec: v.InferOutput<typeof schema>): Term {
  const tables = toTables(spec);
  return {
    kind: spec.kind,
    cutoff: tables.cutoff,
    continuity: continuityOf(tables),
    elements: tables.elements,
    evaluate: (system, result) => evaluate(tables, system, result),
    wasm: {
      kernel: Kernel.splineMeam,
      list: "full",
      scratchPerAtom: 0,
      cost: 2,
      pack: (species, memory) => packSplineMeam(tables, species, memory),
    },
  };
}

/**
 * E = 1/2 sum over i and j of phi(r_ij) + sum over i of U(n_i) - U(0),
 * n_i = sum over j of rho(r_ij) + sum over j < k of f(r_ij) f(r_ik) g(cos theta_jik), all functions cubic splines:
 * T. J. Lenosky et al., Modelling Simul. Mater. Sci. Eng. 8, 825 (2000); Ti: R. G. Hennig et al., Phys. Rev. B 78, 054121
 * (2008). Several elements as P. Zhang, D. R. Trinkle, Comput. Mater. Sci. 124, 204 (2016). With an energy of three bodies
 * F(r_ij) F(r_ik) G(cos theta_jik): D. Nicklas, M. R. Fellinger, H. Park, J. W. Wilkins (MEAM+SW).
 */
export const splineMeam: Law<v.InferOutput<typeof schema>> = { kind: "spline-meam", schema, toTerm };
