import { describe, expect, it } from "vitest";
import { massesOf } from "../../src/dynamics/velocities.js";
import { gibbsEnergy } from "../../src/free-energy/gibbs.js";
import { toRunLengths } from "../../src/free-energy/run-lengths.js";
import { seedOf } from "../../src/free-energy/seeds.js";
import { drawEinstein } from "../../src/free-energy/switching-leg.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { randomStream } from "../../src/random.js";
import { diamond } from "../../src/structure/lattices.js";
import { toStructure } from "../../src/structure/structure.js";
import { BOLTZMANN } from "../../src/units.js";
import { stillingerWeberSilicon } from "../support/silicon.js";

const silicon = createPotential(stillingerWeberSilicon);
const phase = { name: "diamond", structure: diamond("Si", 5.43), repeats: [1, 1, 1], cell: "isotropic" } as const;

describe("drawEinstein", () => {
  it("draws the canonical distribution with the center of mass fixed, for unequal masses and springs", () => {
    const structure = toStructure({
      cell: [9, 0, 0, 0, 9, 0, 0, 0, 9],
      numbers: [14, 6],
      positions: [0, 0, 0, 3, 3, 3],
    });
    const springConstants = Float64Array.of(2, 5);
    const random = randomStream(1, "replica");
    const [a, b] = massesOf(structure) as unknown as [number, number];
    let square = 0;
    let farthest = 0;
    const draws = 20_000;
    for (let n = 0; n < draws; n++) {
      const positions = drawEinstein({ structure, springConstants, temperature: 600 }, random);
      farthest = Math.max(farthest, Math.abs(a * positions[0]! + b * (positions[3]! - 3)));
      square += positions[0]! ** 2;
    }
    expect(farthest).toBeLessThan(1e-10);
    // On the line a u + b v = 0 the energy is (2 + 5 (a/b)^2) u^2 / 2.
    const expected = (BOLTZMANN * 600) / (2 + 5 * (a / b) ** 2);
    expect(square / draws / expected).toBeCloseTo(1, 1);
    expect(Math.abs(square / draws / expected - 1)).toBeLessThan(0.03);
  });
});

describe("gibbsEnergy", () => {
  const settings = {
    temperature: 300,
    pressure: 5,
    seed: 7,
    equilibration: 100,
    sampling: 200,
    switching: 100,
    replicas: 2,
  };

  it("is the sum of its parts, the same for the same seed, and reports progress to the end", async () => {
    const seen: number[] = [];
    const first = await gibbsEnergy(silicon.spec, phase, settings, {
      onProgress: ({ done, total }) => seen.push(done / total),
    });
    const second = await gibbsEnergy(silicon.spec, phase, settings);
    const { gibbs: _, ...rest } = first;
    expect(second).toEqual({ ...rest, gibbs: first.gibbs });
    expect(Object.values(first.parts).reduce((sum, part) => sum + part, 0)).toBe(first.gibbs.value);
    expect(first.parts.pressureVolume).toBeGreaterThan(0.5);
    expect(seen.every((share, i) => i === 0 || share >= seen[i - 1]!)).toBe(true);
    expect(seen.at(-1)).toBeCloseTo(1, 9);
  });

  it("says that a crystal did not last", async () => {
    const hot = { ...settings, temperature: 6000, pressure: 0, equilibration: 2000, sampling: 2000 };
    await expect(gibbsEnergy(silicon.spec, phase, hot)).rejects.toThrow(
      /diamond at 6000 K and 0.00 GPa: did not stay diamond: .*; expected a phase that is at least metastable/,
    );
  });

  it("stops on abort", async () => {
    const controller = new AbortController();
    const run = gibbsEnergy(silicon.spec, phase, { ...settings, switching: 1e6 }, { signal: controller.signal });
    setTimeout(() => controller.abort(), 200);
    await expect(run).rejects.toThrow(/abort/i);
  });

  it("complains of settings that make no error bar or no time", () => {
    expect(() => toRunLengths({ replicas: 1 })).toThrow(/replicas: 1; expected a whole number of at least 2/);
    expect(() => toRunLengths({ switching: 0 })).toThrow(/switching: 0; expected a time above 0 fs/);
  });
});

it("seeds of different legs differ, and are the same again", () => {
  const seeds = [seedOf(1, 0), seedOf(1, 1), seedOf(1, 0, 1), seedOf(1, 1, 0), seedOf(2, 0)];
  expect(new Set(seeds).size).toBe(5);
  expect(seedOf(1, 0, 1)).toBe(seeds[2]);
});
