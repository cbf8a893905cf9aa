import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rattle, shortestDistance } from "../../src/sampling/rattle.js";
import { diamond } from "../../src/structure/lattices.js";
import { toStructure } from "../../src/structure/structure.js";
import { supercell } from "../../src/structure/supercell.js";

const crystal = diamond("Si", 5.43);

describe("rattle", () => {
  it("is the same for the same seed and index, and another for others", () => {
    const options = { amplitude: 0.1, seed: 7, index: 3 };
    expect(rattle(crystal, options)).toEqual(rattle(crystal, options));
    expect(rattle(crystal, { ...options, index: 4 }).positions).not.toEqual(rattle(crystal, options).positions);
    expect(rattle(crystal, { ...options, seed: 8 }).positions).not.toEqual(rattle(crystal, options).positions);
  });
  it("has the standard deviation asked for", () => {
    const large = supercell(crystal, [5, 5, 5]);
    const moved = rattle(large, { amplitude: 0.1, seed: 1 }).positions.map((x, i) => x - large.positions[i]!);
    const variance = moved.reduce((sum, x) => sum + x * x, 0) / moved.length;
    expect(Math.sqrt(variance)).toBeCloseTo(0.1, 2);
  });
  it("keeps atoms apart, or says that it cannot", () => {
    for (let index = 0; index < 20; index++)
      expect(
        shortestDistance(rattle(crystal, { amplitude: 0.2, seed: 1, index, minimumDistance: 1.9 })),
      ).toBeGreaterThan(1.9);
    expect(() => rattle(crystal, { amplitude: 0.1, seed: 1, minimumDistance: 3 })).toThrow(
      /^rattle: 200 draws of 0.1 A/,
    );
  });
});

describe("shortestDistance", () => {
  it("knows the bond of diamond", () => {
    expect(shortestDistance(crystal)).toBeCloseTo((5.43 * Math.sqrt(3)) / 4, 10);
  });
  it("sees images of one atom across a flat cell", () => {
    // c nearly lies in the plane of a and b: c - a - b is the shortest vector of the lattice.
    const flat = toStructure({ cell: [4, 0, 0, 0, 4, 0, 4, 4, 1], numbers: [14], positions: [0, 0, 0] });
    expect(shortestDistance(flat)).toBeCloseTo(1, 10);
  });
  it("does not depend on the choice of cell vectors or of images", () => {
    const whole = fc.integer({ min: -3, max: 3 });
    fc.assert(
      fc.property(whole, whole, whole, whole, fc.double({ min: 0.2, max: 1, noNaN: true }), (m, n, p, q, x) => {
        const atoms = [0, 0, 0, 2.2 * x, 1.5, 0.7 * x];
        const cell = [4, 0.3, 0, 0.5, 5, 0.2, 0, 1, 4.5];
        const row = (i: number): number[] => cell.slice(3 * i, 3 * i + 3);
        const plain = toStructure({ cell, numbers: [14, 14], positions: atoms });
        const skewed = [
          row(0),
          row(1).map((v, k) => v + m * row(0)[k]!),
          row(2).map((v, k) => v + n * row(1)[k]! + p * row(0)[k]!),
        ];
        const shifted = atoms.map((v, i) => (i < 3 ? v : v + q * row(2)[i - 3]!));
        const other = toStructure({ cell: skewed.flat(), numbers: [14, 14], positions: shifted });
        expect(shortestDistance(other)).toBeCloseTo(shortestDistance(plain), 9);
      }),
      { numRuns: 60 },
    );
  });
});
