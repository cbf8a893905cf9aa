import { describe, expect, it } from "vitest";
import { fitGibbsSurface } from "../../src/phase-diagram/gibbs-surface.js";
import { type TriplePoint, triplePoints } from "../../src/phase-diagram/triple-points.js";
import { madeUpSurface, unitWindow } from "../support/made-up-surface.js";
import { modelMetal, modelWindow } from "../support/model-metal.js";
import { grid, measureModel } from "../support/model-phase.js";

/** Planes that meet at t = 0.5, q = 0. */
const planes = (variance = 0) => [
  madeUpSurface("flat", {}, { variance }),
  madeUpSurface("hot", { t0q0: 0.05, t1q0: -0.1 }, { variance }),
  madeUpSurface("dense", { t0q1: -0.1 }, { variance }),
];

describe("triplePoints", () => {
  it("solves for the place and carries the errors of three phases to it", () => {
    const [point, ...more] = triplePoints(planes(1e-6), unitWindow);
    expect(more).toEqual([]);
    expect(point!.phases).toEqual(["flat", "hot", "dense"]);
    expect(point!.temperature.value).toBeCloseTo(500, 9);
    expect(point!.pressure.value).toBeCloseTo(5, 9);
    // Each G has 1e-6 (1 + 1/4 + 1/16) there; T follows G(flat) - G(hot) by 10 000 K/eV, P by 50 GPa/eV.
    const sigma = 1e-3 * Math.sqrt(1 + 1 / 4 + 1 / 16);
    expect(point!.temperature.error).toBeCloseTo(1e4 * sigma * Math.SQRT2, 9);
    expect(point!.pressure.error).toBeCloseTo(50 * sigma * Math.SQRT2, 9);
    // Both hang on the first phase's G, and on nothing else in common.
    expect(point!.correlation).toBeCloseTo(0.5, 9);
    expect(point!.stable).toBe(true);
  });

  it("calls a point metastable that lies above a fourth phase, and misses none", () => {
    const found = triplePoints([...planes(), madeUpSurface("low", { t0q0: -0.01, t1q1: 0.05 })], unitWindow);
    const own = found.find(({ phases }) => !phases.includes("low"))!;
    expect(own.stable).toBe(false);
    // Of the three other triples each meets once in the window or not at all: where two planes' difference is 0.01 - 0.05 t q.
    for (const { phases, temperature, pressure } of found) {
      const [t, q] = [temperature.value / 1000, pressure.value / 5 - 1];
      const levels: Record<string, number> = {
        flat: 0,
        hot: 0.05 - 0.1 * t,
        dense: -0.1 * q,
        low: -0.01 + 0.05 * t * q,
      };
      const three = phases.map((phase) => levels[phase]!);
      expect(Math.max(...three) - Math.min(...three)).toBeLessThan(1e-12);
    }
    expect(found.length).toBeGreaterThan(1);
  });

  it("finds none where a phase is not trusted", () => {
    const [flat, hot] = planes();
    const cold = madeUpSurface(
      "dense",
      { t0q1: -0.1 },
      {
        hull: [
          [0, 0],
          [400, 0],
          [400, 10],
          [0, 10],
        ],
      },
    );
    expect(triplePoints([flat!, hot!, cold], unitWindow)).toEqual([]);
  });

  it("covers the truth", () => {
    const places = grid([200, 800, 1400], [0, 7.5, 15]);
    const measure = (noise: number, seed: number): TriplePoint =>
      triplePoints(
        modelMetal
          .slice(0, 3)
          .map((phase, i) =>
            fitGibbsSurface(
              phase.name,
              measureModel(
                phase,
                { gibbs: places, states: places },
                { gibbs: noise, volume: 10 * noise, enthalpy: 2 * noise },
                10 * seed + i,
              ),
              { window: modelWindow },
            ),
          ),
        modelWindow,
      ).find(({ stable }) => stable)!;
    // Noise of 0.1 microelectronvolt is the truth, to 0.1 K and 0.01 GPa.
    const exact = measure(1e-7, 1);
    let [tt, pp, chi] = [0, 0, 0];
    const draws = 60;
    for (let seed = 1; seed <= draws; seed++) {
      const { temperature, pressure, correlation } = measure(3e-4, seed);
      const x = (temperature.value - exact.temperature.value) / temperature.error;
      const y = (pressure.value - exact.pressure.value) / pressure.error;
      [tt, pp] = [tt + x * x, pp + y * y];
      chi += (x * x - 2 * correlation * x * y + y * y) / (1 - correlation ** 2);
    }
    for (const mean of [tt / draws, pp / draws, chi / (2 * draws)]) {
      expect(mean).toBeGreaterThan(0.4);
      expect(mean).toBeLessThan(1.4);
    }
  });
});
