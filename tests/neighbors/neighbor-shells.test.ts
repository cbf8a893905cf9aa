import { beforeAll, describe, expect, test } from "vitest";
import { initEngine } from "../../src/engine/wasm-module.js";
import { listLifetimes } from "../../src/neighbors/list-lifetime.js";
import { neighborShells } from "../../src/neighbors/neighbor-shells.js";
import { diamond, fcc } from "../../src/structure/lattices.js";

beforeAll(() => initEngine());

describe("shells of neighbors", () => {
  test("diamond has 4, 12, 12, 6 neighbors, in any cell", () => {
    for (const crystal of [diamond("Si", 5.43), diamond("Si", 5.43, { primitive: true })]) {
      const shells = neighborShells(crystal, 5.5);
      expect(shells.map(({ count }) => count)).toEqual([4, 12, 12, 6]);
      expect(shells.map(({ total }) => total)).toEqual([4, 16, 28, 34]);
      expect(shells[0]!.distance).toBeCloseTo((5.43 * Math.sqrt(3)) / 4, 12);
      expect(shells[1]!.distance).toBeCloseTo(5.43 / Math.sqrt(2), 12);
    }
  });

  test("close distances are one shell within the tolerance", () => {
    const crystal = fcc("Si", 4);
    const squeezed = { ...crystal, cell: crystal.cell.map((x, k) => (k === 8 ? x * 1.005 : x)) };
    squeezed.positions = crystal.positions.map((x, k) => (k % 3 === 2 ? x * 1.005 : x));
    expect(neighborShells(squeezed, 3, 1e-3).map(({ count }) => count)).toEqual([4, 8]);
    expect(neighborShells(squeezed, 3, 0.05).map(({ count }) => count)).toEqual([12]);
  });
});

describe("lifetime of a list", () => {
  const still = Float64Array.of(0, 0, 0, 5, 0, 0);
  const frames = Array.from({ length: 11 }, (_, k) => still.map((x, d) => (d === 3 ? x + 0.1 * k : x)));

  test("ends when twice the largest displacement exceeds the skin, and starts again from there", () => {
    // 0.1 A a frame: 2 * 0.3 > 0.5 at the third frame, and again every third.
    expect(listLifetimes(frames, 10, [0.5, 0.75, 3])).toEqual([
      { skin: 0.5, lifetimes: Float64Array.of(30, 30, 30) },
      { skin: 0.75, lifetimes: Float64Array.of(40, 40) },
      { skin: 3, lifetimes: new Float64Array(0) },
    ]);
  });

  test("one frame is refused", () => {
    expect(() => listLifetimes([still], 10, [1])).toThrow("frames: 1; expected at least two");
  });
});
