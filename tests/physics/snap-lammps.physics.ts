import { expect, it } from "vitest";
import { builtLammps } from "../../src/cli/bench-peers.node.js";
import { readText } from "../../src/formats/files.node.js";
import { parsePotentialExpression } from "../../src/formats/potential-expression.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { atomicNumber, symbolOf } from "../../src/structure/elements.js";
import { bcc, diamond, fcc } from "../../src/structure/lattices.js";
import type { Structure } from "../../src/structure/structure.js";
import { supercell } from "../../src/structure/supercell.js";
import { lammpsOriented, lammpsPotential, runLammps, speciesOf } from "../support/lammps.js";
import { describeWith } from "../support/requirements.js";
import { rattled, skewed, strained, withElements } from "../support/structures.js";
import { lammpsParity, largestDifference, largestMagnitude } from "../support/tolerance.js";

const zincBlende = (a: string, b: string, length: number): Structure =>
  withElements(diamond(a, length), [atomicNumber(a), atomicNumber(b)]);

const cases: readonly (readonly [string, Structure])[] = [
  ["Ta06A", bcc("Ta", 3.316)],
  ["W_2940_2017_2", bcc("W", 3.18)],
  ["WBe_Wood_PRB2019", withElements(bcc("W", 3.18), [74, 4, 74, 74])],
  ["InP_JCPA2020", zincBlende("In", "P", 5.83)],
  ["Mo_Chen_PRM2017", bcc("Mo", 3.16)],
  ["Cu_Zuo_JPCA2020", fcc("Cu", 3.62)],
  ["Mo_Zuo_JPCA2020.quadratic", bcc("Mo", 3.16)],
  ["Si_Zuo_JPCA2020.quadratic", diamond("Si", 5.45)],
];

const arrangements: readonly ((crystal: Structure) => Structure)[] = [
  (crystal) => rattled(supercell(crystal, [2, 0, 0, 0, 2, 0, 0, 0, 3]), 0.15),
  (crystal) => strained(rattled(supercell(crystal, [3, 0, 0, 0, 2, 0, 0, 0, 2]), 0.1, 2)),
  (crystal) => skewed(rattled(supercell(crystal, [2, 0, 0, 0, 2, 0, 0, 0, 2]), 0.12, 3)),
  (crystal) => strained(rattled(crystal, 0.08, 4)),
];

/** Debian's own LAMMPS has no SNAP: this talks to the build of `node scripts/lammps-peer.mjs`. */
const lmp = builtLammps();

describeWith([lmp ? undefined : "no LAMMPS with ML-SNAP: node scripts/lammps-peer.mjs"], "SNAP against LAMMPS", () => {
  it.each(cases)("%s", async (name, crystal) => {
    const [coefficients, parameters] = [lammpsPotential(`${name}.snapcoeff`), lammpsPotential(`${name}.snapparam`)];
    const potential = createPotential(parsePotentialExpression(coefficients, readText));
    const structures = arrangements.map((arrange) => lammpsOriented(arrange(crystal)));
    // With chemflag LAMMPS counts elements in the order of its types, and reads coefficients as if that were the file's.
    const species = name === "InP_JCPA2020" ? [49, 15] : speciesOf(structures[0]!);
    // With chemflag its forces are the gradient of its energy only where coefficients of equal components are equal; those
    // of this file are to the twelve decimals it has.
    const rounding = name === "InP_JCPA2020" ? 1e-8 : 0;
    const commands = [
      "pair_style snap",
      `pair_coeff * * ${coefficients} ${parameters} ${species.map(symbolOf).join(" ")}`,
    ];
    const results = runLammps(structures, commands, species, lmp);
    for (const [k, structure] of structures.entries())
      for (const engine of ["reference", "wasm"] as const) {
        const session = await potential.open(structure, {}, engine);
        const ours = await session.evaluate();
        session.dispose();
        const { energy, forces, virial } = results[k]!;
        const where = `arrangement ${k}, ${engine}`;
        expect(Math.abs(ours.energy / energy - 1), where).toBeLessThan(lammpsParity.energy);
        const force = largestDifference(ours.forces, forces) / largestMagnitude(forces);
        expect(force, where).toBeLessThan(rounding + lammpsParity.forces);
        const stress = largestDifference(ours.virial, virial) / largestMagnitude(virial);
        expect(stress, where).toBeLessThan(rounding + lammpsParity.virial);
      }
  });
});
