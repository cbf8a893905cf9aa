import { expect, it } from "vitest";
import { formatExtxyz, parseExtxyz } from "../../src/formats/extxyz.js";
import type { LabeledStructure } from "../../src/structure/labeled-structure.js";
import { toStructure } from "../../src/structure/structure.js";
import { describeWith, python, requireAse } from "../support/requirements.js";

/** ASE reads extxyz on stdin and says what it saw, as JSON, one object per frame. */
const DESCRIBE = `
import sys, json, io, ase.io, numpy as np
def plain(value):
    return value.tolist() if hasattr(value, "tolist") else value
frames = ase.io.read(io.StringIO(sys.stdin.read()), index=":", format="extxyz")
print(json.dumps([dict(
    cell=plain(a.cell.array.ravel()), pbc=plain(a.pbc), numbers=plain(a.numbers), positions=plain(a.positions.ravel()),
    energy=plain(a.calc.results.get("energy")), forces=plain(a.calc.results["forces"].ravel()),
    stress=plain(a.calc.results["stress"]),
    info={k: plain(v) for k, v in a.info.items() if k not in ("energy", "stress")},
    arrays={k: plain(v) for k, v in a.arrays.items() if k not in ("numbers", "positions", "forces")}) for a in frames]))
`;

/** ASE writes frames with everything it can carry. */
const WRITE = `
import sys, numpy as np, ase.io
from ase import Atoms
from ase.calculators.singlepoint import SinglePointCalculator
frames = []
for n in range(3):
    a = Atoms("Si2O", positions=np.arange(9).reshape(3, 3) * 1.1 + n, cell=[[5, 0, .1], [1, 6, 0], [0, n, 7]], pbc=(True, n > 0, False))
    a.info.update(config_type="liquid quench", text='say "hi" = {there}', numbers=np.array([1, 2.5]), flag=True,
                  flags=np.array([True, False]), nested={"a": [1, 2]}, label="300", count=n, virial=np.diag([1., 2., 3.]) * 0)
    a.info.pop("virial")
    a.new_array("tag", np.arange(3)); a.new_array("fixed", np.array([True, False, n > 0])); a.new_array("name", np.array(["a", "bb", "c"]))
    a.calc = SinglePointCalculator(a, energy=-1.25 - n, free_energy=-1.5, forces=np.eye(3) * (n + 1), stress=np.array([1, 2, 3, 4, 5, 6.]) / 100)
    frames.append(a)
ase.io.write("-", frames, format="extxyz")
`;

const frames: LabeledStructure[] = [
  {
    structure: toStructure({
      cell: [5.1, 0, 0.3, 1 / 3, 6, 0, 0, -0.25, 7],
      pbc: [true, false, true],
      numbers: [14, 8],
      positions: [0.1, 0.2, 0.3, 1e-17, -2.5, Math.PI],
      arrays: {
        id: { kind: "integer", width: 1, values: Int32Array.of(3, -4) },
        site: { kind: "string", width: 1, values: ["4a", "bridge"] },
        velocity: { kind: "real", width: 3, values: Float64Array.of(1, 2, 3, 4, 5, 6.5) },
        fixed: { kind: "logical", width: 1, values: Uint8Array.of(1, 0) },
      },
      info: {
        note: 'she said "no" = {never} [x] \\ back',
        empty: "",
        digits: "300",
        truth: "T",
        lines: "two\nlines",
        count: 7,
        ratio: 0.1,
        yes: true,
        list: [1, 2.5, -3],
        one: [5],
        flags: [true, false],
        names: ["a", "b c"],
        table: [
          [1, 2],
          [3, 4],
        ],
      },
    }),
    energy: -1.2345678901234567,
    forces: Float64Array.of(1, 2, 3, -1, -2, 1 / 3),
    stress: Float64Array.of(1, 2, 3, 4, 5, 6),
    group: "liquid quench",
    weight: 2.5,
    provenance: { code: "pw.x 6.7", attempts: 2, converged: true },
  },
];

describeWith([requireAse()], "extxyz and ASE", () => {
  it("ASE reads what we write, every value", () => {
    const [seen] = JSON.parse(python(DESCRIBE, formatExtxyz(frames)));
    const [{ structure, energy, forces, stress, group, weight, provenance }] = frames as [LabeledStructure];
    expect(seen).toEqual({
      cell: [...structure.cell],
      pbc: [...structure.pbc],
      numbers: [...structure.numbers],
      positions: [...structure.positions],
      energy,
      forces: [...forces!],
      stress: [...stress!],
      info: { ...structure.info, config_type: group, weight, provenance },
      arrays: {
        id: [3, -4],
        site: ["4a", "bridge"],
        velocity: [
          [1, 2, 3],
          [4, 5, 6.5],
        ],
        fixed: [true, false],
      },
    });
  });

  it("we read what ASE writes, and ASE sees the same in what we write of it", () => {
    const written = python(WRITE, "");
    const read = parseExtxyz(written, { file: "ase.xyz" });
    expect(read.map(({ energy, group }) => [energy, group])).toEqual([
      [-1.25, "liquid quench"],
      [-2.25, "liquid quench"],
      [-3.25, "liquid quench"],
    ]);
    expect([...read[0]!.stress!]).toEqual([0.01, 0.02, 0.03, 0.04, 0.05, 0.06]);
    expect(read[1]!.structure.info).toMatchObject({ text: 'say "hi" = {there}', flag: true, flags: [true, false] });
    expect(JSON.parse(python(DESCRIBE, formatExtxyz(read)))).toEqual(JSON.parse(python(DESCRIBE, written)));
  });
});
