import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { formatLammpsData } from "../../src/formats/format-lammps-data.js";
import { parseLammpsData } from "../../src/formats/lammps-data.js";
import { formatPoscar, parsePoscar } from "../../src/formats/poscar.js";
import { formatSetfl, parseSetfl } from "../../src/formats/setfl.js";
import { parseVasprun } from "../../src/formats/vasprun.js";
import { deform, toFractional } from "../../src/structure/cell.js";
import type { LabeledStructure } from "../../src/structure/labeled-structure.js";
import { fcc } from "../../src/structure/lattices.js";
import { supercell } from "../../src/structure/supercell.js";
import { lammpsOutput } from "../support/lammps.js";
import {
  describeWith,
  LAMMPS_POTENTIALS,
  python,
  requireAse,
  requireLammpsPotentials,
  requirePeer,
} from "../support/requirements.js";
import * as samples from "./sample-files.js";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "phasecell-peers-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** What ASE sees in text of a format, as JSON, one object per frame. */
const describeBy = (format: string, reader = `ase.io.read(name, index=":", format="${format}")`): string => `
import sys, json, tempfile, os, ase.io, ase.units
from ase.io.lammpsdata import read_lammps_data
name = os.path.join(tempfile.mkdtemp(), "file")
open(name, "w").write(sys.stdin.read())
def result(a, key):
    value = a.calc.results.get(key) if a.calc else None
    return value.ravel().tolist() if hasattr(value, "ravel") else value
frames = ${reader}
print(json.dumps([dict(cell=a.cell.array.ravel().tolist(), numbers=a.numbers.tolist(),
    positions=a.positions.ravel().tolist(), energy=result(a, "free_energy"), forces=result(a, "forces"),
    stress=result(a, "stress"), fixed=[c.todict() for c in a.constraints] and len(a.constraints)) for a in frames]))
`;

interface Seen {
  readonly cell: number[];
  readonly numbers: number[];
  readonly positions: number[];
  readonly energy: number;
  readonly forces: number[];
  readonly stress: number[] | null;
}

const near = (values: ArrayLike<number>, digits = 9) => Array.from(values, (x) => expect.closeTo(x, digits));

const expectSame = (seen: Seen, { structure }: LabeledStructure): void => {
  expect(seen.cell).toEqual(near(structure.cell));
  expect(seen.numbers).toEqual([...structure.numbers]);
  expect(seen.positions).toEqual(near(structure.positions));
};

describeWith([requireAse()], "structure formats and ASE", () => {
  // ASE 3.22 knows neither names of pseudopotentials nor a volume for a scale: the text it gets has neither.
  it.each([
    ["with selective dynamics", samples.POSCAR, samples.POSCAR.replace("Si_pv", "Si")],
    ["of VASP 4", samples.POSCAR_VASP_4, samples.POSCAR_VASP_4.replace("-30.0", String(Math.cbrt(30)))],
  ])("POSCAR %s", (_, text, plain) => {
    const [frame] = parsePoscar(text) as [LabeledStructure];
    for (const version of [plain, formatPoscar([frame])])
      expectSame((JSON.parse(python(describeBy("vasp"), version)) as [Seen])[0], frame);
  });

  it("vasprun.xml: cell, positions, forces, free energy, sign and order of the stress", () => {
    const frames = parseVasprun(samples.VASPRUN);
    const seen = JSON.parse(python(describeBy("vasp-xml"), samples.VASPRUN)) as Seen[];
    expect(seen.length).toBe(frames.length);
    frames.forEach((frame, k) => {
      expectSame(seen[k]!, frame);
      expect(seen[k]!.energy).toBeCloseTo(frame.energy!, 12);
      expect(seen[k]!.forces).toEqual(near(frame.forces!));
      // ASE's kbar is of CODATA 2014: 8e-9 relative.
      if (frame.stress) expect(seen[k]!.stress).toEqual(near(frame.stress));
    });
  });

  it("LAMMPS data, triclinic with charges", () => {
    const [frame] = parseLammpsData(samples.LAMMPS_TRICLINIC) as [LabeledStructure];
    const read = '[read_lammps_data(name, Z_of_type={1: 8, 2: 14}, style="charge", units="metal")]';
    const [seen] = JSON.parse(python(describeBy("", read), formatLammpsData([frame]))) as [Seen];
    expect(seen.numbers).toEqual([...frame.structure.numbers]);
    expect(seen.cell).toEqual(near(frame.structure.cell));
  });
});

const lammps = path.join(LAMMPS_POTENTIALS, "Cu_mishin1.eam.alloy");

describeWith([requirePeer("lmp", "-help"), requireLammpsPotentials()], "LAMMPS (Debian's lammps)", () => {
  it("reads our data file and our setfl, and we read the data file it writes", () => {
    const setfl = parseSetfl(fs.readFileSync(lammps, "utf8"), "alloy");
    const sheared = deform(supercell(fcc("Cu", 3.6), [2, 2, 2]), [1, 0.02, 0.01, -0.03, 1.01, 0, 0.02, 0.04, 0.99]);
    const data = formatLammpsData([{ structure: sheared, group: "default" }]);
    const at = (name: string): string => path.join(folder, name);
    fs.writeFileSync(at("in.data"), data);
    fs.writeFileSync(at("ours.eam.alloy"), formatSetfl(setfl));
    const energies = [lammps, at("ours.eam.alloy")].map((potential) => {
      const script = [
        ...["units metal", "atom_style atomic", `read_data ${at("in.data")}`, "pair_style eam/alloy"],
        ...[`pair_coeff * * ${potential} Cu`, "thermo_modify format float %.12g", "run 0"],
        ...["variable e equal pe", 'print "ENERGY $(v_e:%.12f)"', `write_data ${at("out.data")}`],
      ].join("\n");
      return Number(/ENERGY (\S+)/.exec(lammpsOutput(folder, script))![1]);
    });
    expect(energies[0]).toBeLessThan(-3.4 * sheared.numbers.length);
    expect(energies[1]).toBeCloseTo(energies[0]!, 9);
    const [ours] = parseLammpsData(data) as [LabeledStructure];
    const [back] = parseLammpsData(fs.readFileSync(at("out.data"), "utf8")) as [LabeledStructure];
    expect([...back.structure.cell]).toEqual(near(ours.structure.cell));
    const fractional = ({ structure: { cell, positions } }: LabeledStructure) =>
      toFractional(cell, positions).map((x) => x - Math.floor(x + 1e-6));
    expect([...fractional(back)]).toEqual(near(fractional(ours)));
    expect(back.structure.arrays?.velocities).toBeDefined();
  });
});
