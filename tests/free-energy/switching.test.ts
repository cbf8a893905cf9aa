import { describe, expect, it } from "vitest";
import {
  analyzeSwitching,
  bennettDifference,
  pooledErrors,
  type SwitchingWork,
} from "../../src/free-energy/switching.js";
import { randomStream } from "../../src/random.js";

/** Gaussian work that obeys Crooks's theorem: mean = +-difference + s^2 / 2kT, variance s^2. */
function gaussianWorks(count: number, difference: number, spread: number, kT: number, seed: number): SwitchingWork[] {
  const random = randomStream(seed, "bootstrap");
  const dissipation = spread ** 2 / (2 * kT);
  return Array.from({ length: count }, () => ({
    forward: difference + dissipation + spread * random.normal(),
    backward: -difference + dissipation + spread * random.normal(),
  }));
}

describe("analyzeSwitching", () => {
  it("takes the dissipation out and reports it", () => {
    const { difference, dissipation } = analyzeSwitching([
      { forward: 1.3, backward: -0.7 },
      { forward: 1.1, backward: -0.9 },
    ]);
    expect(difference.value).toBeCloseTo(1, 12);
    expect(dissipation.value).toBeCloseTo(0.2, 12);
  });

  it("error bars from three replicas cover the truth in about 68% of runs", () => {
    const trials = 2000;
    let covered = 0;
    for (let seed = 0; seed < trials; seed++) {
      const { difference } = analyzeSwitching(gaussianWorks(3, 5, 0.1, 0.05, seed));
      if (Math.abs(difference.value - 5) < difference.error) covered++;
    }
    expect(Math.abs(covered / trials - 0.683)).toBeLessThan(0.035);
  });

  it("wants two replicas", () => {
    expect(() => analyzeSwitching([{ forward: 1, backward: -1 }])).toThrow(/replicas: 1/);
  });
});

describe("pooledErrors", () => {
  it("cover the truth in about 68% of runs, at every temperature, where scatter grows with temperature", () => {
    const temperatures = [100, 300, 550, 800];
    const covered = [0, 0, 0, 0];
    const trials = 1000;
    for (let seed = 0; seed < trials; seed++) {
      const sets = temperatures.map((temperature, i) => ({
        temperature,
        works: gaussianWorks(3, 5, temperature / 1000, temperature * 1e-3, 10 * seed + i),
      }));
      pooledErrors(sets).forEach((error, i) => {
        if (Math.abs(analyzeSwitching(sets[i]!.works).difference.value - 5) < error) covered[i]!++;
      });
    }
    for (const count of covered) expect(Math.abs(count / trials - 0.683)).toBeLessThan(0.05);
  });
});

describe("bennettDifference", () => {
  it("agrees with the exact difference where work is far from equilibrium", () => {
    expect(bennettDifference(gaussianWorks(4000, 2, 0.1, 0.05, 9), 0.05)).toBeCloseTo(2, 2);
  });
});
