import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { kPointMesh, quantumEspressoInput, saferRecipe } from "../../src/labels/quantum-espresso.js";
import { parseQuantumEspressoOutput } from "../../src/labels/quantum-espresso-output.js";
import { toQuantumEspressoRecipe } from "../../src/labels/quantum-espresso-recipe.js";
import { diamond } from "../../src/structure/lattices.js";
import { BOHR, RYDBERG } from "../../src/units.js";

const fixture = (name: string): string => readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8");

const recipe = toQuantumEspressoRecipe({
  engine: "quantum-espresso",
  cutoff: 8,
  kPointSpacing: 0.8,
  pseudopotentials: { Si: { file: "Si.pbe-rrkj.UPF" } },
});

const displaced = () => {
  const structure = diamond("Si", 5.43, { primitive: true });
  const positions = structure.positions.slice();
  positions.set([positions[3]! + 0.1, positions[4]! - 0.05, positions[5]! + 0.02], 3);
  return { ...structure, positions };
};

/** Fortran namelists as a flat record, and the cards as lists of lines: what pw.x understands, whatever the layout. */
function meaning(input: string): Record<string, unknown> {
  const settings = [...input.matchAll(/(\w+)\s*=\s*('[^']*'|[^,\s]+)/g)].map(([, key, value]) => [key, value]);
  const cards = [...input.matchAll(/^([A-Z]+_[A-Z]+)\b(.*)\n((?:(?![A-Z]+_)[^\n]+\n)*)/gm)].map(
    ([, card, unit, lines]) => [
      card,
      [
        unit!.trim(),
        ...lines!
          .trim()
          .split("\n")
          .map((line) => line.trim().split(/\s+/)),
      ],
    ],
  );
  return Object.fromEntries([...settings, ...cards]);
}

describe("k-point mesh", () => {
  it("is at least as dense as asked along every reciprocal vector", () => {
    expect(kPointMesh(Float64Array.of(5, 0, 0, 0, 10, 0, 0, 0, 2.5), 0.25)).toEqual([6, 3, 11]);
  });
  it("uses reciprocal vectors, not edges, in skewed cells", () => {
    // b of (1,0,0), (1,1,0), (0,0,1) times 5 A: lengths sqrt(2), 1, 1 times 2 pi / 5.
    expect(kPointMesh(Float64Array.of(5, 0, 0, 5, 5, 0, 0, 0, 5), 0.25)).toEqual([8, 6, 6]);
  });
  it("is not tipped over by rounding in the cell", () => {
    const edge = (2 * Math.PI) / (4 * 0.25);
    expect(kPointMesh(Float64Array.of(edge * (1 - 1e-9), 0, 0, 0, edge, 0, 0, 0, edge), 0.25)).toEqual([4, 4, 4]);
  });
  it("refuses a flat cell", () => {
    expect(() => kPointMesh(Float64Array.of(1, 0, 0, 2, 0, 0, 0, 0, 1), 0.2)).toThrow(/cell volume: 0; expected/);
  });
});

describe("pw.in", () => {
  it("means what the fixture that pw.x ran means", () => {
    expect(meaning(quantumEspressoInput(displaced(), recipe))).toEqual(meaning(fixture("si2-converged.pw.in")));
  });
  it("asks for forces and stress of a smeared metal", () => {
    const smeared = { ...recipe, smearing: { kind: "marzari-vanderbilt", width: 0.03 }, densityCutoff: 40 } as const;
    expect(meaning(quantumEspressoInput(displaced(), smeared))).toMatchObject({
      calculation: "'scf'",
      tprnfor: ".true.",
      tstress: ".true.",
      ecutwfc: "8",
      ecutrho: "40",
      occupations: "'smearing'",
      smearing: "'mv'",
      degauss: "0.03",
    });
  });
  it("names no directory of this machine", () => {
    expect(quantumEspressoInput(displaced(), recipe)).not.toMatch(/pseudo_dir|\/usr|\/home/);
  });
  it("mixes more slowly, with smearing, the second time", () => {
    expect(meaning(quantumEspressoInput(displaced(), saferRecipe(recipe)))).toMatchObject({
      mixing_beta: "0.3",
      occupations: "'smearing'",
      electron_maxstep: "200",
    });
  });
  it("refuses a slab without periodicity and an element without pseudopotential", () => {
    expect(() => quantumEspressoInput({ ...displaced(), pbc: [true, true, false] }, recipe)).toThrow(/^pbc: /);
    const germanium = { ...displaced(), numbers: Uint8Array.of(14, 32) };
    expect(() => quantumEspressoInput(germanium, recipe)).toThrow(
      /pseudopotential: Ge; expected one of the recipe's: Si/,
    );
  });
});

describe("recipe", () => {
  it("suggests the key that was meant", () => {
    expect(() => toQuantumEspressoRecipe({ ...recipe, cutof: 20 })).toThrow(/label recipe.*cutof/);
  });
  it("refuses a cutoff that is not above zero", () => {
    expect(() => toQuantumEspressoRecipe({ ...recipe, cutoff: 0 })).toThrow(/label recipe\.cutoff: 0; expected/);
  });
});

describe("pw.out", () => {
  it("gives energy, forces and stress in eV, eV/A and eV/A^3 with tension positive", () => {
    const output = parseQuantumEspressoOutput(fixture("si2-converged.pw.out"), 2);
    if (output.status !== "converged") throw new Error(output.message);
    expect(output.version).toBe("6.7MaX");
    expect(output.seconds).toBeCloseTo(0.08);
    expect(output.label.energy).toBeCloseTo(-15.59425523 * RYDBERG, 10);
    expect(output.label.forces[0]).toBeCloseTo((0.05310648 * RYDBERG) / BOHR, 10);
    expect(output.label.forces[5]).toBeCloseTo((-0.01681542 * RYDBERG) / BOHR, 10);
    // pw.x prints -49.00 kbar: the cell is under tension, and -trace/3 of ours is the pressure.
    const [xx, yy, zz, yz, xz, xy] = output.label.stress;
    expect((-(xx! + yy! + zz!) / 3) * 1602.1766).toBeCloseTo(-49.0, 1);
    expect([yz!, xz!, xy!].map((x) => -x * 1602.1766)).toEqual(
      [-34.65, 18.82, -11.22].map((x) => expect.closeTo(x, 1)),
    );
  });
  it("does not believe JOB DONE", () => {
    const text = fixture("si2-unconverged.pw.out");
    expect(text).toContain("JOB DONE");
    expect(parseQuantumEspressoOutput(text, 2)).toMatchObject({
      status: "unconverged",
      message: "no self-consistency after 2 steps",
    });
  });
  it("reports the routine and message of a stop", () => {
    expect(parseQuantumEspressoOutput(fixture("si2-missing-pseudopotential.pw.out"), 2)).toMatchObject({
      status: "crashed",
      message: "pw.x stopped in readpp: file /usr/share/espresso/pseudo/absent.UPF not found",
    });
  });
  it("finds no label in an output cut off anywhere before its end", () => {
    const text = fixture("si2-converged.pw.out");
    for (let length = 0; length < text.lastIndexOf("JOB DONE"); length += 37)
      expect(parseQuantumEspressoOutput(text.slice(0, length), 2).status).toBe("crashed");
  });
  it("finds no label where forces are missing or starred out", () => {
    const text = fixture("si2-converged.pw.out");
    expect(parseQuantumEspressoOutput(text, 3)).toMatchObject({
      status: "crashed",
      message: expect.stringContaining("forces"),
    });
    expect(parseQuantumEspressoOutput(text.replace("0.05310648", "**********"), 2).status).toBe("crashed");
    expect(parseQuantumEspressoOutput(text.replace("-15.59425523", "NaN"), 2).status).toBe("crashed");
  });
});
