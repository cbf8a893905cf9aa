import { describe, expect, it } from "vitest";
import { parseExtxyz } from "../../src/formats/extxyz.js";
import { readText } from "../../src/formats/files.node.js";
import { parseFitsnapJson } from "../../src/formats/fitsnap-json.js";
import { formatLammpsData } from "../../src/formats/format-lammps-data.js";
import { parseStructures, structureFormat } from "../../src/formats/formats.js";
import { parseLammpsData } from "../../src/formats/lammps-data.js";
import { lossesBetween } from "../../src/formats/losses.js";
import { parseMlearnJson } from "../../src/formats/mlearn-json.js";
import { parsePoscar } from "../../src/formats/poscar.js";
import { parseVasprun } from "../../src/formats/vasprun.js";
import { symbolOf } from "../../src/structure/elements.js";
import type { LabeledStructure } from "../../src/structure/labeled-structure.js";
import { BAR_PER_EV_A3, KBAR_PER_EV_A3 } from "../../src/units.js";
import { describeWith, requireShared, shared } from "../support/requirements.js";
import * as samples from "./sample-files.js";

const near = (values: readonly number[]) => values.map((x) => expect.closeTo(x, 12));

describe("POSCAR", () => {
  it("reads VASP 5 with selective dynamics, Direct coordinates and velocities", () => {
    const [{ structure }] = parsePoscar(samples.POSCAR) as [LabeledStructure];
    expect([...structure.cell]).toEqual([4, 0, 0.5, 0, 5, 0, 0, 0, 6]);
    expect([...structure.numbers]).toEqual([14, 14, 8]);
    expect([...structure.positions]).toEqual(near([0, 0, 0, 2, 2.5, 3.25, 1, 1.25, 4.625]));
    expect([...(structure.arrays!.move_mask!.values as Uint8Array)]).toEqual([1, 1, 0, 0, 0, 0, 1, 1, 1]);
    expect([...(structure.arrays!.velocities!.values as Float64Array)].slice(-3)).toEqual([0.0005, 0, 0]);
  });

  it("reads VASP 4 with a volume for a scale and Cartesian coordinates", () => {
    const [{ structure }] = parsePoscar(samples.POSCAR_VASP_4) as [LabeledStructure];
    const a = Math.cbrt(30);
    expect([...structure.cell]).toEqual(near([a, 0, 0, 0, a, 0, 0, 0, a]));
    expect([...structure.positions]).toEqual(near([0, 0, 0, a / 2, a / 2, a / 2]));
    expect([...structure.numbers]).toEqual([14, 8]);
  });

  it.each([
    [samples.POSCAR.replace("2 1", "2 2"), /line 13: nothing; expected three coordinates .* of atom 4 of 4/],
    [samples.POSCAR.replace("2 1", "1 1"), /line 12: .*expected the end after 2 atoms/],
    [samples.POSCAR.replace("Si_pv", "Sx_pv"), /line 6: Sx_pv O; expected chemical symbols/],
    [samples.POSCAR_VASP_4.replace("Si O", "oxide"), /line 1: oxide; expected a line of chemical symbols/],
    [samples.POSCAR.replace("2.0\n", "0\n"), /line 2: 0; expected a scale factor/],
  ])("complains with the line: %#", (text, message) => {
    expect(() => parsePoscar(text, { file: "POSCAR" })).toThrow(message);
  });
});

describe("vasprun.xml", () => {
  it("reads every ionic step: free energy, forces, stress with tension positive", () => {
    const [first, second] = parseVasprun(samples.VASPRUN) as [LabeledStructure, LabeledStructure];
    expect(first).toMatchObject({ energy: -10, provenance: { code: "vasp 5.4.4", step: 0, converged: true } });
    expect(first.structure.info).toEqual({ energy_sigma0: -9.95 });
    expect([...first.structure.positions]).toEqual([0, 0, 0, 2, 2.75, 3]);
    expect([...first.stress!]).toEqual(near([10, 20, 30, 6, 5, 4].map((kbar) => -kbar / KBAR_PER_EV_A3)));
    expect(second).toMatchObject({ energy: -11, provenance: { step: 1, converged: false } });
    expect(second.stress).toBeUndefined();
  });

  it("refuses a file that ends inside a step", () => {
    const text = samples.VASPRUN.slice(0, samples.VASPRUN.lastIndexOf("<varray"));
    expect(() => parseVasprun(text, { file: "run.xml" })).toThrow(
      /^run\.xml line 43: end of file; expected <\/calculation>/,
    );
  });
});

describe("LAMMPS data", () => {
  it("reads a triclinic box, sorts by id, takes elements from masses and comments", () => {
    const [{ structure }] = parseLammpsData(samples.LAMMPS_TRICLINIC) as [LabeledStructure];
    expect([...structure.cell]).toEqual([5, 0, 0, 0.5, 5, 0, -0.25, 0.125, 6]);
    expect([...structure.numbers]).toEqual([14, 8, 14]);
    expect([...structure.positions.slice(3, 6)]).toEqual([0.1, 0.2, 0.3]);
    expect(structure.info).toEqual({ comment: "a title", origin: [-1, 0, 0] });
    expect([...(structure.arrays!.velocities!.values as Float64Array)]).toEqual([
      0.0015, 0, 0, 0, -0.00025, 0, 0, 0, 0.003,
    ]);
    expect(structure.arrays!.id!.values).toEqual(Int32Array.of(1, 3, 4));
  });

  it("asks for elements where masses do not tell", () => {
    expect(() => parseLammpsData(samples.LAMMPS_ATOMIC, { file: "x.data" })).toThrow(
      /^x\.data atom type 1: no element.*--elements/,
    );
    expect([...parseLammpsData(samples.LAMMPS_ATOMIC, { elements: ["Cu"] })[0]!.structure.numbers]).toEqual([29, 29]);
  });

  it("turns a general cell, keeping every distance", () => {
    const [frame] = parseExtxyz(samples.EXTXYZ) as [LabeledStructure];
    const [turned] = parseLammpsData(formatLammpsData([frame])) as [LabeledStructure];
    const distance = ({ structure: { positions: p } }: LabeledStructure) =>
      Math.hypot(p[3]! - p[0]!, p[4]! - p[1]!, p[5]! - p[2]!);
    expect(distance(turned)).toBeCloseTo(distance(frame), 12);
    expect(lossesBetween([{ structure: frame.structure, group: "default" }], [turned])).toContain(
      "orientation of the cell",
    );
  });

  it.each([
    [samples.LAMMPS_ATOMIC.replace("2 atoms", "3 atoms"), /line 12: 2 atoms; expected 3, as the header says/],
    [samples.LAMMPS_ATOMIC.replace("Atoms", "Atoms # full"), /Atoms # full; expected atomic or charge/],
    [samples.LAMMPS_ATOMIC.replace("0 4 xlo", "4 0 xlo"), /line 5: 4 0 xlo xhi/],
    [samples.LAMMPS_ATOMIC.replace("Atoms", "Bonds"), /line 9: Bonds; expected a section/],
  ])("complains with the line: %#", (text, message) => {
    expect(() => parseLammpsData(text, { file: "x.data", elements: ["Cu"] })).toThrow(message);
  });
});

describe("FitSNAP JSON", () => {
  it("reads labels in its units and keeps the rest; the folder is the group", () => {
    const [frame] = parseFitsnapJson(samples.FITSNAP, { file: "JSON/Bulk/one.json" }) as [LabeledStructure];
    expect(frame).toMatchObject({ energy: -23.5, group: "Bulk" });
    const bar = [48457.11, 49582.49, 49591.75, -508.5, -2351.65, -1136.2];
    expect([...frame.stress!]).toEqual(near(bar.map((x) => -x / BAR_PER_EV_A3)));
    expect(frame.structure.info).toEqual({ label: "two atoms", computation_code: "VASP" });
    expect(frame.structure.arrays).toEqual({ Charges: { kind: "real", width: 1, values: Float64Array.of(0.5, -0.5) } });
  });

  it("takes kbar by StressStyle, and no other unit", () => {
    const [frame] = parseFitsnapJson(samples.FITSNAP.replace('"bar"', '"kB"')) as [LabeledStructure];
    expect(frame.stress![0]).toBeCloseTo(-48457.11 / KBAR_PER_EV_A3, 12);
    expect(() => parseFitsnapJson(samples.FITSNAP.replace('"bar"', '"GPa"'), { file: "a.json" })).toThrow(
      "a.json Dataset.StressStyle: GPa; expected bar, kbar or kB",
    );
    expect(() => parseFitsnapJson(samples.FITSNAP.replace('"Energy"', "Energy"), { file: "a.json" })).toThrow(
      /^a\.json line 3: /,
    );
  });
});

/** mlearn's JSON of labeled frames, with shears in the order that `orderOf` gives for a group. */
const toMlearn = (frames: readonly LabeledStructure[], orderOf: (group: string) => readonly number[]): string =>
  JSON.stringify(
    frames.map(({ structure, energy, forces, stress, group }) => ({
      structure: {
        lattice: { matrix: [0, 3, 6].map((k) => [...structure.cell.slice(k, k + 3)]) },
        sites: Array.from(structure.numbers, (number, n) => ({
          species: [{ element: symbolOf(number), occu: 1 }],
          xyz: [...structure.positions.slice(3 * n, 3 * n + 3)],
        })),
      },
      group,
      outputs: {
        energy,
        forces: Array.from(structure.numbers, (_, n) => [...forces!.slice(3 * n, 3 * n + 3)]),
        virial_stress: [0, 1, 2, ...orderOf(group)].map((k) => -stress![k]! * KBAR_PER_EV_A3),
      },
    })),
  );

describeWith(
  ["mlearn_Mo", "mlearn_Si"].map((name) => requireShared(name)),
  "mlearn JSON of published data",
  () => {
    // Indices into xx yy zz yz xz xy.
    const [CARTESIAN, VASP] = [
      [5, 4, 3],
      [5, 3, 4],
    ];
    it.each([
      ["mlearn_Mo/train.xyz", CARTESIAN],
      ["mlearn_Mo/test.xyz", CARTESIAN],
      ["mlearn_Si/train.xyz", VASP],
      ["mlearn_Si/test.xyz", VASP],
    ])("finds the order of shears group by group: %s, as its source has them", (name, elastic) => {
      const frames = parseExtxyz(readText(shared("data", name)));
      const read = parseMlearnJson(toMlearn(frames, (group) => (group === "Elastic" ? elastic : CARTESIAN)));
      expect(read.length).toBe(frames.length);
      read.forEach(({ stress }, k) => {
        expect([...stress!]).toEqual(near([...frames[k]!.stress!]));
      });
      const orders = new Map(read.map(({ group, provenance }) => [group, provenance!.stressOrder]));
      expect(orders.get("AIMD-NVT")).toMatch(/^xx yy zz xy xz yz \(detected: correlation 0\.\d\d/);
      expect(orders.get("Surface")).toMatch(/^xx yy zz xy xz yz \(assumed as in AIMD-NVT/);
    });

    it("finds the other order as well, and takes one that is given", () => {
      const frames = parseExtxyz(readText(shared("data", "mlearn_Si/train.xyz")));
      const text = toMlearn(frames, () => VASP);
      for (const shearOrder of [{}, { Elastic: "xy yz zx", Surface: "xy yz zx" }]) {
        const read = parseMlearnJson(text, { shearOrder });
        read.forEach(({ stress }, k) => {
          expect([...stress!]).toEqual(near([...frames[k]!.stress!]));
        });
      }
    });
  },
);

describe("mlearn JSON", () => {
  it("names the place of what is wrong", () => {
    const broken = samples.MLEARN.replace('"occu": 1', '"occu": 0.5');
    expect(() => parseMlearnJson(broken, { file: "a.json" })).toThrow(
      /^a\.json \[0\]\.structure\.sites\[0\]\.species\[0\]\.occu: 0\.5/,
    );
  });
});

describe("formats by name", () => {
  it.each([
    ["a/b.extxyz.gz", "extxyz"],
    ["POSCAR_relaxed", "poscar"],
    ["x.vasp", "poscar"],
    ["vasprun.xml.gz", "vasprun"],
    ["data.silicon", "lammps-data"],
    ["x.lmp", "lammps-data"],
  ])("%s is %s", (file, name) => {
    expect(structureFormat({ file }).name).toBe(name);
  });

  it("tells the two kinds of JSON by their beginning, and takes a name", () => {
    expect(parseStructures(samples.FITSNAP, { file: "a.json" }).length).toBe(1);
    expect(parseStructures(samples.MLEARN, { file: "a.json" }).length).toBe(3);
    expect(parseStructures(samples.POSCAR, { file: "a.txt", format: "poscar" }).length).toBe(1);
    expect(() => structureFormat({ file: "a.txt", format: "posca" })).toThrow(/format: posca; .*try poscar/);
    expect(() => structureFormat({ file: "a.cif" })).toThrow(/a\.cif: unknown extension/);
  });
});
