import { InputError } from "../errors.js";
import { createPotential } from "../potentials/create-potential.js";
import type { EmbeddedAtomSpec } from "../potentials/embedded-atom.js";
import type { LawSpec, PotentialSpec } from "../potentials/potential.js";
import type { SnapSpec } from "../potentials/snap.js";
import type { SplineMeamSpec } from "../potentials/spline-meam.js";
import type { StillingerWeberSpec } from "../potentials/stillinger-weber.js";
import type { TersoffSpec } from "../potentials/tersoff.js";
import type { ZieglerBiersackLittmarkSpec } from "../potentials/ziegler-biersack-littmark.js";
import { atomicNumber, massOf } from "../structure/elements.js";
import { formatSetfl } from "./setfl.js";
import { formatSnapcoeff } from "./snapcoeff.js";
import { formatSnapparam, type SnapParameters } from "./snapparam.js";
import { formatSplineMeam } from "./spline-meam-file.js";
import { formatStillingerWeber } from "./stillinger-weber-file.js";
import { formatTersoff } from "./tersoff-file.js";

/** A potential as LAMMPS takes it. */
export interface LammpsPotential {
  /** Names and texts of the files. */
  readonly files: readonly { readonly name: string; readonly text: string }[];
  /** pair_style and pair_coeff lines for metal units; type t + 1 is elements[t]. */
  readonly commands: readonly string[];
  readonly elements: readonly string[];
}

/** What one term becomes: its files by ending, the first being the one that names it, and its style. */
interface Written {
  readonly endings: Readonly<Record<string, string>>;
  readonly style: string;
  readonly elements: readonly string[];
}

const WRITERS: Readonly<Record<string, (spec: LawSpec) => Written>> = {
  snap: (spec) => writeSnap(spec as unknown as SnapSpec),
  "embedded-atom": (spec) => writeEmbeddedAtom(spec as unknown as EmbeddedAtomSpec),
  "stillinger-weber": (spec) => {
    const { triplets } = spec as unknown as StillingerWeberSpec;
    const entries = triplets.map(({ tolerance = 0, ...entry }) => ({ ...entry, tolerance }));
    return { endings: { ".sw": formatStillingerWeber(entries) }, style: "sw", elements: elementsOf(entries) };
  },
  tersoff: (spec) => {
    const { triplets } = spec as unknown as TersoffSpec;
    return { endings: { ".tersoff": formatTersoff(triplets) }, style: "tersoff", elements: elementsOf(triplets) };
  },
  "spline-meam": (spec) => writeSplineMeam(spec as unknown as SplineMeamSpec),
};

const elementsOf = (triplets: readonly { readonly elements: readonly string[] }[]): string[] => [
  ...new Set(triplets.map(({ elements }) => elements[0]!)),
];

function writeSnap({ kind: _, elements, coefficients, ...parameters }: SnapSpec): Written {
  // LAMMPS refuses them where they are not used.
  const inner = (name: "sinner" | "dinner") =>
    parameters.switchinnerflag ? { [name]: elements.map((element) => element[name] ?? 0) } : {};
  const given = Object.entries(parameters).map(([name, value]) => [
    name,
    name.endsWith("flag") ? Boolean(value) : value,
  ]);
  return {
    endings: {
      ".snapcoeff": formatSnapcoeff(elements.map((element, k) => ({ ...element, coefficients: coefficients[k]! }))),
      ".snapparam": formatSnapparam({
        ...Object.fromEntries(given),
        ...inner("sinner"),
        ...inner("dinner"),
      } as SnapParameters),
    },
    style: "snap",
    elements: elements.map(({ element }) => element),
  };
}

function writeEmbeddedAtom({ form, elements, comments = [], ...tables }: EmbeddedAtomSpec): Written {
  const described = elements.map((symbol) => {
    const number = atomicNumber(symbol);
    return { symbol, number, mass: massOf(number), latticeConstant: 0, lattice: "none" };
  });
  const [ending, style] = form === "alloy" ? [".eam.alloy", "eam/alloy"] : [".eam.fs", "eam/fs"];
  return { endings: { [ending]: formatSetfl({ ...tables, form, comments, elements: described }) }, style, elements };
}

function writeSplineMeam({ kind: _, elements, comments, ...splines }: SplineMeamSpec): Written {
  if (splines.threeBody && elements.length > 1)
    throw new InputError({
      what: "spline-meam with three bodies for LAMMPS",
      value: elements.join(", "),
      expected: "one element, as in meam/sw/spline",
    });
  const [ending, style] = splines.threeBody ? [".meam.sw.spline", "meam/sw/spline"] : [".meam.spline", "meam/spline"];
  const { threeBody, ...others } = splines;
  const text = formatSplineMeam({
    ...others,
    comment: comments?.[0] ?? "PhaseCell",
    elements: threeBody ? undefined : elements,
    ...(threeBody ? { threeBody } : {}),
  });
  return { endings: { [ending]: text }, style, elements };
}

/** Endings of the files that potentials are written to. */
export const LAMMPS_POTENTIAL_ENDINGS = /\.(snapcoeff|eam\.alloy|eam\.fs|sw|tersoff|meam\.spline|meam\.sw\.spline)$/i;

/**
 * Writes a potential for LAMMPS: one law that has a file format, named `file` (SNAP gets a .snapparam beside it), and any
 * number of ZBL terms on top, which become hybrid/overlay.
 */
export function formatLammpsPotential(spec: PotentialSpec, file: string): LammpsPotential {
  createPotential(spec);
  const repulsions = spec.terms.filter(({ kind }) => kind === "ziegler-biersack-littmark");
  const others = spec.terms.filter((term) => !repulsions.includes(term));
  const [main] = others;
  const write = main && WRITERS[main.kind];
  if (!main || !write || others.length > 1)
    throw new InputError({
      what: "potential for LAMMPS",
      value: spec.terms.map(({ kind }) => kind).join(" + "),
      expected: `one of ${Object.keys(WRITERS).join(", ")}, with or without ziegler-biersack-littmark`,
    });
  const { endings, style, elements } = write(main);
  const ending = Object.keys(endings)[0]!;
  if (!file.toLowerCase().endsWith(ending))
    throw new InputError({ what: "file", value: file, expected: `a name that ends in ${ending}, for ${main.kind}` });
  const base = file.slice(0, -ending.length);
  const files = Object.entries(endings).map(([end, text]) => ({ name: `${base}${end}`, text }));
  return { files, commands: commandsOf(style, files, elements, repulsions), elements };
}

function commandsOf(
  style: string,
  files: LammpsPotential["files"],
  elements: readonly string[],
  repulsions: readonly LawSpec[],
): string[] {
  const names = files.map(({ name }) => name).join(" ");
  const own = (middle: string): string => `pair_coeff * * ${middle}${names} ${elements.join(" ")}`;
  if (repulsions.length === 0) return [`pair_style ${style}`, own("")];
  const zbl = repulsions as unknown as readonly ZieglerBiersackLittmarkSpec[];
  const pairs = zbl.flatMap((term, n) =>
    elements.flatMap((a, i) =>
      elements.slice(i).flatMap((b, k) => {
        if (term.elements && !(term.elements.includes(a) && term.elements.includes(b))) return [];
        const number = zbl.length > 1 ? `${n + 1} ` : "";
        return `pair_coeff ${i + 1} ${i + k + 1} zbl ${number}${atomicNumber(a)} ${atomicNumber(b)}`;
      }),
    ),
  );
  const styles = zbl.map(({ inner, outer }) => `zbl ${inner} ${outer}`).join(" ");
  return [`pair_style hybrid/overlay ${style} ${styles}`, own(`${style} `), ...pairs];
}
