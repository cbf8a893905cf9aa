import { describe, expect, it } from "vitest";
import { cellVolume, deform, strainGradient } from "../../src/structure/cell.js";
import { bcc, betaTin, diamond, fcc, hcp, omega, simpleCubic, simpleHexagonal } from "../../src/structure/lattices.js";
import type { Structure } from "../../src/structure/structure.js";
import { supercell } from "../../src/structure/supercell.js";
import { findSymmetry } from "../../src/structure/symmetry.js";

const lattices: [string, Structure, number, string, number][] = [
  ["simple cubic", simpleCubic("Po", 3.35), 221, "cP1", 1],
  ["bcc", bcc("Ta", 3.3), 229, "cI2", 1],
  ["bcc primitive", bcc("Ta", 3.3, { primitive: true }), 229, "cI2", 1],
  ["fcc", fcc("Cu", 3.6), 225, "cF4", 1],
  ["fcc primitive", fcc("Cu", 3.6, { primitive: true }), 225, "cF4", 1],
  ["diamond", diamond("Si", 5.43), 227, "cF8", 2],
  ["diamond primitive", diamond("Si", 5.43, { primitive: true }), 227, "cF8", 2],
  ["hcp", hcp("Zr", 3.2, 5.1), 194, "hP2", 2],
  ["omega", omega("Ti", 4.6, 2.82), 191, "hP3", 3],
  ["simple hexagonal", simpleHexagonal("Si", 2.6, 2.5), 191, "hP1", 1],
  ["beta-tin", betaTin("Si", 4.8, 2.6), 141, "tI4", 2],
  ["beta-tin primitive", betaTin("Si", 4.8, 2.6, { primitive: true }), 141, "tI4", 2],
];

describe("findSymmetry", () => {
  it.each(lattices)("%s", async (_, structure, number, pearson, primitive) => {
    const found = await findSymmetry(structure);
    expect(found).toMatchObject({ number, pearson });
    expect(found.primitive.numbers.length).toBe(primitive);
    const perAtom = cellVolume(structure.cell) / structure.numbers.length;
    for (const cell of [found.primitive, found.conventional])
      expect(cellVolume(cell.cell) / cell.numbers.length).toBeCloseTo(perAtom, 8);
    expect((await findSymmetry(found.primitive)).number).toBe(number);
    expect((await findSymmetry(found.conventional)).number).toBe(number);
  });

  it("sees through a supercell, and what a strain leaves", async () => {
    const large = supercell(diamond("Si", 5.43), [1, 1, 0, -1, 1, 0, 0, 1, 2]);
    expect(await findSymmetry(large)).toMatchObject({
      number: 227,
      wyckoffs: new Array(large.numbers.length).fill("a"),
    });
    expect((await findSymmetry(deform(large, strainGradient([0, 0, 0.01, 0, 0, 0])))).number).toBe(141);
    expect((await findSymmetry(deform(large, strainGradient([0, 0, 0.01, 0, 0, 0])), 0.3)).number).toBe(227);
  });
});
