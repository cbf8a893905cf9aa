import { beforeAll, describe, expect, test } from "vitest";
import { initEngine } from "../../src/engine/wasm-module.js";
import { randomStream } from "../../src/random.js";
import { randomFolds } from "../../src/regression/dataset.js";
import type { DesignMatrix } from "../../src/regression/design-matrix.js";
import { learningCurve } from "../../src/regression/learning-curve.js";
import { errorsOnRows, fitRows } from "../../src/regression/linear-fit.js";

beforeAll(() => initEngine());

const TRUTH = [2, -1, 0.5, 3];
const NOISE = 0.1;

/** Structures of one energy row each, energies linear in four numbers, with noise. */
function matrix(structures: number, seed: number, noise = NOISE): DesignMatrix {
  const random = randomStream(seed, "rattle");
  const row = (): Float64Array => {
    const given = [1, ...TRUTH.slice(1).map(() => random.normal())];
    const label = given.reduce((sum, x, k) => sum + x * TRUTH[k]!, 0) + noise * random.normal();
    return Float64Array.of(...given, label);
  };
  return {
    width: TRUTH.length + 1,
    structures: Array.from({ length: structures }, (_, index) => ({ index, group: "all", rows: { energy: row() } })),
    constants: [0],
  };
}
const weights = (count: number) => Array.from({ length: count }, () => ({ energy: 1, forces: 1, stress: 1 }));

describe("fits of a design matrix", () => {
  test("without noise the coefficients are the truth and errors vanish; a part is fitted on its own", async () => {
    const exact = matrix(40, 1, 0);
    const { coefficients } = (await fitRows(exact, weights(40))).solve(0);
    for (const [k, value] of TRUTH.entries()) expect(coefficients[k]).toBeCloseTo(value, 12);
    expect(errorsOnRows(exact, coefficients).energy!.mae).toBeLessThan(1e-12);
    const part = [3, 5, 8, 13, 21];
    const noisy = matrix(40, 2);
    const own = (await fitRows(noisy, weights(40), { only: part })).solve(0).coefficients;
    const same = { ...noisy, structures: part.map((index) => noisy.structures[index]!) };
    expect([...own]).toEqual([...(await fitRows(same, weights(5))).solve(0).coefficients]);
    expect(errorsOnRows(noisy, own, part).energy!.count).toBe(5);
  });

  test("a learning curve meets the noise from above in the test and from below in training", async () => {
    const settings = { sizes: [5, 10, 40, 160], repeats: 8, ridge: 0, seed: 4 };
    const curve = await learningCurve(matrix(160, 5), matrix(4000, 6), { ...settings, weights: weights(160) });
    // Least squares with p unknowns on n rows: rms sigma sqrt(1 - p/n) in training; mean |x| of a normal is 0.798 sigma.
    const floor = NOISE * Math.sqrt(2 / Math.PI);
    const [first, , third, last] = curve.map((point) => ({
      test: point.test.energy!,
      training: point.training.energy!,
    }));
    expect(first!.test.value).toBeGreaterThan(1.5 * floor);
    expect(third!.test.value).toBeGreaterThan(floor);
    expect(third!.training.value).toBeLessThan(floor);
    expect(last!.test.value).toBeCloseTo(floor * Math.sqrt(1 + 4 / 160), 2);
    expect(curve[0]!.test.forces).toBeUndefined();
    const again = await learningCurve(matrix(160, 5), matrix(4000, 6), { ...settings, weights: weights(160) });
    expect(again).toEqual(curve);
  });

  test("a size that is not there is refused", async () => {
    const settings = { sizes: [11], repeats: 2, ridge: 0, seed: 0, weights: weights(10) };
    await expect(learningCurve(matrix(10, 1), matrix(10, 2), settings)).rejects.toThrow(
      /training size: 11; expected .* 1 to 10/,
    );
  });
});

test("random folds are even and the same for the same seed", () => {
  const fold = randomFolds(23, 5, 7);
  const counts = [0, 1, 2, 3, 4].map((f) => fold.filter((x) => x === f).length);
  expect(counts).toEqual([5, 5, 5, 4, 4]);
  expect(randomFolds(23, 5, 7)).toEqual(fold);
});
