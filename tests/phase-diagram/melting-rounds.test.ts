import { describe, expect, it } from "vitest";
import { meltingRounds, type WatchedRun } from "../../src/phase-diagram/melting-rounds.js";
import { clapeyronSlope } from "../../src/phase-diagram/two-phase-pressure.js";
import { type RandomStream, randomStream } from "../../src/random.js";
import { GPA_PER_EV_A3 } from "../../src/units.js";

const MELTING = 1320;
/** eV/atom and A^3/atom, of the melt over the crystal: copper's. */
const [LATENT_HEAT, EXPANSION] = [0.12, 0.55];
/** K/GPa. */
const CLAPEYRON = (MELTING * EXPANSION) / LATENT_HEAT / GPA_PER_EV_A3;

interface Interface {
  /** 1/ps/K and 1/sqrt(ps). */
  readonly slope: number;
  readonly noise: number;
  /** GPa, of the pressures that runs had by mistake, and their scatter between looks. */
  readonly offset: number;
}

/** A run of 40 ps whose interfaces drift and diffuse, looked at every ps, under a pressure that is not quite what was asked. */
function watched(temperature: number, { slope, noise, offset }: Interface, random: RandomStream): WatchedRun {
  const [times, fractions, energies, volumes, normalPressures]: number[][] = [[], [], [], [], []];
  let share = 0.5 + 0.02 * random.normal();
  let outcome: WatchedRun["outcome"] = "both";
  for (let k = 0; k <= 40 && outcome === "both"; k++) {
    const pressure = offset + 0.2 * random.normal();
    // The interfaces feel the mean pressure; its fluctuations are part of their noise.
    if (k > 0) share += slope * (temperature - MELTING - CLAPEYRON * offset) + noise * random.normal();
    times!.push(1000 * k);
    fractions!.push(share + 0.01 * random.normal());
    energies!.push(-3.3 - share * LATENT_HEAT + 0.005 * random.normal());
    volumes!.push(13 - share * EXPANSION + 0.03 * random.normal());
    normalPressures!.push(pressure);
    if (share > 0.88) outcome = "crystal";
    if (share < 0.12) outcome = "melt";
  }
  const [t, x, e, v, p] = [times, fractions, energies, volumes, normalPressures].map((a) => Float64Array.from(a!));
  return {
    temperature,
    pressure: 0,
    times: t!,
    fractions: x!,
    energies: e!,
    volumes: v!,
    normalPressures: p!,
    outcome,
  };
}

const melt = (growth: Interface, tolerance: number, random: RandomStream) => {
  const all = async (temperatures: readonly number[]) => temperatures.map((at) => watched(at, growth, random));
  return meltingRounds([1210, 1420], { pressure: 0, tolerance, most: 24 }, { probe: all, grow: all });
};

describe("meltingRounds", () => {
  it.each([
    ["like copper's, to 10 K", { slope: -3.3e-4, noise: 0.03, offset: 0 }, 10],
    ["like copper's, to 5 K", { slope: -3.3e-4, noise: 0.03, offset: 0 }, 5],
    ["slow ones, to 5 K", { slope: -1e-4, noise: 8e-3, offset: 0 }, 5],
    ["like copper's under 0.3 GPa too much, to 5 K", { slope: -3.3e-4, noise: 0.03, offset: 0.3 }, 5],
  ])("has error bars that cover the truth in 68% of 3000 experiments: interfaces %s", async (_, growth, tolerance) => {
    const random = randomStream(7, "bootstrap");
    const trials = 3000;
    let covered = 0;
    let settled = 0;
    for (let trial = 0; trial < trials; trial++) {
      const { melting, settled: done, runs } = await melt(growth, tolerance, random);
      if (Math.abs(melting.value - MELTING) < melting.error) covered++;
      if (done) settled++;
      expect(runs.length).toBeGreaterThanOrEqual(9);
      if (done) expect(melting.error).toBeLessThanOrEqual(tolerance);
    }
    expect(settled / trials).toBeGreaterThan(0.8);
    // 0.85% is the binomial sigma.
    expect(Math.abs(covered / trials - 0.683)).toBeLessThan(0.03);
  });

  it("stops where the runs are spent, and says so", async () => {
    const { runs, settled } = await melt({ slope: -3.3e-4, noise: 0.03, offset: 0 }, 0.5, randomStream(8, "bootstrap"));
    expect(runs.length).toBe(24);
    expect(settled).toBe(false);
  });
});

describe("clapeyronSlope", () => {
  it("is T dV/dH of the two phases within its error bar, whatever V, H and the share fluctuate", () => {
    const random = randomStream(9, "bootstrap");
    const temperatures = [1280, 1290, 1300, 1310, 1320, 1330, 1340, 1350, 1360];
    const trials = 1000;
    let covered = 0;
    for (let trial = 0; trial < trials; trial++) {
      const runs = temperatures.map((at) => watched(at, { slope: -3.3e-4, noise: 0.03, offset: 0.1 }, random));
      const { value, error } = clapeyronSlope(runs, MELTING);
      expect(error).toBeLessThan(0.2 * CLAPEYRON);
      if (Math.abs(value - CLAPEYRON) < error) covered++;
    }
    // 1.5% is the binomial sigma.
    expect(Math.abs(covered / trials - 0.683)).toBeLessThan(0.06);
  });
});
