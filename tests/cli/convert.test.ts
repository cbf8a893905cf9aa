import fs from "node:fs";
import { describe, expect, it } from "vitest";
import { readStructures, writeStructures, writeText } from "../../src/formats/files.node.js";
import { diamond } from "../../src/structure/lattices.js";
import * as samples from "../formats/sample-files.js";
import { runCommand } from "../support/command-line.js";
import { scratchFolder } from "../support/scratch-folder.js";

const folder = scratchFolder("convert");

const run = (...words: string[]) => runCommand("convert", ...words);

describe("phasecell convert", () => {
  it("goes through every written format and back without loss of the structure", async () => {
    const frame = { structure: diamond("Si", 5.43), group: "default" };
    writeStructures(folder.at("0.xyz"), [frame]);
    const names = ["0.xyz", "POSCAR", "2.data", "3.json", "4.xyz.gz"];
    for (const [k, name] of names.slice(1).entries())
      expect((await run(folder.at(names[k]!), folder.at(name))).code).toBe(0);
    const [back] = readStructures(folder.at("4.xyz.gz"));
    expect(back!.structure.positions).toEqual(frame.structure.positions);
    expect(back!.structure.cell).toEqual(frame.structure.cell);
    expect(back!.structure.numbers).toEqual(frame.structure.numbers);
  });

  it("joins inputs, picks a frame, and says what a format does not hold", async () => {
    writeText(folder.at("vasprun.xml"), samples.VASPRUN);
    writeText(folder.at("first.json"), samples.FITSNAP);
    const joined = await run(folder.at("vasprun.xml"), folder.at("first.json"), folder.at("all.xyz"), "--json");
    expect(JSON.parse(joined.stdout)).toMatchObject({ structures: 3, atoms: 6, lost: [] });
    expect(readStructures(folder.at("all.xyz")).map(({ energy }) => energy)).toEqual([-10, -11, -23.5]);
    const picked = await run(folder.at("all.xyz"), folder.at("last.vasp"), "--frame", "-1");
    expect(picked).toMatchObject({ code: 0, stdout: `${folder.at("last.vasp")}: 1 structure, 2 atoms\n` });
    expect(picked.stderr).toMatch(/does not hold: energy, forces, stress, group, column Charges, info label/);
  });

  it("turns potentials into our format and into LAMMPS's", async () => {
    writeText(folder.at("Si.tersoff"), samples.TERSOFF);
    writeText(
      folder.at("zbl.json"),
      JSON.stringify({ format: "phasecell-potential", version: 1, terms: [{ kind: "a" }] }),
    );
    expect(await run(`${folder.at("Si.tersoff")}(Si(B))+zbl(0.5,1.5)`, folder.at("Si.json"))).toMatchObject({
      code: 0,
      stderr: "",
    });
    const { stdout } = await run(folder.at("Si.json"), folder.at("again.tersoff"), "--json");
    expect(JSON.parse(stdout)).toEqual({
      output: folder.at("again.tersoff"),
      files: [folder.at("again.tersoff")],
      commands: [
        "pair_style hybrid/overlay tersoff zbl 0.5 1.5",
        `pair_coeff * * tersoff ${folder.at("again.tersoff")} Si`,
        "pair_coeff 1 1 zbl 14 14",
      ],
      elements: ["Si"],
    });
    expect(fs.readFileSync(folder.at("again.tersoff"), "utf8")).toMatch(/\nSi Si Si 3\.0 1\.0 1\.3258 4\.8381 /);
  });

  it("says what was decided about mlearn's stress", async () => {
    writeText(folder.at("mlearn.json"), samples.MLEARN);
    const { code, stderr } = await run(folder.at("mlearn.json"), folder.at("mlearn.xyz"));
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringMatching(/^stress of Elastic: xx yy zz /) });
  });

  it.each([
    [["x.xyz"], /^phasecell: convert: x\.xyz; expected IN\.\.\. OUT; try phasecell convert/],
    [["absent.xyz", "b.xyz"], /^phasecell: absent\.xyz: no such file/],
    [["all.xyz", "b.vasp"], /3 frames; expected one frame.*--frame N/],
    [["all.xyz", "b.vasp", "--frame", "9"], /--frame: 9; expected a whole number from -3 to 2/],
    [["all.xyz", "b.xml"], /vasprun can only be read/],
    [["all.xyz", "b.foo"], /unknown extension/],
    [["Si.tersoff(Si(B))", "b.sw"], /b\.sw; expected a name that ends in \.tersoff/],
    [["Si.tersoff", "b.json"], /expected one variant of each element; try .*Si\.tersoff\(Si\(D\),C\)/],
    [["zbl.json", "b.sw"], /terms\.0\.kind: a; expected one of/],
  ])("bad input %j is one line, exit code 2, and nothing written", async (words, message) => {
    const before = fs.readdirSync(folder.path);
    const inFolder = words.map((word) => (before.includes(word.replace(/\(.*/, "")) ? folder.at(word) : word));
    const { code, stdout, stderr } = await run(...inFolder);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr.trim().split("\n").length).toBe(1);
    expect(fs.readdirSync(folder.path)).toEqual(before);
  });
});
