import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { formatExtxyz, parseExtxyz } from "../../src/formats/extxyz.js";
import { readText } from "../../src/formats/files.node.js";
import { describeWith, requireShared, shared } from "../support/requirements.js";

const frame = (comment: string, rows = "Si 0 0 0 1 2 3\nSi 1.5 1.5 1.5 -1 -2 -3\n") => `2\n${comment}\n${rows}`;
const basic = 'Lattice="4 0 0 0 5 0 0 0 6" Properties=species:S:1:pos:R:3:forces:R:3';

describe("extxyz", () => {
  it("reads labels, keeps other keys and columns", () => {
    const [first] = parseExtxyz(
      frame(
        `${basic}:magmom:R:1:id:I:1:move_mask:L:1 energy=-3.5 stress="1 6 5 6 2 4 5 4 3" config_type=bulk weight=2 note="a b" flags="T F" count=3 pbc="T F T"`,
        "Si 0 0 0 1 2 3 0.5 7 T\nSi 1.5 1.5 1.5 -1 -2 -3 -0.5 8 F\n",
      ),
    );
    expect(first).toMatchObject({ energy: -3.5, group: "bulk", weight: 2 });
    expect([...first!.stress!]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...first!.forces!]).toEqual([1, 2, 3, -1, -2, -3]);
    expect(first!.structure.pbc).toEqual([true, false, true]);
    expect(first!.structure.info).toEqual({ note: "a b", flags: [true, false], count: 3 });
    expect(first!.structure.arrays).toEqual({
      magmom: { kind: "real", width: 1, values: Float64Array.of(0.5, -0.5) },
      id: { kind: "integer", width: 1, values: Int32Array.of(7, 8) },
      move_mask: { kind: "logical", width: 1, values: Uint8Array.of(1, 0) },
    });
  });

  it("turns a virial into a stress, positive = tension", () => {
    const [first] = parseExtxyz(frame(`${basic} virial="-120 0 0 0 -240 -12 0 -12 -360"`));
    expect([...first!.stress!]).toEqual([1, 2, 3, 0.1, 0, 0].map((x) => expect.closeTo(x, 14)));
  });

  it("refuses a virial that contradicts the stress", () => {
    const both = `${basic} virial="120 0 0 0 240 0 0 0 360" stress="1 0 0 0 2 0 0 0 3"`;
    expect(() => parseExtxyz(frame(both), { file: "x.xyz" })).toThrow(
      /^x\.xyz line 2: virial=.*expected -volume \* str/,
    );
  });

  it("takes other programs' keys and says so", () => {
    const text = 'REF_energy=-1 REF_stress="_JSON [[1, 0, 0], [0, 1, 0], [0, 0, 1]]"';
    const [first] = parseExtxyz(frame(`${basic.replace("forces", "REF_forces")} ${text}`));
    expect(first).toMatchObject({
      energy: -1,
      provenance: { energyKey: "REF_energy", stressKey: "REF_stress", forcesColumn: "REF_forces" },
    });
    expect([...first!.stress!]).toEqual([1, 1, 1, 0, 0, 0]);
  });

  it("reads plain XYZ, lattice vectors as pseudo-atoms, blank lines between frames", () => {
    const frames = parseExtxyz("1\njust words\nH 0 0 0\n\n1\n\nhe 1 2 3\nVEC1 5 0 0\nVEC2 0 5 0\n");
    expect(frames.map(({ structure }) => structure.pbc)).toEqual([
      [false, false, false],
      [true, true, false],
    ]);
    expect(frames[0]!.structure.info).toEqual({ comment: "just words" });
    expect([...frames[1]!.structure.cell]).toEqual([5, 0, 0, 0, 5, 0, 0, 0, 0]);
  });

  it.each([
    ["2\n", /line 1: 2 atoms, 0 lines after the comment; expected the number of atoms/],
    ["99999999999\nx\n", /line 1: 99999999999 atoms, 0 lines after/],
    ["x\n", /line 1: x; expected the number of atoms/],
    ["", /line 1: no frames/],
    [frame('Lattice="1 2 3"'), /line 2: Lattice="1 2 3"; expected 9 numbers/],
    [frame(basic, "Si 0 0 0 1 2 3\nSi 0 0 0 1 2\n"), /line 4: 6 columns; expected 7/],
    [frame(basic, "Si 0 0 0 1 2 3\nSi 0 x 0 1 2 3\n"), /line 4: x; expected a number in pos/],
    [frame(basic, "Si 0 0 0 1 2 3\nQq 0 0 0 1 2 3\n"), /line 4: species Qq; expected a chemical element/],
    [frame(basic, "Si 0 nan 0 1 2 3\nSi 0 0 0 1 2 3\n"), /line 3: pos NaN; expected finite numbers/],
    [frame(`${basic} energy=abc`), /line 2: energy=abc; expected one finite number/],
    [frame(`${basic} note="open`), /line 2: .*expected a closing "/],
    [frame(`${basic} stress="1 2 3 4 5 6 7 8 9"`), /expected 9 numbers of a symmetric matrix/],
    [frame(`${basic} a=1 a=2`), /line 2: a twice/],
    [frame(basic.replace("R:3", "Q:3")), /expected name:type:columns/],
  ])("complains in one line with file and line: %j", (text, message) => {
    expect(() => parseExtxyz(text, { file: "bad.xyz" })).toThrow(message);
    expect(() => parseExtxyz(text, { file: "bad.xyz" })).toThrow(/^bad\.xyz/);
  });
});

const sources = ["mlearn_Mo", "mlearn_Si", "fitsnap_Ta", "fitsnap_InP", "saidi_Ti"];

describeWith(
  sources.map((name) => requireShared(name)),
  "extxyz of published data",
  () => {
    it.each([
      ["mlearn_Mo/train.xyz", 194, 10087],
      ["mlearn_Mo/test.xyz", 23, 1189],
      ["mlearn_Si/train.xyz", 214, 13233],
      ["mlearn_Si/test.xyz", 25, 1525],
      ["fitsnap_Ta/train.xyz", 363, 4224],
      ["fitsnap_InP/train.xyz.gz", 1894, 118214],
      ["saidi_Ti/all.xyz.gz", 3315, 95074],
    ])("reads %s: %i frames, %i atoms, and writes it without loss", (name, count, atoms) => {
      const frames = parseExtxyz(readText(shared("data", name)), { file: name });
      expect(frames.length).toBe(count);
      expect(frames.reduce((sum, { structure }) => sum + structure.numbers.length, 0)).toBe(atoms);
      expect(frames.every(({ energy, forces, stress, group }) => energy && forces && stress && group)).toBe(true);
      expect(isDeepStrictEqual(parseExtxyz(formatExtxyz(frames)), frames)).toBe(true);
    });
  },
);
