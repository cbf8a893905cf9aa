import { describe, expect, it } from "vitest";
import { latticeTranslations, nearestNeighborDistance, siteDisplacements } from "../../src/properties/lattice-sites.js";
import { diffusionCoefficient, meanSquaredDisplacement } from "../../src/properties/mean-squared-displacement.js";
import { radialDistribution } from "../../src/properties/radial-distribution.js";
import { randomStream } from "../../src/random.js";
import { rattle } from "../../src/sampling/rattle.js";
import { deform } from "../../src/structure/cell.js";
import { bcc, betaTin, diamond, fcc, hcp } from "../../src/structure/lattices.js";
import { toStructure } from "../../src/structure/structure.js";
import { supercell } from "../../src/structure/supercell.js";

describe("radialDistribution", () => {
  it("counts the shells of fcc, images beyond half the cell included", () => {
    const { distances, coordination } = radialDistribution([fcc("Cu", 4)], { cutoff: 4.5, bins: 90 });
    const upTo = (r: number): number => coordination[distances.findIndex((d) => d > r)]!;
    expect(upTo(3)).toBeCloseTo(12, 9);
    expect(upTo(4.2)).toBeCloseTo(18, 9);
  });

  it("is one for atoms spread at random", () => {
    const random = randomStream(1, "bootstrap");
    const frames = Array.from({ length: 20 }, () =>
      toStructure({
        cell: [20, 0, 0, 0, 20, 0, 0, 0, 20],
        numbers: new Array(200).fill(18),
        positions: Array.from({ length: 600 }, () => 20 * random.uniform()),
      }),
    );
    const { values } = radialDistribution(frames, { cutoff: 9, bins: 9 });
    for (const g of values.slice(2)) expect(Math.abs(g - 1)).toBeLessThan(0.06);
  });

  it("tells species apart", () => {
    const salt = toStructure({ cell: [4, 0, 0, 0, 4, 0, 0, 0, 4], numbers: [11, 17], positions: [0, 0, 0, 2, 2, 2] });
    const unlike = radialDistribution([salt], { cutoff: 3.7, bins: 37, pair: [11, 17] });
    expect(unlike.coordination.at(-1)).toBeCloseTo(8, 9);
    expect(radialDistribution([salt], { cutoff: 3.7, bins: 37, pair: [11, 11] }).coordination.at(-1)).toBe(0);
    expect(() => radialDistribution([salt], { cutoff: 3.7, pair: [11, 3] })).toThrow(/elements of the frames/);
  });
});

describe("meanSquaredDisplacement", () => {
  it("is v^2 t^2 for atoms flying apart, without the drift of all", () => {
    const frames = Array.from({ length: 9 }, (_, t) => Float64Array.of(5 * t + 0.1 * t, 0, 0, 5 * t - 0.1 * t, 0, 0));
    const { times, values } = meanSquaredDisplacement(frames, 2);
    expect(Array.from(times)).toEqual([0, 2, 4, 6, 8]);
    values.forEach((v, t) => {
      expect(v).toBeCloseTo(0.01 * t * t, 12);
    });
  });

  it("gives the diffusion coefficient of a random walk within its error bar", () => {
    const random = randomStream(5, "bootstrap");
    const positions = new Float64Array(600);
    const frames = Array.from({ length: 1500 }, () =>
      positions.map((_, i) => (positions[i]! += 0.2 * random.normal())),
    );
    // <dx^2> = 0.04 per 10 fs and direction: D = 0.04 / 20 A^2/fs
    const { value, error } = diffusionCoefficient(frames, 10);
    expect(Math.abs(value - 0.002)).toBeLessThan(3 * error + 0.002 / 200);
    expect(error).toBeLessThan(1e-4);
  });
});

describe("lattice sites", () => {
  it("finds the nearest neighbor", () => {
    expect(nearestNeighborDistance(diamond("Si", 5.43))).toBeCloseTo((5.43 * Math.sqrt(3)) / 4, 9);
    expect(nearestNeighborDistance(bcc("Ta", 3.3, { primitive: true }))).toBeCloseTo((3.3 * Math.sqrt(3)) / 2, 9);
  });

  it("counts primitive cells", () => {
    expect(latticeTranslations(supercell(diamond("Si", 5.43), [2, 2, 2]))).toBe(32);
    expect(latticeTranslations(supercell(betaTin("Si", 4.7, 2.6), [2, 2, 3]))).toBe(24);
    expect(latticeTranslations(supercell(fcc("Cu", 3.6), [3, 3, 3]))).toBe(108);
    expect(latticeTranslations(supercell(hcp("Mg", 3.2), [2, 2, 1]))).toBe(4);
  });

  it("measures displacements in the cell of the moment, drift apart", () => {
    const sites = supercell(diamond("Si", 5.43), [2, 1, 1]);
    const stretched = deform(sites, [1.02, 0, 0, 0, 1, 0, 0, 0, 0.97]);
    expect(siteDisplacements(stretched.positions, stretched.cell, sites).largest).toBeLessThan(1e-12);
    const moved = stretched.positions.map((x, i) => x + 7 + (i === 5 ? 0.16 : 0));
    const { largest, atom, meanSquare } = siteDisplacements(moved, stretched.cell, sites);
    expect(atom).toBe(1);
    expect(largest).toBeCloseTo(0.15, 9);
    expect(meanSquare).toBeCloseTo((0.15 ** 2 + 15 * 0.01 ** 2) / 16, 9);
  });

  it("agrees with the amplitude of a rattled crystal", () => {
    const sites = supercell(diamond("Si", 5.43), [4, 4, 4]);
    const { meanSquare } = siteDisplacements(rattle(sites, { amplitude: 0.1, seed: 2 }).positions, sites.cell, sites);
    expect(meanSquare).toBeCloseTo(0.03, 2);
  });
});
