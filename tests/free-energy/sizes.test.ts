import { describe, expect, it } from "vitest";
import { ofInfiniteSize } from "../../src/free-energy/finite-size.js";
import { gibbsEnergy } from "../../src/free-energy/gibbs.js";
import type { GibbsEnergy, GibbsSettings } from "../../src/free-energy/gibbs-energy.js";
import type { LiquidPhase } from "../../src/free-energy/liquid-phase.js";
import { gibbsAlongIsobar } from "../../src/free-energy/reversible-scaling.js";
import { toRunLengths } from "../../src/free-energy/run-lengths.js";
import { atomsOf, overSizes, sizesOf } from "../../src/free-energy/sizes.js";
import { meanOfIndependent } from "../../src/math/statistics.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { randomStream } from "../../src/random.js";
import { diamond, fcc, hcp } from "../../src/structure/lattices.js";
import { stillingerWeberSilicon } from "../support/silicon.js";

const copper = { name: "fcc", structure: fcc("Cu", 3.6), repeats: [4, 4, 4], cell: "isotropic" } as const;

describe("sizesOf", () => {
  it("keeps the shape of the cell, the phase's own size first and once", () => {
    expect(sizesOf(copper, [500, 256, 108]).map(atomsOf)).toEqual([256, 500, 108]);
    const titanium = { name: "hcp", structure: hcp("Ti", 2.9, 4.6), repeats: [6, 6, 4], cell: "tetragonal" } as const;
    expect(sizesOf(titanium, [900]).map(({ repeats }) => repeats)).toEqual([
      [6, 6, 4],
      [9, 9, 6],
    ]);
  });

  it("refuses numbers that give no other cell, and what is no number of atoms", () => {
    expect(() => sizesOf(copper, [250, 260])).toThrow(/^sizes: \[250,260\]; expected numbers .* from the 256 of fcc/);
    expect(() => sizesOf(copper, [1.5])).toThrow(/^sizes: 1.5; expected whole numbers of atoms$/);
  });
});

const settings = (seed: number) => ({ temperature: 1000, pressure: 0, seed, sizes: [108, 500], ...toRunLengths({}) });

/** What a phase of G(N) = -4 + a/N + c/N^2 might give: works whose scatter goes as sqrt(N). */
function madeUp(replicas: number, curvature: number) {
  return async (phase: LiquidPhase, { seed }: GibbsSettings): Promise<GibbsEnergy> => {
    const atoms = atomsOf(phase);
    const random = randomStream(seed, "replica", atoms);
    const works = Array.from({ length: replicas }, () => {
      const half = 0.02 * Math.sqrt(atoms) * random.normal();
      return { forward: half, backward: -half };
    });
    const reference = -4 + 0.3 / atoms + curvature / atoms ** 2;
    const mean = meanOfIndependent(works.map(({ forward, backward }) => (forward - backward) / 2));
    const gibbs = { value: reference - mean.value / atoms, error: mean.error / atoms };
    const parts = { reference: gibbs.value, finiteSize: 0 };
    const state = { phase: "x", state: "liquid", temperature: 1000, pressure: 0 } as const;
    return { ...state, atoms, gibbs, parts, dissipation: gibbs, averages: {} as never, works };
  };
}

const model: LiquidPhase = { name: "x", state: "liquid", structure: fcc("Cu", 3.6), repeats: [4, 4, 4] };

describe("overSizes", () => {
  it.each([2, 3])("error bars of %i replicas cover G of infinite size in about 68% of runs", async (replicas) => {
    const trials = 1000;
    let covered = 0;
    for (let seed = 0; seed < trials; seed++) {
      const { gibbs } = await overSizes(model, settings(seed), {}, madeUp(replicas, 0));
      if (Math.abs(gibbs.value + 4) < gibbs.error) covered++;
    }
    // Sigma of 1000 trials is 0.015; where the sizes scatter by more than their bars the bar grows, and never shrinks.
    expect(covered / trials).toBeGreaterThan(0.64);
    expect(covered / trials).toBeLessThan(0.8);
  });

  it("sizes that are on no line have a wider error bar, and say so", async () => {
    const straight = await overSizes(model, settings(1), {}, madeUp(3, 0));
    const bent = await overSizes(model, settings(1), {}, madeUp(3, 1000));
    expect(bent.sizes!.freedom).toBe(1);
    expect(bent.sizes!.chiSquared).toBeGreaterThan(10);
    expect(bent.gibbs.error).toBeGreaterThan(3 * straight.gibbs.error);
  });
});

describe("a Gibbs energy with sizes", () => {
  const silicon = createPotential(stillingerWeberSilicon).spec;
  const phase = { name: "diamond", structure: diamond("Si", 5.43), repeats: [1, 1, 1], cell: "isotropic" } as const;
  const brief = { temperature: 300, pressure: 0, equilibration: 200, sampling: 2000, switching: 1500, seed: 4 };

  it("is that of infinite size: eight atoms and sixty-four say what more of them say", async () => {
    const [own, sized, large] = await Promise.all([
      gibbsEnergy(silicon, phase, brief),
      gibbsEnergy(silicon, phase, { ...brief, sizes: [64] }),
      gibbsEnergy(silicon, { ...phase, repeats: [3, 3, 3] }, brief),
    ]);
    const { points, slope, freedom } = sized.sizes!;
    expect(points.map(({ atoms }) => atoms)).toEqual([8, 64]);
    expect(points[0]!.gibbs.value).toBe(own.gibbs.value);
    expect(freedom).toBe(0);
    // All else is of the phase's own size.
    expect(sized).toMatchObject({ atoms: 8, works: own.works, averages: own.averages });
    const sum = Object.values(sized.parts).reduce((total, part) => total + part, 0);
    expect(sum).toBeCloseTo(sized.gibbs.value, 12);
    expect(sized.gibbs.value).toBeCloseTo(points[1]!.gibbs.value - slope.value / 64, 12);
    const off = Math.abs(sized.gibbs.value - large.gibbs.value);
    expect(off).toBeLessThan(3 * Math.hypot(sized.gibbs.error, large.gibbs.error));
    // Beyond what is estimated eight atoms lack up to 0.6 kT/N = 2 meV/atom.
    expect(sized.gibbs.error).toBeLessThan(1e-3);
  });

  it("goes on along an isobar to that of infinite size at its end", async () => {
    const path = await gibbsAlongIsobar(silicon, phase, { ...brief, sizes: [64], finalTemperature: 600, points: 2 });
    expect(path.points[0]!.gibbs.value).toBe(path.start.gibbs.value);
    expect(path.start.sizes!.points.map(({ atoms }) => atoms)).toEqual([8, 64]);
    const large = await gibbsEnergy(silicon, { ...phase, repeats: [3, 3, 3] }, { ...brief, temperature: 600 });
    const { value, error } = path.points.at(-1)!.gibbs;
    expect(Math.abs(value - large.gibbs.value)).toBeLessThan(3 * Math.hypot(error, large.gibbs.error));
    expect(error).toBeLessThan(4e-3);
  });
});

describe("ofInfiniteSize", () => {
  it("extrapolates by 1/N with pooled errors, and leaves a single size alone", () => {
    const point = (atoms: number, error: number) => ({ atoms, gibbs: { value: 2 + 8 / atoms, error } });
    expect(ofInfiniteSize([point(8, 0.1)])).toEqual({ value: 3, error: 0.1 });
    const two = ofInfiniteSize([point(8, 0.1), point(32, 0)]);
    expect(two.value).toBeCloseTo(2, 12);
    // A variance of 0.04 per atom in either: (32 g(32) - 8 g(8)) / 24.
    expect(two.error).toBeCloseTo((0.2 * Math.sqrt(32 + 8)) / 24, 12);
  });
});
