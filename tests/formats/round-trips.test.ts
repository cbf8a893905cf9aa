import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatExtxyz, parseExtxyz } from "../../src/formats/extxyz.js";
import { formatFitsnapJson, parseFitsnapJson } from "../../src/formats/fitsnap-json.js";
import { formatLammpsData } from "../../src/formats/format-lammps-data.js";
import { parseLammpsData } from "../../src/formats/lammps-data.js";
import { lossesBetween } from "../../src/formats/losses.js";
import { formatPoscar, parsePoscar } from "../../src/formats/poscar.js";
import { formatSetfl, parseSetfl, type Setfl } from "../../src/formats/setfl.js";
import { formatSnapcoeff, parseSnapcoeff } from "../../src/formats/snapcoeff.js";
import { formatSnapparam, parseSnapparam, type SnapParameters } from "../../src/formats/snapparam.js";
import { formatSplineMeam, parseSplineMeam } from "../../src/formats/spline-meam-file.js";
import { formatStillingerWeber, parseStillingerWeber } from "../../src/formats/stillinger-weber-file.js";
import { formatTersoff, parseTersoff, type TersoffEntry } from "../../src/formats/tersoff-file.js";
import type { LabeledStructure } from "../../src/structure/labeled-structure.js";
import type { AtomColumn, InfoValue } from "../../src/structure/structure.js";

const runs = { numRuns: 300, seed: 7 };
const real = fc.double({ min: -1e4, max: 1e4, noNaN: true });
const positive = fc.double({ min: 1e-3, max: 1e4, noNaN: true });
const reals = (length: number) => fc.array(real, { minLength: length, maxLength: length });
const symbol = fc.constantFrom("H", "Si", "Mo", "Ta", "Og");

/** Lower triangular rows with sides of 2 to 20 A, which LAMMPS takes as they are. */
const triangularCell = fc
  .tuple(fc.array(fc.double({ min: 2, max: 20, noNaN: true }), { minLength: 3, maxLength: 3 }), reals(3))
  .map(([[a, b, c], tilts]) => {
    const [xy, xz, yz] = tilts.map((tilt) => tilt / 1e4) as [number, number, number];
    return Float64Array.of(a!, 0, 0, xy, b!, 0, xz, yz, c!);
  });

const infoValue: fc.Arbitrary<InfoValue> = fc.oneof(
  real,
  fc.integer(),
  fc.boolean(),
  fc.string({ unit: "binary" }),
  fc.constantFrom("T", "300", "1 2 3", "_JSON", '_JSON {"a": 1}', 'a "b" = {c} \\', "two\nlines", " edge "),
  fc.array(real),
  fc.array(fc.boolean()),
  fc.array(fc.string()),
  fc.array(reals(3), { minLength: 1, maxLength: 3 }),
);

/** Largest number of atoms; what is made for as many is cut to the number drawn. */
const MOST = 5;

/** A column for MOST atoms. */
const column: fc.Arbitrary<AtomColumn> = fc
  .record({
    kind: fc.constantFrom("real", "integer", "logical", "string"),
    width: fc.integer({ min: 1, max: 3 }),
    values: reals(3 * MOST),
  })
  .map(({ kind, width, values }): AtomColumn => {
    if (kind === "real") return { kind, width, values: Float64Array.from(values) };
    if (kind === "integer") return { kind, width, values: Int32Array.from(values) };
    if (kind === "logical") return { kind, width, values: Uint8Array.from(values, (x) => (x > 0 ? 1 : 0)) };
    return { kind: "string", width, values: values.map((x) => WORDS[Math.abs(Math.round(x)) % WORDS.length]!) };
  });

const WORDS = ["a", "300", "T", '"', "{x}", "a=b", "\\", "#"];

const cut = ({ kind, width, values }: AtomColumn, count: number): AtomColumn =>
  ({ kind, width, values: values.slice(0, width * count) }) as AtomColumn;

const maybe = <T>(key: string, value: T, present: boolean): Record<string, T> => (present ? { [key]: value } : {});

const frame: fc.Arbitrary<LabeledStructure> = fc
  .record({
    count: fc.integer({ min: 1, max: MOST }),
    cell: triangularCell,
    pbc: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
    numbers: fc.array(fc.integer({ min: 1, max: 118 }), { minLength: MOST, maxLength: MOST }),
    vectors: reals(6 * MOST),
    arrays: fc.dictionary(fc.constantFrom("a", "a_b", "charge", "velocities"), column, { minKeys: 1, maxKeys: 3 }),
    info: fc.dictionary(fc.constantFrom("i", "i-j", "i j", "i=j", 'i"j', "uid"), infoValue, { minKeys: 1, maxKeys: 4 }),
    stress: reals(6),
    group: fc.oneof(fc.constantFrom("default", "bulk", "T", "2"), fc.string()),
    weight: positive,
    provenance: fc.dictionary(fc.string(), fc.oneof(real, fc.string(), fc.boolean()), { minKeys: 1 }),
    present: fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }),
  })
  .map(({ count, cell, pbc, numbers, vectors, arrays, info, stress, group, weight, provenance, present }) => {
    const columns = Object.fromEntries(Object.entries(arrays).map(([name, given]) => [name, cut(given, count)]));
    const text = { ...info, ...("uid" in info ? { uid: String(info.uid) } : {}) };
    return {
      structure: {
        cell,
        pbc,
        numbers: Uint8Array.from(numbers.slice(0, count)),
        positions: Float64Array.from(vectors.slice(0, 3 * count)),
        ...maybe("arrays", columns, present[0]!),
        ...maybe("info", text, present[1]!),
      },
      ...maybe("energy", vectors[0]!, present[2]!),
      ...maybe("forces", Float64Array.from(vectors.slice(-3 * count)), present[3]!),
      ...maybe("stress", Float64Array.from(stress), present[4]!),
      group,
      ...maybe("weight", weight, present[5]!),
      ...maybe("provenance", provenance, present[6]!),
    } as LabeledStructure;
  });

/** Without what the format says of itself that it does not carry. */
const bare = ({ structure }: LabeledStructure): LabeledStructure => ({
  structure: {
    cell: structure.cell,
    pbc: [true, true, true],
    numbers: structure.numbers,
    positions: structure.positions,
  },
  group: "default",
});

describe("round trips", () => {
  it("extxyz: frames come back as they were, bit for bit", () => {
    fc.assert(
      fc.property(fc.array(frame, { minLength: 1, maxLength: 3 }), (frames) => {
        expect(parseExtxyz(formatExtxyz(frames))).toEqual(frames);
      }),
      runs,
    );
  });

  it("POSCAR: cell, order of atoms, positions, mobility and velocities, bit for bit", () => {
    fc.assert(
      fc.property(frame, fc.boolean(), (given, moving) => {
        const count = given.structure.numbers.length;
        const arrays: Record<string, AtomColumn> = {
          move_mask: { kind: "logical", width: 3, values: new Uint8Array(3 * count).map((_, k) => k % 2) },
          velocities: { kind: "real", width: 3, values: given.structure.positions },
        };
        const plain = bare(given);
        const structure = { ...plain.structure, ...(moving ? { arrays } : {}), info: { comment: "a title" } };
        expect(parsePoscar(formatPoscar([{ ...plain, structure }]))).toEqual([{ ...plain, structure }]);
      }),
      runs,
    );
  });

  it("LAMMPS data: a triangular cell stays, charges, images, ids and velocities come back", () => {
    fc.assert(
      fc.property(frame, fc.boolean(), (given, moving) => {
        const count = given.structure.numbers.length;
        const arrays: Record<string, AtomColumn> = {
          id: { kind: "integer", width: 1, values: Int32Array.from({ length: count }, (_, k) => 3 * k + 2) },
          charge: { kind: "real", width: 1, values: given.structure.positions.slice(0, count) },
          image: { kind: "integer", width: 3, values: Int32Array.from({ length: 3 * count }, (_, k) => k - 2) },
          velocities: { kind: "real", width: 3, values: given.structure.positions },
        };
        const plain = bare(given);
        const structure = { ...plain.structure, ...(moving ? { arrays } : {}), info: { comment: "a title" } };
        expect(parseLammpsData(formatLammpsData([{ ...plain, structure }]))).toEqual([{ ...plain, structure }]);
      }),
      runs,
    );
  });

  it("FitSNAP JSON: labels come back, stress within rounding of its unit", () => {
    fc.assert(
      fc.property(frame, ({ weight, provenance, ...given }) => {
        const plain = { ...given, structure: bare(given).structure };
        expect(lossesBetween([plain], parseFitsnapJson(formatFitsnapJson([plain])))).toEqual([]);
      }),
      runs,
    );
  });

  it("snapcoeff, snapparam, setfl and sw: numbers come back bit for bit", () => {
    const row = fc.record({ element: symbol, radius: positive, weight: real, coefficients: reals(4) });
    fc.assert(
      fc.property(fc.uniqueArray(row, { minLength: 1, maxLength: 4, selector: ({ element }) => element }), (rows) => {
        expect(parseSnapcoeff(formatSnapcoeff(rows))).toEqual(rows);
      }),
      runs,
    );
    const parameters = fc.record(
      {
        rcutfac: positive,
        twojmax: fc.nat(20),
        rfac0: positive,
        rmin0: real,
        switchflag: fc.boolean(),
        chemflag: fc.boolean(),
        switchinnerflag: fc.boolean(),
        sinner: reals(2),
        dinner: reals(2),
      },
      { requiredKeys: ["rcutfac", "twojmax"] },
    ) as fc.Arbitrary<SnapParameters>;
    fc.assert(
      fc.property(parameters, (given) => {
        expect(parseSnapparam(formatSnapparam(given))).toEqual(given);
      }),
      runs,
    );
    const entry = fc
      .tuple(fc.tuple(symbol, symbol, symbol), fc.array(positive, { minLength: 11, maxLength: 11 }))
      .map(([elements, [epsilon, sigma, a, lambda, gamma, cosTheta0, A, B, p, q, tolerance]]) => ({
        ...{ elements, epsilon: epsilon!, sigma: sigma!, a: a!, lambda: lambda!, gamma: gamma! },
        ...{ cosTheta0: -cosTheta0!, A: A!, B: B!, p: p!, q: q!, tolerance: tolerance! },
      }));
    fc.assert(
      fc.property(
        fc.uniqueArray(entry, { minLength: 1, maxLength: 4, selector: ({ elements }) => elements.join(" ") }),
        (entries) => {
          expect(parseStillingerWeber(formatStillingerWeber(entries))).toEqual(entries);
        },
      ),
      runs,
    );
    const bond = fc
      .tuple(
        fc.tuple(symbol, symbol, fc.constantFrom("C", "Si(D)")),
        fc.array(positive, { minLength: 14, maxLength: 14 }),
      )
      .map(([elements, [m, gamma, lambda3, c, d, cosTheta0, n, beta, lambda2, B, R, D, lambda1, A]]) => ({
        ...{ elements, m: m! < 1 ? 1 : 3, gamma: gamma!, lambda3: -lambda3!, c: c!, d: d!, cosTheta0: -cosTheta0! },
        ...{ n: n!, beta: beta!, lambda2: lambda2!, B: B!, R: R!, D: D!, lambda1: lambda1!, A: A! },
      }));
    fc.assert(
      fc.property(
        fc.uniqueArray(bond, { minLength: 1, maxLength: 4, selector: ({ elements }) => elements.join(" ") }),
        (entries: TersoffEntry[]) => {
          expect(parseTersoff(formatTersoff(entries))).toEqual(entries);
        },
      ),
      runs,
    );
    const spline = fc.integer({ min: 2, max: 5 }).chain((count) =>
      fc.record({
        knots: fc.tuple(real, positive).map(([x, step]) => Array.from({ length: count }, (_, k) => x + k * step)),
        values: reals(count),
        slopes: fc.tuple(real, real),
      }),
    );
    const splines = (count: number) => fc.array(spline, { minLength: count, maxLength: count });
    const meam = fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 2 })).chain(([three, count]) =>
      fc.record({
        comment: fc.constant("a comment # of one line"),
        elements: fc.constant(three || count === 1 ? undefined : ["Ti", "O"]),
        pair: splines(three ? 1 : 2 * count - 1),
        density: splines(three ? 1 : count),
        embedding: splines(three ? 1 : count),
        bond: splines(three ? 1 : count),
        angle: splines(three ? 1 : 2 * count - 1),
        ...(three ? { threeBody: fc.record({ bond: splines(1), angle: splines(1) }) } : {}),
      }),
    );
    fc.assert(
      fc.property(meam, (given) => {
        expect(parseSplineMeam(formatSplineMeam(given), "threeBody" in given ? "sw-spline" : "spline")).toEqual(given);
      }),
      runs,
    );
    const tables = (count: number, length: number) => fc.array(reals(length), { minLength: count, maxLength: count });
    const setfl = fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 3 })).chain(
      ([alloy, count]): fc.Arbitrary<Setfl> =>
        fc.record({
          form: fc.constant(alloy ? ("alloy" as const) : ("finnis-sinclair" as const)),
          comments: fc.constant(["first", "", "third # one"]),
          elements: fc.constant(
            ["Al", "Fe", "Cu"].slice(0, count).map((name, k) => ({
              ...{ symbol: name, number: 13 + k, mass: 26.98, latticeConstant: 4.05, lattice: "fcc" },
            })),
          ),
          densityStep: positive,
          radialStep: positive,
          cutoff: positive,
          embedding: tables(count, 7),
          density: fc.array(tables(alloy ? 1 : count, 6), { minLength: count, maxLength: count }),
          pair: tables((count * (count + 1)) / 2, 6),
        }),
    );
    fc.assert(
      fc.property(setfl, (given) => {
        expect(parseSetfl(formatSetfl(given), given.form)).toEqual(given);
      }),
      runs,
    );
  });
});
