import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { formatLammpsPotential } from "../../src/formats/lammps-potential.js";
import { parsePotentialExpression } from "../../src/formats/potential-expression.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import type { EngineName, LawSpec, PotentialSpec } from "../../src/potentials/potential.js";
import { evaluateTerms } from "../../src/potentials/reference-session.js";
import { atomicNumber, symbolOf } from "../../src/structure/elements.js";
import { bcc, diamond, fcc } from "../../src/structure/lattices.js";
import type { Structure } from "../../src/structure/structure.js";
import { supercell } from "../../src/structure/supercell.js";
import { lammpsOriented, lammpsPotential, runLammps, speciesOf } from "../support/lammps.js";
import { describeWith, requirePeer } from "../support/requirements.js";
import { rattled, skewed, strained, withElements } from "../support/structures.js";
import { lammpsParity, largestDifference, largestMagnitude } from "../support/tolerance.js";

const fromFile = (file: string): PotentialSpec =>
  parsePotentialExpression(lammpsPotential(file), (name) => fs.readFileSync(name, "utf8"));

interface Case {
  readonly name: string;
  readonly spec: PotentialSpec | LawSpec;
  /** Commands for LAMMPS; symbols are those of the types. */
  commands(symbols: readonly string[]): string[];
  /** A crystal of a few atoms. */
  readonly crystal: Structure;
  /** Symbols in the order of LAMMPS's types, where its style takes no other; else by atomic number. */
  readonly types?: readonly string[];
  /** Relative; where the file itself is that far from one meaning. */
  readonly ambiguity?: number;
}

const file = (style: string, name: string, crystal: Structure): Case => ({
  name: `${style} ${name}, ${[...new Set(crystal.numbers)].length} element(s)`,
  spec: fromFile(name),
  commands: (symbols) => [`pair_style ${style}`, `pair_coeff * * ${lammpsPotential(name)} ${symbols.join(" ")}`],
  crystal,
});

/** A file with several variants of an element, one of them for each type. */
function variants(style: string, name: string, chosen: readonly string[], crystal: Structure): Case {
  const variantOf = (symbol: string): string => chosen.find((variant) => variant.replace(/\(.*/, "") === symbol)!;
  return {
    name: `${style} ${name}, ${chosen.join(" ")}`,
    spec: fromFile(`${name}(${chosen.join(",")})`),
    commands: (symbols) => [
      `pair_style ${style}`,
      `pair_coeff * * ${lammpsPotential(name)} ${symbols.map(variantOf).join(" ")}`,
    ],
    crystal,
  };
}

const numbers = (...symbols: string[]): number[] => symbols.map(atomicNumber);
const lennardJonesPairs = [
  { elements: ["Ar", "Ar"], epsilon: 0.0103, sigma: 3.4, cutoff: 8.5 },
  { elements: ["Ne", "Ar"], epsilon: 0.0061, sigma: 3.1, cutoff: 7.2 },
  { elements: ["Ne", "Ne"], epsilon: 0.0031, sigma: 2.75, cutoff: 6.9 },
];

const cases = (): Case[] => [
  ...[false, true].map(
    (shifted): Case => ({
      name: `lj/cut of two elements, ${shifted ? "shifted" : "truncated"}`,
      spec: { kind: "lennard-jones", pairs: lennardJonesPairs, shifted },
      commands: () => [
        "pair_style lj/cut 8.5",
        `pair_modify shift ${shifted ? "yes" : "no"}`,
        "pair_coeff 1 1 0.0031 2.75 6.9",
        "pair_coeff 1 2 0.0061 3.1 7.2",
        "pair_coeff 2 2 0.0103 3.4 8.5",
      ],
      crystal: withElements(fcc("Ar", 5.1), numbers("Ar", "Ne", "Ne")),
    }),
  ),
  {
    name: "lj/cut of one element",
    spec: { kind: "lennard-jones", epsilon: 0.0103, sigma: 3.4, cutoff: 8.5 },
    commands: () => ["pair_style lj/cut 8.5", "pair_coeff 1 1 0.0103 3.4"],
    crystal: fcc("Ar", 5.26),
  },
  {
    name: "morse",
    spec: { kind: "morse", pairs: [{ elements: ["Cu", "Cu"], depth: 0.3429, alpha: 1.3588, r0: 2.866, cutoff: 6.5 }] },
    commands: () => ["pair_style morse 6.5", "pair_coeff 1 1 0.3429 1.3588 2.866"],
    crystal: fcc("Cu", 3.615),
  },
  {
    name: "ufm",
    spec: { kind: "uhlenbeck-ford", strength: 2.5, sigma: 2.2, cutoff: 7 },
    commands: () => ["pair_style ufm 7.0", "pair_coeff 1 1 2.5 2.2"],
    crystal: fcc("Cu", 4.1),
  },
  {
    name: "zbl of two elements",
    spec: { kind: "ziegler-biersack-littmark", inner: 2.2, outer: 3.1 },
    commands: () => ["pair_style zbl 2.2 3.1", "pair_coeff 1 1 6 6", "pair_coeff 1 2 6 14", "pair_coeff 2 2 14 14"],
    crystal: withElements(diamond("Si", 4.36), numbers("Si", "C")),
  },
  {
    name: "zbl of one element",
    spec: { kind: "ziegler-biersack-littmark", inner: 4, outer: 4.8 },
    commands: () => ["pair_style zbl 4.0 4.8", "pair_coeff 1 1 73 73"],
    crystal: bcc("Ta", 3.316),
  },
  file("sw", "Si.sw", diamond("Si", 5.43)),
  file("sw", "CdTe.sw", withElements(diamond("Cd", 6.48), numbers("Cd", "Te"))),
  {
    ...file("sw", "CdTeZnSeHgS0.sw", withElements(diamond("Cd", 6.2), numbers("Cd", "Te", "Zn", "Se", "Te"))),
    // lambda epsilon of i j k and of i k j differ in the seventh digit; LAMMPS takes whichever order its list has.
    ambiguity: 1e-7,
  },
  file("sw", "GaN.sw", withElements(diamond("Ga", 4.5), numbers("Ga", "N"))),
  file("tersoff", "Si.tersoff", diamond("Si", 5.43)),
  file("tersoff", "Ge.tersoff", diamond("Ge", 5.66)),
  file("tersoff", "SiC.tersoff", withElements(diamond("Si", 4.36), numbers("Si", "C"))),
  variants("tersoff", "SiCGe.tersoff", ["Si(D)", "Ge"], withElements(diamond("Si", 5.5), numbers("Si", "Ge"))),
  file("tersoff", "GaN.tersoff", withElements(diamond("Ga", 4.5), numbers("Ga", "N"))),
  file("tersoff", "BNC.tersoff", withElements(diamond("C", 3.6), numbers("B", "N", "C"))),
  file("meam/spline", "Ti.meam.spline", bcc("Ti", 3.27)),
  file("meam/spline", "Si_1.meam.spline", diamond("Si", 5.43)),
  {
    ...file("meam/spline", "TiO.meam.spline", withElements(fcc("Ti", 4.2), numbers("Ti", "O", "Ti"))),
    types: ["Ti", "O"],
  },
  file("meam/sw/spline", "Ti.meam.sw.spline", fcc("Ti", 4.1)),
  file("eam/alloy", "Cu_mishin1.eam.alloy", fcc("Cu", 3.615)),
  file("eam/alloy", "NiAlH_jea.eam.alloy", withElements(fcc("Ni", 3.6), numbers("Ni", "Al", "Ni", "H"))),
  file("eam/fs", "Fe_mm.eam.fs", bcc("Fe", 2.86)),
  file("eam/fs", "AlFe_mm.eam.fs", withElements(bcc("Fe", 2.9), numbers("Fe", "Al"))),
  file("eam/fs", "NiAlH_jea.eam.fs", withElements(fcc("Ni", 3.6), numbers("Ni", "Al", "H"))),
];

const arrangements: readonly (readonly [string, (crystal: Structure) => Structure])[] = [
  ["rattled", (crystal) => rattled(supercell(crystal, [2, 0, 0, 0, 2, 0, 0, 0, 3]), 0.15)],
  ["strained", (crystal) => strained(rattled(supercell(crystal, [3, 0, 0, 0, 2, 0, 0, 0, 2]), 0.1, 2))],
  ["skewed", (crystal) => skewed(rattled(supercell(crystal, [2, 0, 0, 0, 2, 0, 0, 0, 2]), 0.12, 3))],
  ["in a cell smaller than the cutoff", (crystal) => strained(rattled(crystal, 0.08, 4))],
];

/** A .sw file whose cutoffs are shortened by a tolerance and whose p and q are not whole numbers. */
function unusualStillingerWeber(folder: string): Case {
  const name = path.join(folder, "unusual.sw");
  fs.writeFileSync(name, "Si Si Si 2.1683 2.0951 1.80 21.0 0.9 -0.3333 7.05 0.6022 4.3 0.4 0.001\n");
  return {
    name: "sw with p 4.3, q 0.4 and a tolerance",
    spec: parsePotentialExpression(name, (given) => fs.readFileSync(given, "utf8")),
    commands: () => ["pair_style sw", `pair_coeff * * ${name} Si`],
    crystal: diamond("Si", 5.3),
  };
}

describeWith([requirePeer("lmp", "-h")], "laws against LAMMPS", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "laws-"));
  for (const { name, spec, commands, crystal, types, ambiguity = 0 } of [...cases(), unusualStillingerWeber(folder)])
    it(name, async () => {
      const potential = createPotential(spec);
      const structures = arrangements.map(([, arrange]) => lammpsOriented(arrange(crystal)));
      const species = types?.map(atomicNumber) ?? speciesOf(crystal);
      const results = runLammps(structures, commands(species.map(symbolOf)), species);
      for (const [k, [arrangement]] of arrangements.entries()) {
        const [structure, theirs] = [structures[k]!, results[k]!];
        for (const engine of ["reference", "wasm"] as EngineName[]) {
          const session = await potential.open(structure, {}, engine);
          const ours = await session.evaluate();
          session.dispose();
          const where = `${name}, ${arrangement}, ${engine}`;
          const scale = Math.max(1, Math.abs(theirs.energy));
          expect(Math.abs(ours.energy - theirs.energy) / scale, `energy: ${where}`).toBeLessThan(
            ambiguity + lammpsParity.energy,
          );
          const force = Math.max(1, largestMagnitude(theirs.forces));
          const forces = largestDifference(ours.forces, theirs.forces) / force;
          expect(forces, `forces: ${where}`).toBeLessThan(ambiguity + lammpsParity.forces);
          const virial = largestDifference(ours.virial, theirs.virial) / Math.max(1, largestMagnitude(theirs.virial));
          expect(virial, `virial: ${where}`).toBeLessThan(ambiguity + lammpsParity.virial);
        }
      }
    });

  it("reads the files that we write", () => {
    const from: readonly (readonly [string, string, Structure])[] = [
      ["Si.tersoff", "Si.tersoff", diamond("Si", 5.4)],
      ["Ti.meam.spline", "Ti.meam.spline", bcc("Ti", 3.2)],
      ["Ti.meam.sw.spline", "Ti.meam.sw.spline", bcc("Ti", 3.2)],
      ["Si.sw+zbl(0.5,2.6)", "Si.sw", diamond("Si", 5.4)],
      ["AlFe_mm.eam.fs", "AlFe.eam.fs", withElements(bcc("Fe", 2.9), numbers("Fe", "Al"))],
      ["NiAlH_jea.eam.alloy", "NiAlH.eam.alloy", withElements(fcc("Ni", 3.6), numbers("Ni", "Al", "H"))],
    ];
    for (const [expression, name, crystal] of from) {
      const spec = fromFile(expression);
      const { files, commands, elements } = formatLammpsPotential(spec, path.join(folder, name));
      for (const { name: to, text } of files) fs.writeFileSync(to, text);
      const structure = lammpsOriented(rattled(crystal, 0.1));
      const [theirs] = runLammps([structure], commands, elements.map(atomicNumber));
      const ours = evaluateTerms(createPotential(spec).terms, structure);
      expect(Math.abs(ours.energy - theirs!.energy), expression).toBeLessThan(1e-9);
      expect(largestDifference(ours.forces, theirs!.forces), expression).toBeLessThan(1e-8);
    }
  });
});
