import { describe, expect, it } from "vitest";
import { allPairs } from "../../src/neighbors/all-pairs.js";
import { bcc, diamond, fcc } from "../../src/structure/lattices.js";
import { type Structure, toStructure } from "../../src/structure/structure.js";
import { rattled, skewed } from "../support/structures.js";

const rowLengths = ({ offsets }: { offsets: Int32Array }): number[] =>
  Array.from(offsets.slice(1), (end, i) => end - offsets[i]!);

describe("coordination shells of crystals", () => {
  // Numbers of neighbors up to and including each shell, and radii between shells in units of a.
  const cases: readonly [string, Structure, readonly [number, number][]][] = [
    [
      "fcc, one atom",
      fcc("Cu", 1, { primitive: true }),
      [
        [0.8, 12],
        [1.1, 18],
        [1.3, 42],
        [1.5, 54],
        [1.65, 78],
      ],
    ],
    [
      "bcc, one atom",
      bcc("W", 1, { primitive: true }),
      [
        [0.9, 8],
        [1.2, 14],
        [1.5, 26],
        [1.7, 50],
      ],
    ],
    [
      "diamond, two atoms",
      diamond("Si", 1, { primitive: true }),
      [
        [0.6, 4],
        [0.75, 16],
        [0.9, 28],
        [1.05, 34],
      ],
    ],
  ];
  it.each(cases)("%s", (_, crystal, shells) => {
    for (const [cutoff, count] of shells)
      expect(rowLengths(allPairs(crystal, cutoff))).toEqual(new Array(crystal.numbers.length).fill(count));
  });
});

describe("whatever cell describes a crystal", () => {
  it("skewed by whole cell vectors, or with atoms outside it, the distances are the same", () => {
    const start = rattled(diamond("Si", 5.431), 0.2);
    const distances = (structure: Structure): string[] => {
      const { cell, positions } = structure;
      const { offsets, neighbors, shifts } = allPairs(structure, 6);
      const found: string[] = [];
      for (let i = 0; i < structure.numbers.length; i++)
        for (let k = offsets[i]!; k < offsets[i + 1]!; k++) {
          const r = [0, 1, 2].map(
            (d) =>
              positions[3 * neighbors[k]! + d]! -
              positions[3 * i + d]! +
              [0, 1, 2].reduce((sum, v) => sum + shifts[3 * k + v]! * cell[3 * v + d]!, 0),
          );
          found.push(`${i} ${neighbors[k]} ${Math.hypot(...r).toFixed(9)}`);
        }
      return found.sort();
    };
    const outside = start.positions.map((x, k) => x + start.cell[4 * (k % 3)]! * ((k % 5) - 2));
    expect(distances(skewed(start))).toEqual(distances(start));
    expect(distances({ ...start, positions: outside })).toEqual(distances(start));
  });

  it("a direction without periodicity has no images", () => {
    const slab = { ...fcc("Cu", 3.6), pbc: [true, true, false] as const };
    const { shifts } = allPairs(slab, 9);
    expect(shifts.filter((_, k) => k % 3 === 2).every((shift) => shift === 0)).toBe(true);
    expect(new Set(shifts.filter((_, k) => k % 3 === 0))).toEqual(new Set([-2, -1, 0, 1, 2]));
  });
});

describe("refused", () => {
  const one = (cell: number[]): Structure => toStructure({ cell, numbers: [14], positions: [0, 0, 0] });
  it("a cell without volume, a cutoff that is not positive", () => {
    expect(() => allPairs(one([1, 0, 0, 0, 1, 0, 1, 1, 0]), 3)).toThrow(/^cell: .*linearly independent/);
    expect(() => allPairs(one([1, 0, 0, 0, 1, 0, 0, 0, 1]), 0)).toThrow(/^neighbor cutoff: 0/);
    expect(() => allPairs(one([1, 0, 0, 0, 1, 0, 0, 0, 1]), Number.NaN)).toThrow("neighbor cutoff: NaN");
  });
});
