import { InputError } from "../errors.js";
import type { LawSpec, PotentialSpec } from "../potentials/potential.js";
import { findAtomicNumber } from "../structure/elements.js";
import { parseJson } from "./json-text.js";
import { parseSetfl, type SetflForm } from "./setfl.js";
import { parseSnapcoeff } from "./snapcoeff.js";
import { parseSnapparam } from "./snapparam.js";
import { parseSplineMeam, type SplineMeamForm } from "./spline-meam-file.js";
import { parseStillingerWeber } from "./stillinger-weber-file.js";
import { chooseTersoffVariants, parseTersoff } from "./tersoff-file.js";
import { parseReal } from "./text-lines.js";

/** Gives the text of a file. */
export type ReadFile = (path: string) => string;

const TERMS =
  "X.json, X.snapcoeff (X.snapparam beside it), X.eam.alloy, X.eam.fs, X.sw, X.tersoff, X.meam.spline, X.meam.sw.spline, zbl(inner,outer), lj(epsilon,sigma,cutoff)";

/**
 * A potential as people name it: files and laws joined by `+`, as in `Ta06A.snapcoeff+zbl(4.0,4.8)`. Our own JSON
 * keeps its training record where it is the only one.
 */
export function parsePotentialExpression(expression: string, read: ReadFile): PotentialSpec {
  const specs = splitTerms(expression).map((term) => parseTerm(term, read));
  const trained = specs.filter(({ training }) => training !== undefined);
  return {
    format: "phasecell-potential",
    version: 1,
    terms: specs.flatMap(({ terms }) => terms),
    ...(trained.length === 1 ? { training: trained[0]!.training! } : {}),
  };
}

/** Terms between the `+` that stand outside parentheses. */
function splitTerms(expression: string): string[] {
  const terms = expression.split(/\+(?![^(]*\))/).map((term) => term.trim());
  if (terms.includes("")) throw new InputError({ what: "potential", value: expression, expected: TERMS });
  return terms;
}

type Part = Pick<PotentialSpec, "terms" | "training">;

function parseTerm(term: string, read: ReadFile): Part {
  const call = /^(\w+)\s*\(([^()]*)\)$/.exec(term);
  if (call) return { terms: [parseCall(term, call[1]!, call[2]!)] };
  const [, path = term, list = ""] = /^(.*\.[a-z]\w*)\((.*)\)$/i.exec(term) ?? [];
  const names = list.split(",").flatMap((name) => (name.trim() === "" ? [] : [name.trim()]));
  const reader = READERS.find(([ending, , named]) => path.toLowerCase().endsWith(ending) && (named || path === term));
  if (reader === undefined) {
    const snap = term.endsWith(".snap") || term.endsWith(".snapparam");
    throw new InputError({
      what: "potential",
      value: term,
      expected: TERMS,
      ...(snap ? { attempt: term.replace(/\.\w+$/, ".snapcoeff").replace(/\s+/g, " ") } : {}),
    });
  }
  return reader[1](path, read, names);
}

function parseCall(term: string, name: string, list: string): LawSpec {
  const numbers = list.split(",").map((word) => parseReal(word.trim()));
  const take = (count: number, expected: string): number[] => {
    if (numbers.length !== count || numbers.includes(undefined))
      throw new InputError({ what: "potential", value: term, expected });
    return numbers as number[];
  };
  if (name === "zbl") {
    const [inner, outer] = take(2, "zbl(inner,outer) in A");
    return { kind: "ziegler-biersack-littmark", inner, outer };
  }
  if (name === "lj") {
    const [epsilon, sigma, cutoff] = take(3, "lj(epsilon,sigma,cutoff) in eV, A, A");
    return { kind: "lennard-jones", epsilon, sigma, cutoff };
  }
  throw new InputError({ what: "potential", value: term, expected: TERMS });
}

type Reader = (path: string, read: ReadFile, names: readonly string[]) => Part;

/** By ending; `true` where elements may be named behind the file, as in `SiCGe.tersoff(Si(D),C)`. */
const READERS: readonly (readonly [string, Reader, boolean?])[] = [
  [".json", readJson],
  [".snapcoeff", (path, read) => ({ terms: [readSnap(path, read)] })],
  [".eam.alloy", (path, read) => ({ terms: [readSetfl(path, read, "alloy")] })],
  [".eam.fs", (path, read) => ({ terms: [readSetfl(path, read, "finnis-sinclair")] })],
  [
    ".sw",
    (path, read) => ({
      terms: [{ kind: "stillinger-weber", triplets: parseStillingerWeber(read(path), { file: path }) }],
    }),
  ],
  [".meam.spline", (path, read, names) => ({ terms: [readSplineMeam(path, read, "spline", names)] }), true],
  [".meam.sw.spline", (path, read, names) => ({ terms: [readSplineMeam(path, read, "sw-spline", names)] }), true],
  [
    ".tersoff",
    (path, read, names) => ({
      terms: [
        { kind: "tersoff", triplets: chooseTersoffVariants(parseTersoff(read(path), { file: path }), names, path) },
      ],
    }),
    true,
  ],
];

function readJson(path: string, read: ReadFile): Part {
  const spec = parseJson(read(path), path) as Partial<PotentialSpec> | null;
  if (spec?.format !== "phasecell-potential" || spec.version !== 1 || !Array.isArray(spec.terms))
    throw new InputError({
      what: path,
      expected: 'a potential: { "format": "phasecell-potential", "version": 1, "terms": [...] }',
    });
  return spec as PotentialSpec;
}

function readSnap(path: string, read: ReadFile): LawSpec {
  const rows = parseSnapcoeff(read(path), { file: path });
  const parameterFile = path.replace(/coeff$/i, "param");
  const { sinner, dinner, ...parameters } = parseSnapparam(read(parameterFile), { file: parameterFile });
  for (const [name, values] of Object.entries({ sinner, dinner }))
    if (values !== undefined && values.length !== rows.length)
      throw new InputError({
        what: `${parameterFile} ${name}`,
        value: `${values.length} numbers`,
        expected: `one for each of the ${rows.length} elements`,
      });
  return {
    kind: "snap",
    ...parameters,
    elements: rows.map(({ element, radius, weight }, k) => ({
      element,
      radius,
      weight,
      ...(sinner === undefined ? {} : { sinner: sinner[k]! }),
      ...(dinner === undefined ? {} : { dinner: dinner[k]! }),
    })),
    coefficients: rows.map(({ coefficients }) => coefficients),
  };
}

function readSetfl(path: string, read: ReadFile, form: SetflForm): LawSpec {
  const { elements, comments, densityStep, radialStep, cutoff, embedding, density, pair } = parseSetfl(
    read(path),
    form,
    { file: path },
  );
  return {
    kind: "embedded-atom",
    form,
    elements: elements.map(({ symbol }) => symbol),
    cutoff,
    densityStep,
    radialStep,
    embedding,
    density,
    pair,
    comments,
  };
}

function readSplineMeam(path: string, read: ReadFile, form: SplineMeamForm, names: readonly string[]): LawSpec {
  const { comment, elements, ...splines } = parseSplineMeam(read(path), form, { file: path });
  // A file for one element does not say which: mostly its name does.
  const [symbol] = /[^\\/]*$/.exec(path)![0].split(/[._-]/);
  const chosen = elements ?? (names.length > 0 ? names : [symbol!]);
  const wrong = chosen.find((name) => findAtomicNumber(name) === undefined);
  if (wrong !== undefined || (elements === undefined && chosen.length !== 1))
    throw new InputError({
      what: path.replace(/\s+/g, " "),
      value: wrong ?? chosen.join(", "),
      expected: "the symbol of its one element, at the beginning of the file's name or behind it in parentheses",
      attempt: `${path.replace(/\s+/g, " ")}(Ti)`,
    });
  if (elements !== undefined && names.length > 0 && names.join() !== elements.join())
    throw new InputError({ what: path.replace(/\s+/g, " "), value: names.join(", "), expected: elements.join(", ") });
  return { kind: "spline-meam", elements: chosen, ...splines, comments: [comment] };
}
