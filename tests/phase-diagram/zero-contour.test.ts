import { describe, expect, it } from "vitest";
import { root, zeroContour } from "../../src/phase-diagram/zero-contour.js";

const window = { temperature: [0, 640], pressure: [0, 64] } as const;

describe("zeroContour", () => {
  it.each([0.01, -0.01])("parts two branches within one cell by the sign in its middle (%d)", (by) => {
    // Cells are 10 K by 1 GPa: the branches pass the middle of a cell at 0.1 of its size.
    const of = (t: number, p: number): number => ((t - 325) / 10) * (p - 32.5) - by;
    const curves = zeroContour(of, window);
    expect(curves).toHaveLength(2);
    for (const { places, closed } of curves) {
      expect(closed).toBe(false);
      // A branch stays on its side of both asymptotes.
      expect(new Set(places.map(([t]) => Math.sign(t - 325))).size).toBe(1);
      expect(new Set(places.map(([, p]) => Math.sign(p - 32.5))).size).toBe(1);
      for (const place of places) expect(Math.abs(of(...place))).toBeLessThan(1e-9);
    }
  });

  it("finds a ring and a line beside it, and each once", () => {
    const ring = (t: number, p: number): number => Math.hypot((t - 200) / 10, p - 20) - 12;
    const curves = zeroContour((t, p) => ring(t, p) * (p - 50.2), window);
    expect(curves.map(({ closed }) => closed).toSorted()).toEqual([false, true]);
    expect(curves.find(({ closed }) => !closed)!.places).toHaveLength(65);
    for (const place of curves.find(({ closed }) => closed)!.places) expect(ring(...place)).toBeCloseTo(0, 9);
  });

  it("is empty where nothing changes its sign", () => {
    expect(zeroContour(() => 1, window)).toEqual([]);
  });
});

describe("root", () => {
  it("solves to rounding, of flat and of steep functions", () => {
    expect(root((x) => x ** 9 - 0.5, 0, 1)).toBeCloseTo(0.5 ** (1 / 9), 14);
    expect(root((x) => Math.expm1(40 * (x - 0.3)), 0, 1)).toBeCloseTo(0.3, 12);
    expect(root((x) => x, -1, 0)).toBe(0);
  });
});
