import { describe, expect, it } from "vitest";
import { randomStrain, scaleToVolume, strainGrid, strainStructure } from "../../src/sampling/strain.js";
import { cellVolume, toFractional } from "../../src/structure/cell.js";
import { diamond } from "../../src/structure/lattices.js";

const crystal = diamond("Si", 5, { primitive: false });
const near = (values: ArrayLike<number>) => Array.from(values, (x) => expect.closeTo(x, 10));

describe("strain", () => {
  it("takes engineering shears in the order xx yy zz yz xz xy, without rotation", () => {
    expect([...strainStructure(crystal, [0.1, 0, 0, 0.02, 0, 0]).cell]).toEqual(
      near([5.5, 0, 0, 0, 5, 0.05, 0, 0.05, 5]),
    );
    expect([...strainStructure(crystal, [0, 0, 0, 0, 0.02, 0.04]).cell]).toEqual(
      near([5, 0.1, 0.05, 0.1, 5, 0, 0.05, 0, 5]),
    );
  });
  it("leaves fractional positions", () => {
    const strained = strainStructure(crystal, [0.1, -0.05, 0.02, 0.02, 0.03, 0.04]);
    expect([...toFractional(strained.cell, strained.positions)]).toEqual(
      near(toFractional(crystal.cell, crystal.positions)),
    );
  });
  it("makes a grid component by component", () => {
    const grid = strainGrid(crystal, [-0.01, 0.01]);
    expect(grid).toHaveLength(12);
    expect(grid[4]!.cell[8]).toBeCloseTo(4.95);
    expect(grid[11]!.cell[1]).toBeCloseTo(0.025);
  });
  it("draws every component within the amplitude, the same for the same seed", () => {
    expect(randomStrain(crystal, 0.05, 1, 2)).toEqual(randomStrain(crystal, 0.05, 1, 2));
    for (let index = 0; index < 50; index++) {
      const { cell } = randomStrain(crystal, 0.05, 1, index);
      for (const k of [0, 4, 8]) expect(Math.abs(cell[k]! / 5 - 1)).toBeLessThanOrEqual(0.05);
      for (const k of [1, 2, 5]) expect(Math.abs(cell[k]! / 5)).toBeLessThanOrEqual(0.025);
    }
  });
  it("scales to a volume per atom", () => {
    const scaled = scaleToVolume(crystal, 20);
    expect(cellVolume(scaled.cell) / 8).toBeCloseTo(20, 10);
    expect(scaled.positions[4]! / crystal.positions[4]!).toBeCloseTo(scaled.cell[0]! / 5, 10);
  });
});
