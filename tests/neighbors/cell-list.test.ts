import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { initEngine } from "../../src/engine/wasm-module.js";
import { allPairs } from "../../src/neighbors/all-pairs.js";
import { cellList, halfCellList } from "../../src/neighbors/cell-list.js";
import type { NeighborList } from "../../src/neighbors/neighbor-list.js";
import { randomStream } from "../../src/random.js";
import { type Structure, toStructure } from "../../src/structure/structure.js";

beforeAll(initEngine);

const pairsOf = ({ offsets, neighbors, shifts }: NeighborList): string[] => {
  const pairs: string[] = [];
  for (let i = 0; i + 1 < offsets.length; i++)
    for (let k = offsets[i]!; k < offsets[i + 1]!; k++)
      pairs.push(`${i} ${neighbors[k]} ${shifts[3 * k]} ${shifts[3 * k + 1]} ${shifts[3 * k + 2]}`);
  return pairs;
};

/** Both directions of each pair. */
const doubled = (pairs: readonly string[]): string[] =>
  pairs.flatMap((pair) => {
    const [i, j, a, b, c] = pair.split(" ").map(Number) as [number, number, number, number, number];
    return [pair, `${j} ${i} ${0 - a} ${0 - b} ${0 - c}`];
  });

const expectSameLists = (structure: Structure, cutoff: number): void => {
  const expected = pairsOf(allPairs(structure, cutoff)).sort();
  expect(pairsOf(cellList(structure, cutoff)).sort()).toEqual(expected);
  expect(doubled(pairsOf(halfCellList(structure, cutoff))).sort()).toEqual(expected);
};

const scattered = (
  count: number,
  seed: number,
  cell: number[],
  pbc: readonly [boolean, boolean, boolean],
): Structure => {
  const random = randomStream(seed, "rattle");
  const positions: number[] = [];
  for (let i = 0; i < count; i++) {
    // Up to two cells away from the origin, so that wrapping is exercised.
    const f = [0, 1, 2].map(() => 4 * random.uniform() - 2);
    for (let d = 0; d < 3; d++) positions.push(f[0]! * cell[d]! + f[1]! * cell[3 + d]! + f[2]! * cell[6 + d]!);
  }
  return toStructure({ cell, pbc, numbers: new Array(count).fill(14), positions });
};

describe("cell list against all pairs", () => {
  it("holds on random skewed cells, any periodicity, smaller and larger than the cutoff", () => {
    const length = fc.double({ min: 1.5, max: 12, noNaN: true });
    const skew = fc.double({ min: -6, max: 6, noNaN: true });
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.integer({ min: 0, max: 1e9 }),
          count: fc.integer({ min: 1, max: 24 }),
          cell: fc.tuple(length, skew, skew, skew, length, skew, skew, skew, length),
          pbc: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
          cutoff: fc.double({ min: 0.5, max: 6, noNaN: true }),
        }),
        ({ seed, count, cell, pbc, cutoff }) => {
          const [a, b, c, d, e, f, g, h, k] = cell;
          const volume = Math.abs(a * (e * k - f * h) - b * (d * k - f * g) + c * (d * h - e * g));
          fc.pre(volume > 15);
          expectSameLists(scattered(count, seed, cell, pbc), cutoff);
        },
      ),
      { numRuns: 150, seed: 20260 },
    );
  });

  it("holds on a perfect crystal, where images stand exactly at bin and cell faces", () => {
    const a = 5.431;
    const sites = [0, 0, 0, 0, 0.5, 0.5, 0.5, 0, 0.5, 0.5, 0.5, 0];
    const positions = [...sites, ...sites.map((x) => x + 0.25)].map((x) => x * a);
    const structure = toStructure({ cell: [a, 0, 0, 0, a, 0, 0, 0, a], numbers: new Array(8).fill(14), positions });
    // Cutoffs between shells: at a shell itself rounding decides.
    for (const cutoff of [2.4, 3.9, 5, 8.5]) expectSameLists(structure, cutoff);
  });

  it("holds for one atom in a flat cell with an angle of 20 degrees", () => {
    const angle = (20 * Math.PI) / 180;
    const cell = [4, 0, 0, 4 * Math.cos(angle), 4 * Math.sin(angle), 0, 3.1, 1.2, 3];
    expectSameLists(toStructure({ cell, numbers: [14], positions: [9, -3, 0.2] }), 7);
  });

  it("holds for a cluster without periodicity and a distant atom", () => {
    const cluster = scattered(40, 3, [6, 0, 0, 0, 6, 0, 0, 0, 6], [false, false, false]);
    const positions = Float64Array.from([...cluster.positions, 50_000, 0, 0]);
    const numbers = Uint8Array.from([...cluster.numbers, 14]);
    expectSameLists({ ...cluster, cell: new Float64Array(9), positions, numbers }, 3);
  });
});

describe("refused", () => {
  const silicon = (positions: number[], cell: number[]): Structure =>
    toStructure({ cell, numbers: new Array(positions.length / 3).fill(14), positions });

  it("a cell without volume", () => {
    expect(() => cellList(silicon([0, 0, 0], [1, 0, 0, 2, 0, 0, 0, 0, 3]), 3)).toThrow(/^cell: .*linearly independent/);
  });
  it("a cell that is flat against the cutoff", () => {
    expect(() => cellList(silicon([0, 0, 0], [5, 0, 0, 0, 5, 0, 0, 0, 0.01]), 5)).toThrow(
      /not flat against the cutoff/,
    );
  });
  it("an atom that flew away", () => {
    const structure = silicon([0, 0, 0, 1e9, 0, 0], [5, 0, 0, 0, 5, 0, 0, 0, 5]);
    expect(() => cellList(structure, 3)).toThrow("position of atom 1: 1000000000 0 0");
  });
});
