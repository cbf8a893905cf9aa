import { describe, expect, it } from "vitest";
import { createPotential } from "../../src/potentials/create-potential.js";
import type { LawSpec } from "../../src/potentials/potential.js";
import type { Progress } from "../../src/progress.js";
import { randomStream } from "../../src/random.js";
import { predictStructures } from "../../src/regression/evaluation.js";
import { fitPotential } from "../../src/regression/fit.js";
import { coefficientCount, toSnapModel } from "../../src/regression/model.js";
import type { FitSpec } from "../../src/regression/recipe.js";
import { thinDataset, tuningScore } from "../../src/regression/tune.js";
import type { LabeledStructure } from "../../src/structure/labeled-structure.js";
import { type Structure, toStructure } from "../../src/structure/structure.js";

const random = randomStream(3, "rattle");

/** Eight atoms near the sites of a body-centered lattice, in a strained cell of about 6 A. */
function crowd(numbers: readonly number[]): Structure {
  const sites = [0, 1].flatMap((a) => [0, 1].flatMap((b) => [0, 1].map((c) => [a, b, c] as const)));
  const edge = 5.2 + 0.6 * random.uniform();
  return toStructure({
    cell: Array.from({ length: 9 }, (_, i) => (i % 4 === 0 ? edge : 0) + 0.3 * (random.uniform() - 0.5)),
    numbers: sites.map((_, i) => numbers[i % numbers.length]!),
    positions: sites.flatMap((site) => site.map((x) => (edge * x) / 2 + 0.5 * (random.uniform() - 0.5))),
  });
}

async function labeled(laws: readonly LawSpec[], structures: readonly Structure[]): Promise<LabeledStructure[]> {
  const bare = structures.map((structure) => ({ structure }));
  const labels = await predictStructures(createPotential(laws), bare, { engine: "reference" });
  return structures.map((structure, i) => ({
    structure,
    energy: labels[i]!.energy,
    forces: labels[i]!.forces,
    stress: labels[i]!.stress!,
    group: `group-${i % 2}`,
  }));
}

describe("a fit", () => {
  it("finds again the SNAP and core that made the labels", async () => {
    const core: LawSpec = { kind: "ziegler-biersack-littmark", inner: 1.2, outer: 2.2 };
    const elements = [
      { element: "Si", radius: 0.5, weight: 1 },
      { element: "Ge", radius: 0.55, weight: 0.7 },
    ];
    const coefficients = elements.map(() => Array.from({ length: coefficientCount(4, false) }, () => random.normal()));
    const snap = { kind: "snap", twojmax: 4, rcutfac: 4.5, rfac0: 0.9, bzeroflag: false, elements, coefficients };
    const numbers = [[14], [32], [14, 32], [14, 14, 32]];
    const data = await labeled(
      [core, snap],
      Array.from({ length: 12 }, (_, i) => crowd(numbers[i % 4]!)),
    );
    const { potential, errors } = await fitPotential(
      {
        model: { kind: "snap", twojmax: 4, cutoff: 4.5, rfac0: 0.9, elements },
        reference: "zbl(1.2,2.2)",
        ridge: 0,
        tune: false,
      },
      data,
    );
    const found = potential.terms[1]!.coefficients as number[][];
    for (const [e, row] of coefficients.entries())
      for (const [k, value] of row.entries()) expect(Math.abs(found[e]![k]! - value)).toBeLessThan(1e-7);
    expect(errors.forces!.mae).toBeLessThan(1e-9);
    expect(errors.energy!.mae).toBeLessThan(1e-9);
    expect(errors.stress!.mae).toBeLessThan(1e-8);
    expect(createPotential(potential).spec).toEqual(potential);
  });

  it("keeps the energies of isolated atoms where they are given", async () => {
    const teacher = { kind: "lennard-jones", epsilon: 0.3, sigma: 2.4, cutoff: 5, shifted: "force" };
    const data = (
      await labeled(
        [teacher],
        Array.from({ length: 10 }, () => crowd([18])),
      )
    ).map((entry) => ({ ...entry, energy: entry.energy! - 2.5 * 8 }));
    const { potential } = await fitPotential(
      { model: { kind: "snap", twojmax: 2, cutoff: 5 }, reference: "none", isolatedAtoms: { Ar: -2.5 }, tune: false },
      data,
    );
    expect(potential.terms.length).toBe(1);
    const alone = toStructure({ cell: [30, 0, 0, 0, 30, 0, 0, 0, 30], numbers: [18], positions: [0, 0, 0] });
    const [prediction] = await predictStructures(createPotential(potential), [{ structure: alone }]);
    expect(prediction!.energy).toBeCloseTo(-2.5, 12);
    await expect(
      fitPotential({ model: "snap", isolatedAtoms: { Ne: -2 }, reference: "none", tune: false }, data),
    ).rejects.toThrow("an energy of Ar too");
  });

  it("settles by cross-validation what is left open, the same way for the same seed", async () => {
    const teacher = { kind: "lennard-jones", epsilon: 0.3, sigma: 2.4, cutoff: 5, shifted: "force" };
    const data = await labeled(
      [teacher],
      Array.from({ length: 12 }, () => crowd([18])),
    );
    const progress: Progress[] = [];
    const spec: FitSpec = {
      model: { kind: "snap", coefficients: 15 },
      tune: { cutoff: [3, 5], rfac0: [0.9] },
      seed: 5,
    };
    const first = await fitPotential(spec, data, { onProgress: (p) => progress.push(p) });
    const second = await fitPotential(spec, data);
    expect(second.settings).toEqual(first.settings);
    expect(second.potential.terms).toEqual(first.potential.terms);
    const best = first.trials.reduce((a, b) => (b.score < a.score ? b : a));
    expect(new Set(first.trials.map(({ cutoff }) => cutoff))).toEqual(new Set([3, 5]));
    expect(first.settings.cutoff).toBe(best.cutoff);
    expect(first.settings.ridge).toBe(best.ridge);
    expect(first.validation).toEqual(best.errors);
    expect(first.validation.forces!.mae).toBeGreaterThan(first.errors.forces!.mae);
    expect(progress.some(({ task }) => task.startsWith("tuning: cutoff 5"))).toBe(true);
    for (const { done, total } of progress) expect(done).toBeLessThanOrEqual(total);
    const [core, snap] = first.potential.terms;
    expect(core!.kind).toBe("ziegler-biersack-littmark");
    expect((snap!.coefficients as number[][])[0]!.length).toBe(15);
    const { training } = first.potential;
    expect((training!.data as { sha256: string }).sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(training!.seed).toBe(5);
  });

  it("stops when it is told to", async () => {
    const data = await labeled(
      [{ kind: "lennard-jones", epsilon: 1, sigma: 2.4, cutoff: 5 }],
      [crowd([18]), crowd([18])],
    );
    const controller = new AbortController();
    const fit = fitPotential({}, data, {
      signal: controller.signal,
      onProgress: () => controller.abort(new Error("enough")),
    });
    await expect(fit).rejects.toThrow("enough");
  });

  it("refuses recipes and data with one line", async () => {
    const data = await labeled([{ kind: "lennard-jones", epsilon: 1, sigma: 2.4, cutoff: 5 }], [crowd([18])]);
    await expect(fitPotential({ rigde: 1 } as never, data)).rejects.toThrow("unknown key fit.rigde");
    await expect(fitPotential({}, [])).rejects.toThrow("training data: no structures");
    await expect(fitPotential({ weights: { groups: { nothing: {} } } }, data)).rejects.toThrow("group in weights");
    await expect(fitPotential({ reference: "zbl(1)" }, data)).rejects.toThrow("zbl(inner,outer)");
  });
});

describe("models", () => {
  it("are named by their number of coefficients", () => {
    for (const [count, twojmax, quadratic] of [
      [31, 6, false],
      [56, 8, false],
      [496, 6, true],
      [1596, 8, true],
    ] as const) {
      expect(coefficientCount(twojmax, quadratic)).toBe(count);
      const model = toSnapModel({ kind: "snap", coefficients: count }, [42]);
      expect([model.twojmax, model.quadraticflag]).toEqual([twojmax, quadratic]);
    }
    expect(() => toSnapModel({ kind: "snap", coefficients: 30 }, [42])).toThrow("31 (twojmax 6)");
  });

  it("have distinct weights for elements that share a density", () => {
    const { elements } = toSnapModel("snap", [13, 29, 47]);
    expect(elements.map(({ element, weight }) => [element, weight])).toEqual([
      ["Al", 1],
      ["Cu", 0.75],
      ["Ag", 0.5],
    ]);
    expect(() => toSnapModel({ kind: "snap", elements: [{ element: "Al" }] }, [13, 29])).toThrow("Cu too");
  });
});

describe("tuning", () => {
  it("scores by errors whose unit does not matter", () => {
    const at = (energy: number, forces: number) =>
      tuningScore({
        energy: { count: 1, mae: energy, rmse: 0, r2: 0 },
        forces: { count: 1, mae: forces, rmse: 0, r2: 0 },
        groups: {},
      });
    expect(at(0.002, 0.2) - at(0.001, 0.2)).toBeCloseTo(at(2, 200) - at(1, 200), 12);
    expect(at(0.001, 0.2)).toBeLessThan(at(0.002, 0.1));
  });

  it("thins every group evenly", () => {
    const structure = crowd([18]);
    const data = Array.from({ length: 40 }, (_, i) => ({ structure, group: i < 30 ? "many" : "few", energy: i }));
    const part = thinDataset(data, 80);
    expect(part.filter(({ group }) => group === "many").length).toBe(8);
    expect(part.filter(({ group }) => group === "few").length).toBe(3);
    expect(thinDataset(data, 1000)).toEqual(data);
  });
});
