import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/errors.js";
import { formatExtxyz, parseExtxyz } from "../../src/formats/extxyz.js";
import { formatFitsnapJson, parseFitsnapJson } from "../../src/formats/fitsnap-json.js";
import { formatLammpsData } from "../../src/formats/format-lammps-data.js";
import { parseLammpsData } from "../../src/formats/lammps-data.js";
import { lossesBetween } from "../../src/formats/losses.js";
import { parseMlearnJson } from "../../src/formats/mlearn-json.js";
import { formatPoscar, parsePoscar } from "../../src/formats/poscar.js";
import { parsePotentialExpression } from "../../src/formats/potential-expression.js";
import { formatSetfl, parseSetfl, type SetflForm } from "../../src/formats/setfl.js";
import { formatSnapcoeff, parseSnapcoeff } from "../../src/formats/snapcoeff.js";
import { formatSnapparam, parseSnapparam } from "../../src/formats/snapparam.js";
import { formatSplineMeam, parseSplineMeam, type SplineMeamForm } from "../../src/formats/spline-meam-file.js";
import { formatStillingerWeber, parseStillingerWeber } from "../../src/formats/stillinger-weber-file.js";
import { chooseTersoffVariants, formatTersoff, parseTersoff } from "../../src/formats/tersoff-file.js";
import { parseVasprun } from "../../src/formats/vasprun.js";
import type { LabeledStructure } from "../../src/structure/labeled-structure.js";
import * as samples from "./sample-files.js";

/** Mutated files per parser. */
const RUNS = 10_000;
/** A parser that takes longer than this on a file of a few kilobytes hangs. */
const PATIENCE_MS = 2000;

const words = [
  "99999999999",
  "1e400",
  "-1",
  "0",
  "nan",
  "inf",
  "0x10",
  "1e-320",
  "1e308",
  "-0",
  "",
  "T",
  '"',
  "{",
  "Xx",
];
const characters = "0123456789-+.eE \t\n\r\"'{}[]=\\:,#<>/&;_aTSzé\u0000\u2028";

interface Edit {
  readonly kind: "flip" | "cut" | "repeat" | "truncate" | "swap" | "drop" | "double" | "word";
  readonly at: number;
  readonly length: number;
  readonly value: number;
}

const edit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.constantFrom("flip", "cut", "repeat", "truncate", "swap", "drop", "double", "word"),
  at: fc.nat(1 << 20),
  length: fc.integer({ min: 1, max: 40 }),
  value: fc.nat(1 << 16),
});

function mutate(text: string, { kind, at, length, value }: Edit): string {
  const place = text.length === 0 ? 0 : at % text.length;
  const lines = text.split("\n");
  const line = at % lines.length;
  switch (kind) {
    case "flip":
      return text.slice(0, place) + characters[value % characters.length] + text.slice(place + 1);
    case "cut":
      return text.slice(0, place) + text.slice(place + length);
    case "repeat":
      return text.slice(0, place + length) + text.slice(place);
    case "truncate":
      return text.slice(0, place);
    case "swap":
      [lines[line], lines[value % lines.length]] = [lines[value % lines.length]!, lines[line]!];
      return lines.join("\n");
    case "drop":
      return lines.filter((_, k) => k !== line).join("\n");
    case "double":
      return [...lines.slice(0, line + 1), ...lines.slice(line)].join("\n");
    case "word": {
      const found = [...text.matchAll(/[^\s,:=<>"[\]{}]+/g)];
      const target = found[at % Math.max(1, found.length)];
      if (target === undefined) return text;
      return text.slice(0, target.index) + words[value % words.length] + text.slice(target.index + target[0].length);
    }
  }
}

/**
 * Runs a parser over mutated samples. It must refuse with one line that names the file and the place, or give what
 * `check` finds consistent.
 */
function withstands<T>(
  texts: readonly string[],
  place: RegExp,
  parse: (text: string) => T,
  check: (parsed: T) => void,
) {
  for (const text of texts) check(parse(text));
  let refused = 0;
  fc.assert(
    fc.property(fc.nat(texts.length - 1), fc.array(edit, { minLength: 1, maxLength: 4 }), (which, edits) => {
      const text = edits.reduce(mutate, texts[which]!);
      const began = performance.now();
      let parsed: T;
      try {
        parsed = parse(text);
      } catch (error) {
        refused++;
        if (!(error instanceof InputError)) throw error;
        if (!place.test(error.message) || /[\r\n]/.test(error.message) || error.message.length > 600)
          throw new Error(`not one clear line: ${JSON.stringify(error.message)}`);
        return;
      }
      check(parsed);
      const took = performance.now() - began;
      if (took > PATIENCE_MS) throw new Error(`took ${took} ms`);
    }),
    { numRuns: RUNS, seed: 20251121 },
  );
  // Most edits break a file: a parser that hardly ever refuses does not look.
  expect(refused).toBeGreaterThan(RUNS / 20);
}

function equal(a: unknown, b: unknown): void {
  if (!isDeepStrictEqual(a, b)) expect(a).toEqual(b);
}

const finite = (values: ArrayLike<number>): boolean => Array.from(values).every(Number.isFinite);

/** Counts agree, labels and coordinates are finite. */
function isConsistent(frames: readonly LabeledStructure[]): void {
  const sound = frames.every(({ structure, energy, forces, stress, group, weight }) => {
    const count = structure.numbers.length;
    return (
      count > 0 &&
      structure.numbers.every((number) => number <= 118) &&
      structure.positions.length === 3 * count &&
      finite(structure.positions) &&
      structure.cell.length === 9 &&
      finite(structure.cell) &&
      Object.values(structure.arrays ?? {}).every(({ values, width }) => values.length === width * count) &&
      (energy === undefined || Number.isFinite(energy)) &&
      (weight === undefined || Number.isFinite(weight)) &&
      (forces === undefined || (forces.length === 3 * count && finite(forces))) &&
      (stress === undefined || (stress.length === 6 && finite(stress))) &&
      typeof group === "string"
    );
  });
  if (frames.length === 0 || !sound) throw new Error("inconsistent frames");
}

const LINE = /^bad file line \d+: /;
const PLACE = /^bad file( [^\n]+)?[:;] /;
const options = { file: "bad file" };

describe("mutated files", () => {
  it("extxyz", () => {
    withstands(
      [samples.EXTXYZ],
      LINE,
      (text) => parseExtxyz(text, options),
      (frames) => {
        isConsistent(frames);
        equal(parseExtxyz(formatExtxyz(frames)), frames);
      },
    );
  });

  it("POSCAR", () => {
    withstands(
      [samples.POSCAR, samples.POSCAR_VASP_4],
      LINE,
      (text) => parsePoscar(text, options),
      (frames) => {
        isConsistent(frames);
        const again = parsePoscar(formatPoscar(frames));
        equal({ ...again[0]!.structure, info: 0 }, { ...frames[0]!.structure, info: 0 });
      },
    );
  });

  it("LAMMPS data", () => {
    withstands(
      [samples.LAMMPS_TRICLINIC, samples.LAMMPS_ATOMIC.replace("Atoms\n", "Masses\n\n1 12.011\n\nAtoms\n")],
      /^bad file (line|atom type) \d+: /,
      (text) => parseLammpsData(text, options),
      (frames) => {
        isConsistent(frames);
        equal(lossesBetween(frames, parseLammpsData(formatLammpsData(frames))), []);
      },
    );
  });

  it("vasprun.xml", () => {
    withstands([samples.VASPRUN], PLACE, (text) => parseVasprun(text, options), isConsistent);
  });

  it("FitSNAP JSON", () => {
    withstands(
      [samples.FITSNAP],
      PLACE,
      (text) => parseFitsnapJson(text, options),
      (frames) => {
        isConsistent(frames);
        equal(lossesBetween(frames, parseFitsnapJson(formatFitsnapJson(frames))), []);
      },
    );
  });

  it("mlearn JSON", () => {
    withstands([samples.MLEARN], PLACE, (text) => parseMlearnJson(text, options), isConsistent);
  });

  it("snapcoeff", () => {
    withstands(
      [samples.SNAPCOEFF],
      LINE,
      (text) => parseSnapcoeff(text, options),
      (elements) => {
        expect(new Set(elements.map(({ coefficients }) => coefficients.length)).size).toBe(1);
        equal(parseSnapcoeff(formatSnapcoeff(elements)), elements);
      },
    );
  });

  it("snapparam", () => {
    withstands(
      [samples.SNAPPARAM],
      LINE,
      (text) => parseSnapparam(text, options),
      (parameters) => equal(parseSnapparam(formatSnapparam(parameters)), parameters),
    );
  });

  it.each<[SetflForm, string]>([
    ["alloy", samples.SETFL_ALLOY],
    ["finnis-sinclair", samples.SETFL_FINNIS_SINCLAIR],
  ])("setfl %s", (form, text) => {
    withstands(
      [text],
      LINE,
      (mutated) => parseSetfl(mutated, form, options),
      (setfl) => {
        const count = setfl.elements.length;
        expect(setfl.embedding.length).toBe(count);
        expect(setfl.pair.length).toBe((count * (count + 1)) / 2);
        equal(parseSetfl(formatSetfl(setfl), form), setfl);
      },
    );
  });

  it("sw", () => {
    withstands(
      [samples.STILLINGER_WEBER],
      LINE,
      (text) => parseStillingerWeber(text, options),
      (entries) => equal(parseStillingerWeber(formatStillingerWeber(entries)), entries),
    );
  });

  it("tersoff", () => {
    withstands(
      [samples.TERSOFF],
      LINE,
      (text) => parseTersoff(text, options),
      (entries) => equal(parseTersoff(formatTersoff(entries)), entries),
    );
    withstands(
      ["Si(D),C", "C,Si(B)"],
      /^x\.tersoff: /,
      (text) => chooseTersoffVariants(parseTersoff(samples.TERSOFF), text.split(","), "x.tersoff"),
      (entries) => expect(entries.every(({ elements }) => elements.every((name) => !name.includes("(D)")))).toBe(true),
    );
  });

  it.each<[SplineMeamForm, string[]]>([
    ["spline", [samples.SPLINE_MEAM, samples.SPLINE_MEAM_OF_TWO]],
    ["sw-spline", [samples.SPLINE_MEAM_THREE_BODY]],
  ])("meam %s", (form, texts) => {
    withstands(
      texts,
      LINE,
      (text) => parseSplineMeam(text, form, options),
      (splines) => {
        const count = splines.elements?.length ?? 1;
        expect(splines.angle.length).toBe((count * (count + 1)) / 2);
        expect(splines.pair.every(({ knots, values }) => knots.length === values.length)).toBe(true);
        // Numbers near the largest that are read overflow in second derivatives, which the writer refuses.
        try {
          equal(parseSplineMeam(formatSplineMeam(splines), form), splines);
        } catch (error) {
          expect(String(error)).toMatch(/number to write/);
        }
      },
    );
  });

  it("potential expressions", () => {
    withstands(
      [
        "a/X.snapcoeff + zbl(4.0,4.8)+lj(1e+2,3,9)",
        "Y.json+X.sw",
        "Z.tersoff(Si(D),C)+X.sw",
        "Ti_1.meam.spline+b.meam.sw.spline(Ti)",
      ],
      /^(potential|.*(json|coeff|param|sw|tersoff|spline)\b.*)[:;] /i,
      (text) =>
        parsePotentialExpression(text, (path) => {
          if (path.endsWith(".tersoff")) return samples.TERSOFF;
          if (path.endsWith(".meam.spline")) return samples.SPLINE_MEAM;
          if (path.endsWith(".spline")) return samples.SPLINE_MEAM_THREE_BODY;
          if (path.endsWith(".sw")) return samples.STILLINGER_WEBER;
          if (path.endsWith(".json")) return '{"format": "phasecell-potential", "version": 1, "terms": []}';
          return path.endsWith("param") ? samples.SNAPPARAM : samples.SNAPCOEFF;
        }),
      (spec) => expect(spec.terms.every(({ kind }) => typeof kind === "string")).toBe(true),
    );
  });
});
