import * as v from "valibot";
import { InputError } from "../errors.js";
import { positive } from "../recipe-entries.js";
import { parseWith } from "../schema.js";
import { atomicNumber, symbolOf } from "../structure/elements.js";

const finite = v.pipe(v.number(), v.finite());

const elementSchema = v.strictObject({
  element: v.string(),
  /** Radius in units of `rcutfac`: two elements meet at the cutoff rcutfac (radius + radius), A. */
  radius: positive,
  /** Weight of a neighbor of this element in the density. */
  weight: finite,
  /** A, middle and half width of the inner switching of two such atoms (`switchinnerflag`); pairs take the mean. */
  sinner: v.exactOptional(finite),
  dinner: v.exactOptional(positive),
});

/** Keys of the bispectrum, named and defaulting as in LAMMPS (`pair_style snap`, `compute snap`). */
export const bispectrumEntries = {
  /** Twice the largest angular momentum. */
  twojmax: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(20)),
  rcutfac: positive,
  elements: v.pipe(v.array(elementSchema), v.minLength(1, "at least one element")),
  /** Largest polar angle of the 3-sphere in units of pi; 0.99363. */
  rfac0: v.exactOptional(v.pipe(positive, v.maxValue(1, "a number up to 1"))),
  /** A, distance mapped to the pole; 0. */
  rmin0: v.exactOptional(v.pipe(finite, v.minValue(0, "a number from 0"))),
  /** Neighbors fade towards the cutoff; true. */
  switchflag: v.exactOptional(v.boolean()),
  /** Components of the isolated atom are subtracted; true. */
  bzeroflag: v.exactOptional(v.boolean()),
  /** Products of two components follow the components; false. */
  quadraticflag: v.exactOptional(v.boolean()),
  /** One density per element and components of every triple of elements; false. */
  chemflag: v.exactOptional(v.boolean()),
  /** Components are divided by 2j + 1; false. */
  bnormflag: v.exactOptional(v.boolean()),
  /** With chemflag, the central atom counts in the densities of all elements; false. */
  wselfallflag: v.exactOptional(v.boolean()),
  /** Neighbors fade at short distance too, by `sinner` and `dinner` of the elements; false. */
  switchinnerflag: v.exactOptional(v.boolean()),
};

const schema = v.strictObject({ kind: v.literal("bispectrum"), ...bispectrumEntries });

/** What a person may write for a bispectrum; absent keys default as in LAMMPS. */
export type BispectrumSpec = v.InferInput<typeof schema>;

/** The same without `kind`, as a SNAP potential holds it. */
export type BispectrumEntries = Omit<BispectrumSpec, "kind">;

/** One element of a resolved bispectrum. */
export interface BispectrumElement {
  readonly number: number;
  readonly radius: number;
  readonly weight: number;
  readonly sinner: number;
  readonly dinner: number;
}

/** A bispectrum with every default filled and every number checked. */
export interface BispectrumParameters {
  readonly twojmax: number;
  readonly rcutfac: number;
  readonly elements: readonly BispectrumElement[];
  readonly rfac0: number;
  readonly rmin0: number;
  readonly switchflag: boolean;
  readonly bzeroflag: boolean;
  readonly quadraticflag: boolean;
  readonly chemflag: boolean;
  readonly bnormflag: boolean;
  readonly wselfallflag: boolean;
  readonly switchinnerflag: boolean;
  /** Densities per atom: the number of elements with chemflag, else one. */
  readonly channels: number;
}

/** Fills defaults and checks a spec from outside. */
export function toBispectrumParameters(given: unknown, what = "bispectrum"): BispectrumParameters {
  return resolveBispectrum(parseWith(schema, given, what), what);
}

/** Fills the defaults of a spec that has passed the schema. */
export function resolveBispectrum(spec: BispectrumEntries, what: string): BispectrumParameters {
  const { rfac0 = 0.99363, rmin0 = 0, switchinnerflag = false, chemflag = false } = spec;
  const elements = spec.elements.map((entry) => toElement(entry, switchinnerflag, what));
  const twice = elements.find(({ number }, index) => elements.findIndex((other) => other.number === number) < index);
  if (twice) throw new InputError({ what: `${what}.elements`, value: `${symbolOf(twice.number)} twice` });
  const shortest = 2 * spec.rcutfac * Math.min(...elements.map(({ radius }) => radius));
  if (rmin0 > shortest / 2)
    throw new InputError({
      what: `${what}.rmin0`,
      value: rmin0,
      expected: `at most half of the smallest cutoff, ${shortest / 2} A`,
    });
  return {
    twojmax: spec.twojmax,
    rcutfac: spec.rcutfac,
    elements,
    rfac0,
    rmin0,
    switchflag: spec.switchflag ?? true,
    bzeroflag: spec.bzeroflag ?? true,
    quadraticflag: spec.quadraticflag ?? false,
    chemflag,
    bnormflag: spec.bnormflag ?? false,
    wselfallflag: spec.wselfallflag ?? false,
    switchinnerflag,
    channels: chemflag ? elements.length : 1,
  };
}

function toElement(entry: v.InferOutput<typeof elementSchema>, inner: boolean, what: string): BispectrumElement {
  const { element, radius, weight, sinner, dinner } = entry;
  if (inner && (sinner === undefined || dinner === undefined))
    throw new InputError({ what: `${what}.elements`, value: element, expected: "sinner and dinner (switchinnerflag)" });
  return { number: atomicNumber(element), radius, weight, sinner: sinner ?? 0, dinner: dinner ?? 0 };
}

/** A, where an atom of one element stops to see one of another. */
export const pairCutoff = ({ rcutfac }: BispectrumParameters, a: BispectrumElement, b: BispectrumElement): number =>
  rcutfac * (a.radius + b.radius);

/** A, the largest cutoff of any pair. */
export const largestCutoff = (parameters: BispectrumParameters): number =>
  2 * parameters.rcutfac * Math.max(...parameters.elements.map(({ radius }) => radius));

/** The index in `elements` of each species (atomic number); throws for an element without parameters. */
export function elementIndices(parameters: BispectrumParameters, species: readonly number[], what: string): number[] {
  return species.map((number) => {
    const index = parameters.elements.findIndex((element) => element.number === number);
    if (index < 0)
      throw new InputError({
        what,
        value: symbolOf(number),
        expected: `one of ${parameters.elements.map((element) => symbolOf(element.number)).join(", ")}`,
      });
    return index;
  });
}
