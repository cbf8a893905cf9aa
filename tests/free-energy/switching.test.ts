import { describe, expect, it } from "vitest";
import {
  analyzeSwitching,
  bennettDifference,
  pooledErrors,
  type SwitchingWork,
} from "../../src/free-energy/switching.js";
import { mean } from "../../src/math/statistics.js";
import { type RandomStream, randomStream } from "../../src/random.js";

/** Gaussian work that obeys Crooks's theorem: mean = +-difference + s^2 / 2kT, variance s^2. */
function gaussianWorks(count: number, difference: number, spread: number, kT: number, seed: number): SwitchingWork[] {
  const random = randomStream(seed, "bootstrap");
  const dissipation = spread ** 2 / (2 * kT);
  return Array.from({ length: count }, () => ({
    forward: difference + dissipation + spread * random.normal(),
    backward: -difference + dissipation + spread * random.normal(),
  }));
}

/**
 * Work in units of kT whose distributions there and back are gamma distributions that obey Crooks's theorem exactly, as those of
 * harmonic modes nearly do: with `shape` 22.5 per kT of dissipation, a tenth more is dissipated there than on average.
 */
function gammaWorks(count: number, shape: number, random: RandomStream): SwitchingWork[] {
  const scale = 0.353;
  const draw = (): number => {
    let sum = 0;
    for (let k = 0; k < shape; k++) sum -= Math.log(1 - random.uniform());
    return sum;
  };
  return Array.from({ length: count }, () => ({
    forward: scale * draw(),
    backward: (-scale / (1 + scale)) * draw(),
  }));
}

/** kT. */
const gammaDifference = (shape: number): number => shape * Math.log1p(0.353);

describe("analyzeSwitching", () => {
  it("takes the dissipation out and reports it", () => {
    const { difference, dissipation } = analyzeSwitching(
      [
        { forward: 1.3, backward: -0.7 },
        { forward: 1.1, backward: -0.9 },
      ],
      0.05,
    );
    expect(difference.value).toBeCloseTo(1, 12);
    expect(dissipation.value).toBeCloseTo(0.2, 12);
  });

  it.each([2, 3, 6])("error bars from %d replicas cover the truth in about 68% of runs", (replicas) => {
    const trials = 2000;
    let covered = 0;
    for (let seed = 0; seed < trials; seed++) {
      const { difference } = analyzeSwitching(gaussianWorks(replicas, 5, 0.1, 0.05, seed), 0.05);
      if (Math.abs(difference.value - 5) < difference.error) covered++;
    }
    expect(Math.abs(covered / trials - 0.683)).toBeLessThan(0.035);
  });

  it.each([
    ["2 kT", 45, 12],
    ["10 kT", 225, 3],
    ["10 kT", 225, 12],
  ])(
    "covers the truth in 64% of runs or more where %s are dissipated, a tenth more on one way (shape %d, %d replicas)",
    (_, shape, replicas) => {
      const random = randomStream(11, "bootstrap");
      const trials = 1000;
      let covered = 0;
      for (let trial = 0; trial < trials; trial++) {
        const { difference } = analyzeSwitching(gammaWorks(replicas, shape, random), 1);
        if (Math.abs(difference.value - gammaDifference(shape)) < difference.error) covered++;
      }
      expect(covered / trials).toBeGreaterThan(0.64);
      expect(covered / trials).toBeLessThan(0.82);
    },
  );

  it("has no bias where works overlap, where half the difference has one of 0.2 kT", () => {
    const random = randomStream(12, "bootstrap");
    const trials = 1000;
    let [bias, half] = [0, 0];
    for (let trial = 0; trial < trials; trial++) {
      const works = gammaWorks(6, 45, random);
      bias += (analyzeSwitching(works, 1).difference.value - gammaDifference(45)) / trials;
      for (const { forward, backward } of works)
        half += ((forward - backward) / 2 - gammaDifference(45)) / trials / works.length;
    }
    // The scatter of a run is 0.6 kT; some runs seem to dissipate more than 3 kT.
    expect(Math.abs(bias)).toBeLessThan(0.1);
    expect(half).toBeGreaterThan(0.14);
  });

  it("wants two replicas", () => {
    expect(() => analyzeSwitching([{ forward: 1, backward: -1 }], 1)).toThrow(/replicas: 1/);
  });
});

const halfDifference = (works: readonly SwitchingWork[]): number =>
  mean(works.map(({ forward, backward }) => (forward - backward) / 2));

describe("pooledErrors", () => {
  it("cover the truth in about 68% of runs, at every temperature, where scatter grows with temperature", () => {
    const temperatures = [100, 300, 550, 800];
    const covered = [0, 0, 0, 0];
    const trials = 1000;
    for (let seed = 0; seed < trials; seed++) {
      const sets = temperatures.map((temperature, i) => ({
        scale: temperature,
        kT: temperature * 1e-3,
        works: gaussianWorks(3, 5, temperature / 1000, temperature * 1e-3, 10 * seed + i),
      }));
      pooledErrors(sets).forEach((error, i) => {
        if (Math.abs(halfDifference(sets[i]!.works) - 5) < error) covered[i]!++;
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
