import { describe, expect, it } from "vitest";
import { createBispectrum } from "../../src/descriptors/bispectrum.js";
import { farthestPoints, farthestStructures } from "../../src/sampling/farthest-point.js";
import { toStructure } from "../../src/structure/structure.js";

describe("farthest points", () => {
  const line = Float64Array.of(0, 1, 2, 3, 10);

  it("takes the ends of a line, then its middle", () => {
    expect(farthestPoints(line, 1, { count: 3, seed: 1, chosen: [0] })).toEqual([4, 3, 1]);
  });

  it("starts from a seeded point and covers a plane within the radius of the next one", () => {
    const points = Float64Array.from({ length: 200 }, (_, i) => Math.sin(i * i * 1.7));
    const picked = farthestPoints(points, 2, { count: 20, seed: 5 });
    expect(new Set(picked).size).toBe(20);
    expect(farthestPoints(points, 2, { count: 20, seed: 5 })).toEqual(picked);
    const gap = (p: number, centers: number[]): number =>
      Math.min(
        ...centers.map((c) => Math.hypot(points[2 * p]! - points[2 * c]!, points[2 * p + 1]! - points[2 * c + 1]!)),
      );
    const last = gap(picked.at(-1)!, picked.slice(0, -1));
    for (let p = 0; p < 100; p++) expect(gap(p, picked)).toBeLessThanOrEqual(last);
  });

  it("refuses more points than there are", () => {
    expect(() => farthestPoints(line, 1, { count: 6, seed: 1 })).toThrow("number of farthest points: 6; expected");
  });
});

it("farthest structures: of many alike and one apart, the one apart comes first", async () => {
  const dimer = (distance: number) =>
    toStructure({ cell: [20, 0, 0, 0, 20, 0, 0, 0, 20], numbers: [14, 14], positions: [0, 0, 0, distance, 0, 0] });
  const structures = [2.3, 2.31, 2.32, 3.5, 2.33].map(dimer);
  const descriptor = createBispectrum({
    kind: "bispectrum",
    twojmax: 4,
    rcutfac: 4,
    elements: [{ element: "Si", radius: 0.5, weight: 1 }],
  });
  const picked = await farthestStructures(descriptor, structures, { count: 2, seed: 1, chosen: [0] });
  expect(picked[0]).toBe(3);
});
