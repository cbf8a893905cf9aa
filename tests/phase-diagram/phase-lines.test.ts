import { describe, expect, it } from "vitest";
import { clausiusClapeyronLine } from "../../src/phase-diagram/clausius-clapeyron.js";
import { fitGibbsSurface } from "../../src/phase-diagram/gibbs-surface.js";
import { type PhaseLine, tracePhaseLine, tracePhaseLines } from "../../src/phase-diagram/phase-lines.js";
import { fitStateSurface } from "../../src/phase-diagram/state-surface.js";
import { madeUpSurface, unitWindow } from "../support/made-up-surface.js";
import { modelMetal, modelWindow } from "../support/model-metal.js";
import { grid, type ModelPhase, measureModel } from "../support/model-phase.js";

const flat = madeUpSurface("flat", {});
const first = (line: PhaseLine) => line.points[0]!;
const last = (line: PhaseLine) => line.points[line.points.length - 1]!;

describe("tracePhaseLine", () => {
  it("follows a vertical line: the pressure has an error, the temperature is the whole window's", () => {
    const [line, ...more] = tracePhaseLine(
      madeUpSurface("a", { t0q1: 0.1, t0q0: 0.02 }, { variance: 1e-6 }),
      flat,
      unitWindow,
    );
    expect(more).toEqual([]);
    expect(line!.ends).toEqual(["window", "window"]);
    expect([first(line!).temperature.value, last(line!).temperature.value].toSorted((a, b) => a - b)).toEqual([
      0, 1000,
    ]);
    for (const { temperature, pressure } of line!.points) {
      expect(pressure.value).toBeCloseTo(4, 9);
      expect(temperature.error).toBe(1000);
      // sigma(G) over the difference of volumes, 0.02 eV/GPa; every term of the surface counts.
      const [t, q] = [temperature.value / 1000, -0.2];
      const square = 1 + t ** 2 + q ** 2 + t ** 4 + t ** 2 * q ** 2 + q ** 4;
      expect(pressure.error).toBeCloseTo((1e-3 * Math.sqrt(square)) / 0.02, 9);
    }
  });

  it("follows a horizontal line", () => {
    const [line, ...more] = tracePhaseLine(
      madeUpSurface("a", { t1q0: 0.1, t0q0: -0.037 }, { variance: 1e-6 }),
      flat,
      unitWindow,
    );
    expect(more).toEqual([]);
    for (const { temperature, pressure } of line!.points) {
      expect(temperature.value).toBeCloseTo(370, 6);
      expect(pressure.error).toBe(10);
    }
  });

  it("goes round a closed line", () => {
    // (t - 0.5)^2 + (q/2)^2 = 0.3^2.
    const ring = madeUpSurface("ring", { t2q0: 1, t1q0: -1, t0q2: 0.25, t0q0: 0.25 - 0.09 });
    const [line, ...more] = tracePhaseLine(ring, flat, unitWindow);
    expect(more).toEqual([]);
    expect(line!.ends).toEqual(["closed", "closed"]);
    expect(first(line!)).toEqual(last(line!));
    for (const { temperature, pressure } of line!.points)
      expect(Math.hypot(temperature.value / 1000 - 0.5, (pressure.value / 5 - 1) / 2)).toBeCloseTo(0.3, 9);
    expect(line!.points.length).toBeGreaterThan(40);
  });

  it("finds every piece: two branches of a hyperbola", () => {
    // (t - 0.5) q = 0.05.
    const saddle = madeUpSurface("saddle", { t1q1: 1, t0q1: -0.5, t0q0: -0.05 });
    const lines = tracePhaseLine(saddle, flat, unitWindow);
    expect(lines).toHaveLength(2);
    for (const line of lines)
      for (const { temperature, pressure } of line.points)
        expect((temperature.value / 1000 - 0.5) * (pressure.value / 5 - 1)).toBeCloseTo(0.05, 10);
  });

  it("ends where a phase is no longer trusted", () => {
    const hull = [
      [0, 0],
      [600, 0],
      [600, 10],
      [0, 10],
    ] as const;
    const [line] = tracePhaseLine(madeUpSurface("a", { t0q1: 0.1, t1q0: 0.02 }, { hull }), flat, unitWindow);
    expect(line!.ends.toSorted()).toEqual(["domain", "window"]);
    const end = line!.ends[0] === "domain" ? first(line!) : last(line!);
    expect(end.temperature.value).toBeCloseTo(600, 4);
    expect(end.pressure.value).toBeCloseTo(5 - 0.6, 6);
  });

  it("has nothing where phases do not cross", () => {
    expect(tracePhaseLine(madeUpSurface("a", { t0q0: 0.1 }), flat, unitWindow)).toEqual([]);
  });
});

describe("tracePhaseLines", () => {
  it("cuts lines where a third phase becomes stable, at one place", () => {
    // Three planes that meet at t = 0.5, q = 0; on top a fourth that is never stable.
    const surfaces = [
      flat,
      madeUpSurface("hot", { t0q0: 0.05, t1q0: -0.1 }),
      madeUpSurface("dense", { t0q1: -0.1 }),
      madeUpSurface("high", { t0q0: 1 }),
    ];
    const lines = tracePhaseLines(surfaces, unitWindow);
    expect(lines.filter(({ stable }) => stable)).toHaveLength(3);
    expect(lines.filter(({ stable }) => !stable)).toHaveLength(3);
    for (const line of lines) {
      expect(line.ends.toSorted()).toEqual(["triple point", "window"]);
      const end = line.ends[0] === "triple point" ? first(line) : last(line);
      // 1e-9 eV is the same G: 1e-5 K here.
      expect(end.temperature.value).toBeCloseTo(500, 4);
      expect(end.pressure.value).toBeCloseTo(5, 6);
    }
    const flatToHot = lines.find(({ phases, stable }) => stable && phases.join() === "flat,hot")!;
    for (const { pressure } of flatToHot.points) expect(pressure.value).toBeLessThan(5 + 1e-6);
  });
});

/** K, where two models have the same G, by bisection. */
function exactTemperature(one: ModelPhase, two: ModelPhase, pressure: number, from: number, to: number): number {
  const sign = Math.sign(one.gibbs(from, pressure) - two.gibbs(from, pressure));
  let [low, high] = [from, to];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (Math.sign(one.gibbs(middle, pressure) - two.gibbs(middle, pressure)) === sign) low = middle;
    else high = middle;
  }
  return low;
}

const places = grid([200, 900, 1500, 2300], [0, 5, 10, 15]);
const noise = { gibbs: 4e-4, volume: 5e-3, enthalpy: 1e-3 };
const [, beta, , liquid] = modelMetal;

describe("a melting line from noisy measurements", () => {
  const draw = (seed: number): PhaseLine => {
    const [one, two] = [beta, liquid].map((phase, i) =>
      fitGibbsSurface(phase.name, measureModel(phase, { gibbs: places, states: places }, noise, 2 * seed + i), {
        window: modelWindow,
      }),
    );
    return tracePhaseLine(one!, two!, modelWindow)[0]!;
  };

  it("covers the truth, in temperature and in pressure", () => {
    const scores: number[] = [];
    const pressureScores: number[] = [];
    for (let seed = 1; seed <= 40; seed++)
      for (const { temperature, pressure } of draw(seed).points.filter((_, n) => n % 12 === 0)) {
        const exact = exactTemperature(beta, liquid, pressure.value, 500, 2900);
        scores.push((temperature.value - exact) / temperature.error);
        // To first order the line is off by as many sigmas whichever way one looks.
        const slope =
          2 /
          (exactTemperature(beta, liquid, pressure.value + 1, 500, 2900) -
            exactTemperature(beta, liquid, pressure.value - 1, 500, 2900));
        pressureScores.push(((exact - temperature.value) * slope) / pressure.error);
      }
    for (const all of [scores, pressureScores]) {
      const rms = Math.sqrt(all.reduce((sum, x) => sum + x * x, 0) / all.length);
      expect(rms).toBeGreaterThan(0.6);
      expect(rms).toBeLessThan(1.15);
      expect(all.filter((x) => Math.abs(x) < 1).length / all.length).toBeGreaterThan(0.6);
      expect(all.filter((x) => Math.abs(x) < 2).length / all.length).toBeGreaterThan(0.92);
    }
  });

  it("agrees with Clausius and Clapeyron's equation integrated from one of its points, which sees no G", () => {
    const line = draw(1);
    const states = [beta, liquid].map((phase, i) =>
      fitStateSurface(
        measureModel(phase, { states: grid([1200, 1500, 1800, 2100], [0, 4, 8, 12, 15]) }, noise, 70 + i).states!.map(
          (state) => ({ ...state, phase: phase.name }),
        ),
      ),
    );
    const middle = line.points[Math.floor(line.points.length / 2)]!;
    const anchor = { temperature: middle.temperature.value, pressure: middle.pressure };
    const others = line.points.filter((_, n) => n % 16 === 4);
    const temperatures = others.map(({ temperature }) => temperature.value);
    const integrated = clausiusClapeyronLine(anchor, states[0]!, states[1]!, { temperatures, seed: 3 });
    integrated.forEach(({ pressure }, n) => {
      const other = others[n]!.pressure;
      expect(Math.abs(pressure.value - other.value) / Math.hypot(pressure.error, other.error)).toBeLessThan(3);
      expect(pressure.error).toBeLessThan(1);
    });
  });
});
