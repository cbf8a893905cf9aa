import { describe, expect, it } from "vitest";
import { boundarySlope, clausiusClapeyronLine } from "../../src/phase-diagram/clausius-clapeyron.js";
import { crossing, gibbsAtPressure } from "../../src/phase-diagram/coexistence.js";
import type { StatePoint } from "../../src/phase-diagram/phase-point.js";
import { fitStateSurface } from "../../src/phase-diagram/state-surface.js";
import { randomStream } from "../../src/random.js";
import { GPA_PER_EV_A3 } from "../../src/units.js";

/**
 * A made-up phase with an exact G(T, P) [eV/atom]: classical harmonic entropy, V linear in P and T.
 * G = u + P V0 (1 + a T) - P^2 V0 / 2B - 3 k T ln(T / theta); V = dG/dP; H = G - T dG/dT.
 */
function model(u: number, volume: number, expansion: number, bulk: number, theta: number) {
  const k = 8.617333262145179e-5;
  const gibbs = (t: number, p: number): number =>
    u +
    (p * volume * (1 + expansion * t) - (p * p * volume) / (2 * bulk)) / GPA_PER_EV_A3 -
    3 * k * t * Math.log(t / theta);
  return {
    gibbs,
    volume: (t: number, p: number): number => volume * (1 + expansion * t) - (p * volume) / bulk,
    enthalpy: (t: number, p: number): number => gibbs(t, p) - (t * (gibbs(t + 0.01, p) - gibbs(t - 0.01, p))) / 0.02,
  };
}

const low = model(-5.4, 20.4, 1e-5, 95, 600);
const high = model(-5.12, 15.4, 2e-5, 115, 420);
const temperatures = [100, 275, 450, 625, 800];

function statePoints(phase: ReturnType<typeof model>, name: string, noise = 0, seed = 0): StatePoint[] {
  const random = randomStream(seed, "bootstrap");
  return temperatures.flatMap((temperature) =>
    [8, 10.5, 13].map((pressure) => ({
      phase: name,
      temperature,
      pressure,
      volume: { value: phase.volume(temperature, pressure) + 10 * noise * random.normal(), error: 10 * noise + 1e-9 },
      enthalpy: { value: phase.enthalpy(temperature, pressure) + noise * random.normal(), error: noise + 1e-9 },
    })),
  );
}

function branch(phase: ReturnType<typeof model>, points: StatePoint[], temperature: number, error = 0, shift = 0) {
  const gibbs = { value: phase.gibbs(temperature, 10.5) + shift, error };
  return { point: { phase: "x", temperature, pressure: 10.5, gibbs }, surface: fitStateSurface(points) };
}

const exactBoundary = (t: number): number => {
  let [a, b] = [0, 30];
  for (let n = 0; n < 60; n++) {
    const p = (a + b) / 2;
    if (high.gibbs(t, p) > low.gibbs(t, p)) a = p;
    else b = p;
  }
  return a;
};

describe("fitStateSurface", () => {
  it("carries G along an isotherm by the integral of V", () => {
    const known = branch(low, statePoints(low, "low"), 450);
    expect(gibbsAtPressure(known, 12.3).value).toBeCloseTo(low.gibbs(450, 12.3), 7);
  });

  it("makes do with one temperature, and says when it cannot", () => {
    const points = statePoints(low, "low").filter((p) => p.temperature === 450);
    expect(fitStateSurface(points).volume(450, 9).value).toBeCloseTo(low.volume(450, 9), 7);
    expect(() => fitStateSurface(points.slice(0, 1))).toThrow(/at least 3 at 2 or more pressures/);
  });
});

describe("crossing", () => {
  it("finds where two phases have the same G, and the error of its pressure", () => {
    const [one, two] = [
      branch(low, statePoints(low, "low"), 450, 3e-4),
      branch(high, statePoints(high, "high"), 450, 4e-4),
    ];
    const { pressure } = crossing(one, two);
    expect(pressure.value).toBeCloseTo(exactBoundary(450), 5);
    const volume = low.volume(450, pressure.value) - high.volume(450, pressure.value);
    expect(pressure.error).toBeCloseTo((5e-4 / volume) * GPA_PER_EV_A3, 5);
  });

  it("wants one isotherm", () => {
    const points = statePoints(low, "low");
    expect(() => crossing(branch(low, points, 100), branch(high, points, 275))).toThrow(/one isotherm/);
  });
});

describe("clausiusClapeyronLine", () => {
  const surfaces = [fitStateSurface(statePoints(low, "low")), fitStateSurface(statePoints(high, "high"))] as const;

  it("has the slope of the exact boundary", () => {
    const numerical = (exactBoundary(451) - exactBoundary(449)) / 2;
    expect(boundarySlope(...surfaces, 450, exactBoundary(450))).toBeCloseTo(numerical, 6);
  });

  it("follows the exact boundary both ways from one point", () => {
    const anchor = { temperature: 450, pressure: { value: exactBoundary(450), error: 0.02 } };
    const line = clausiusClapeyronLine(anchor, ...surfaces, { temperatures, seed: 1 });
    for (const { temperature, pressure } of line) {
      expect(pressure.value).toBeCloseTo(exactBoundary(temperature), 3);
      // An error of the starting point stays an error of (G1 - G2) / T, so that it grows in proportion to T.
      expect(pressure.error / ((0.02 * temperature) / 450)).toBeCloseTo(1, 0);
    }
  });

  it("covers the truth with noisy runs", () => {
    let worst = 0;
    let sum = 0;
    let terms = 0;
    for (let seed = 1; seed <= 12; seed++) {
      const noisy = [
        fitStateSurface(statePoints(low, "l", 3e-4, seed)),
        fitStateSurface(statePoints(high, "h", 3e-4, seed + 50)),
      ];
      const start = { value: exactBoundary(450) + 0.02 * randomStream(seed, "rattle").normal(), error: 0.02 };
      const line = clausiusClapeyronLine({ temperature: 450, pressure: start }, noisy[0]!, noisy[1]!, {
        temperatures,
        seed,
        samples: 60,
      });
      for (const { temperature, pressure } of line) {
        const deviation = Math.abs(pressure.value - exactBoundary(temperature)) / pressure.error;
        worst = Math.max(worst, deviation);
        sum += deviation ** 2;
        terms++;
      }
    }
    expect(worst).toBeLessThan(4);
    expect(Math.sqrt(sum / terms)).toBeGreaterThan(0.6);
    expect(Math.sqrt(sum / terms)).toBeLessThan(1.5);
  });
});
