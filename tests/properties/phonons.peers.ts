import path from "node:path";
import { expect, it } from "vitest";
import { readText } from "../../src/formats/files.node.js";
import { parsePotentialExpression } from "../../src/formats/potential-expression.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { forceConstants } from "../../src/properties/force-constants.js";
import { phononModes } from "../../src/properties/phonons.js";
import { diamond } from "../../src/structure/lattices.js";
import { toStructure } from "../../src/structure/structure.js";
import { PLANCK } from "../../src/units.js";
import { mishinCopper, mishinCopperFile } from "../support/copper.js";
import { frozenOpticalMode } from "../support/frozen-phonon.js";
import { describeWith, isPresent, PYTHON, python, requirePeer } from "../support/requirements.js";

/** The whole chain by ASE: its own reader and splines of the file, its own displacements, sums and eigenvalues. */
const script = `
import json, os, sys, tempfile
import numpy as np
from ase import Atoms
from ase.calculators.eam import EAM
from ase.phonons import Phonons
task = json.load(sys.stdin)
os.chdir(tempfile.mkdtemp())
atoms = Atoms("Cu", cell=task["cell"], pbc=True)
atoms.set_masses([task["mass"]])
phonons = Phonons(atoms, EAM(potential=task["file"]), supercell=(4, 4, 4), delta=0.01)
phonons.run()
phonons.read(acoustic=True)
print(json.dumps(phonons.band_structure(np.array(task["q"]), verbose=False).tolist()))
`;

const needs = [
  isPresent(mishinCopperFile) ? undefined : "no lammps-data",
  requirePeer(PYTHON, "-c", "import ase.phonons, ase.calculators.eam"),
];

describeWith(needs, "phonons of copper (Mishin) and ASE", () => {
  it("agree where waves fit into ASE's supercell", async () => {
    const a = 3.615;
    const structure = toStructure({
      cell: [0, a / 2, a / 2, a / 2, 0, a / 2, a / 2, a / 2, 0],
      numbers: [29],
      positions: [0, 0, 0],
    });
    const constants = await forceConstants(createPotential(mishinCopper()), structure);
    const points = [
      [0.5, 0, 0.5],
      [0.5, 0.5, 0.5],
      [0.5, 0.25, 0.75],
      [0.25, 0, 0.25],
      [0.25, 0.25, 0.25],
    ];
    const input = { file: mishinCopperFile, cell: structure.cell, mass: constants.masses[0], q: points };
    const cell = Array.from({ length: 3 }, (_, i) => Array.from(structure.cell.subarray(3 * i, 3 * i + 3)));
    const energies = JSON.parse(python(script, JSON.stringify({ ...input, cell }))) as number[][];
    points.forEach((q, p) => {
      phononModes(constants, q).frequencies.forEach((found, branch) => {
        const expected = (energies[p]![branch]! * 1000) / PLANCK;
        // ASE does not extrapolate its displacement of 0.01 A: second order, 2e-4 of a force constant; and other splines.
        expect(Math.abs(found / expected - 1)).toBeLessThan(1.5e-4);
      });
    });
  });
});

/** Debian's package lammps-data; lattice constants [A] of peers.md 5. */
const folder = "/usr/share/lammps/potentials";

describeWith([isPresent(folder) ? undefined : "no lammps-data"], "silicon's optical mode at Gamma", () => {
  it.each([
    ["Si.sw", 5.43095],
    ["Si.tersoff", 5.43123],
    ["Si_Zuo_JPCA2020.snapcoeff", 5.4741],
  ])("%s: by force constants and by energies", async (file, a) => {
    const potential = createPotential(parsePotentialExpression(path.join(folder, file), readText));
    const structure = diamond("Si", a, { primitive: true });
    const constants = await forceConstants(potential, structure);
    const expected = await frozenOpticalMode(potential, structure);
    const found = phononModes(constants, [0, 0, 0]).frequencies;
    for (const f of found.subarray(0, 3)) expect(Math.abs(f)).toBeLessThan(1e-4);
    for (const f of found.subarray(3)) expect(Math.abs(f - expected)).toBeLessThan(1e-4);
  });
});
