import * as v from "valibot";
import type { BispectrumSpec } from "../descriptors/bispectrum-spec.js";
import { InputError } from "../errors.js";
import { positive, wholeFrom } from "../recipe-entries.js";
import { atomicNumber, symbolOf } from "../structure/elements.js";

const finite = v.pipe(v.number(), v.finite());
const flag = v.exactOptional(v.boolean());

/** A SNAP model as a recipe names it: what is absent is filled by defaults or found by tuning. */
const snapModelSchema = v.strictObject({
  kind: v.literal("snap"),
  /** Coefficients per element with the constant: 31 is 2J = 6, 56 is 2J = 8, 496 and 1596 the same with products. */
  coefficients: v.exactOptional(wholeFrom(2)),
  twojmax: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(20))),
  quadratic: flag,
  /** A, of two atoms of radius 0.5. */
  cutoff: v.exactOptional(positive),
  rfac0: v.exactOptional(v.pipe(positive, v.maxValue(1, "a number up to 1"))),
  rmin0: v.exactOptional(v.pipe(finite, v.minValue(0, "a number from 0"))),
  bzeroflag: flag,
  chemflag: flag,
  bnormflag: flag,
  wselfallflag: flag,
  /** Elements with radius (in units of the cutoff) and density weight; those of the data by default. */
  elements: v.exactOptional(
    v.array(
      v.strictObject({ element: v.string(), radius: v.exactOptional(positive), weight: v.exactOptional(finite) }),
    ),
  ),
});

export const modelSchema = v.union([v.literal("snap"), snapModelSchema], 'a model: "snap" or {"kind": "snap", ...}');

export type ModelSpec = v.InferInput<typeof modelSchema>;

/** A model whose size and elements are settled; a missing cutoff is to be found. */
export interface SnapModel extends Omit<BispectrumSpec, "kind" | "rcutfac"> {
  readonly cutoff?: number;
}

interface NamedElement {
  readonly element: string;
  readonly radius?: number;
  readonly weight?: number;
}

const DEFAULT_TWOJMAX = 8;
const LARGEST_TWOJMAX = 14;

/** Bispectrum components of one density: triples j1 >= j2, j >= j1 that couple, doubled momenta up to `twojmax`. */
function componentCount(twojmax: number): number {
  let count = 0;
  for (let j1 = 0; j1 <= twojmax; j1++)
    for (let j2 = 0; j2 <= j1; j2++)
      for (let j = j1 - j2; j <= Math.min(twojmax, j1 + j2); j += 2) if (j >= j1) count++;
  return count;
}

/** Coefficients per element, the constant included, of a single-density SNAP. */
export function coefficientCount(twojmax: number, quadratic: boolean, densities = 1): number {
  const components = componentCount(twojmax) * densities ** 3;
  return 1 + components + (quadratic ? (components * (components + 1)) / 2 : 0);
}

/**
 * Settles size and elements: `elements` are the atomic numbers of the data. Where energies of isolated atoms are
 * given, descriptors of isolated atoms vanish (bzeroflag).
 */
export function toSnapModel(given: ModelSpec, elements: readonly number[], isolatedAtoms = false): SnapModel {
  const spec = given === "snap" ? { kind: "snap" as const } : given;
  const named: NamedElement[] = spec.elements ?? elements.map((number) => ({ element: symbolOf(number) }));
  const numbers = named.map(({ element }) => atomicNumber(element));
  const missing = elements.find((number) => !numbers.includes(number));
  if (missing !== undefined)
    throw new InputError({
      what: "model.elements",
      value: named.map(({ element }) => element),
      expected: `${symbolOf(missing)} too, which the data holds`,
    });
  const densities = spec.chemflag ? named.length : 1;
  const { twojmax, quadratic } = sizeOf(spec, densities);
  return {
    twojmax,
    quadraticflag: quadratic,
    ...(spec.cutoff === undefined ? {} : { cutoff: spec.cutoff }),
    elements: named.map(({ element, radius = 0.5, weight }, index) => ({
      element,
      radius,
      weight: weight ?? defaultWeight(index, named.length, spec.chemflag ?? false),
    })),
    ...(spec.rfac0 === undefined ? {} : { rfac0: spec.rfac0 }),
    ...(spec.rmin0 === undefined ? {} : { rmin0: spec.rmin0 }),
    bzeroflag: spec.bzeroflag ?? isolatedAtoms,
    ...(spec.chemflag === undefined ? {} : { chemflag: spec.chemflag }),
    ...(spec.bnormflag === undefined ? {} : { bnormflag: spec.bnormflag }),
    ...(spec.wselfallflag === undefined ? {} : { wselfallflag: spec.wselfallflag }),
  };
}

/** Elements in one density must differ in weight to be told apart: evenly spaced from 1 down to 1/2. */
const defaultWeight = (index: number, count: number, chemflag: boolean): number =>
  count === 1 || chemflag ? 1 : 1 - (0.5 * index) / (count - 1);

function sizeOf(
  { coefficients, twojmax, quadratic }: v.InferOutput<typeof snapModelSchema>,
  densities: number,
): { readonly twojmax: number; readonly quadratic: boolean } {
  const sizes = [false, true].flatMap((square) =>
    Array.from({ length: LARGEST_TWOJMAX / 2 }, (_, k) => ({
      twojmax: 2 * k + 2,
      quadratic: square,
      count: coefficientCount(2 * k + 2, square, densities),
    })),
  );
  if (coefficients === undefined) return { twojmax: twojmax ?? DEFAULT_TWOJMAX, quadratic: quadratic ?? false };
  const found = sizes.find(
    (size) =>
      size.count === coefficients &&
      (quadratic === undefined || size.quadratic === quadratic) &&
      (twojmax === undefined || size.twojmax === twojmax),
  );
  if (found) return found;
  const list = sizes
    .filter((size) => size.count < 5000)
    .map((size) => `${size.count} (twojmax ${size.twojmax}${size.quadratic ? ", quadratic" : ""})`);
  throw new InputError({ what: "model.coefficients", value: coefficients, expected: `one of ${list.join(", ")}` });
}

/** The descriptor of a model at one cutoff: `cutoff` is that of two atoms of radius 0.5, LAMMPS's rcutfac. */
export function bispectrumOf(model: SnapModel, cutoff: number): BispectrumSpec {
  const { cutoff: _, ...rest } = model;
  return { kind: "bispectrum", ...rest, rcutfac: cutoff };
}
