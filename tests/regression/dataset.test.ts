import { describe, expect, it } from "vitest";
import { assignFolds, checkDataset, splitDataset, summarizeDataset } from "../../src/regression/dataset.js";
import { datasetDigest } from "../../src/regression/digest.js";
import { collectErrors } from "../../src/regression/metrics.js";
import { scaleWeights, structureWeights } from "../../src/regression/weights.js";
import type { LabeledStructure } from "../../src/structure/labeled-structure.js";
import { toStructure } from "../../src/structure/structure.js";

const atom = toStructure({ cell: [3, 0, 0, 0, 3, 0, 0, 0, 3], numbers: [13], positions: [0, 0, 0] });
const frame = (group: string, source?: string, energy = -3): LabeledStructure => ({
  structure: atom,
  energy,
  forces: new Float64Array(3),
  group,
  ...(source === undefined ? {} : { provenance: { source } }),
});

describe("folds", () => {
  const frames = [
    ...Array.from({ length: 60 }, (_, i) => frame("md", `trajectory-${Math.floor(i / 6)}`)),
    ...Array.from({ length: 40 }, () => frame("scan")),
    frame("lone"),
  ];
  const fold = assignFolds(frames, 5, 3);

  it("never divide a source", () => {
    for (let t = 0; t < 10; t++) expect(new Set(fold.subarray(6 * t, 6 * t + 6)).size).toBe(1);
  });

  it("hold every group in equal shares", () => {
    for (let f = 0; f < 5; f++) {
      expect(fold.subarray(0, 60).filter((x) => x === f).length).toBe(12);
      expect(fold.subarray(60, 100).filter((x) => x === f).length).toBe(8);
    }
  });

  it("keep neighbors of a group without sources together", () => {
    let changes = 0;
    for (let i = 61; i < 100; i++) if (fold[i] !== fold[i - 1]) changes++;
    expect(changes).toBeLessThanOrEqual(20);
  });

  it("depend on the seed alone", () => {
    expect(assignFolds(frames, 5, 3)).toEqual(fold);
    expect(assignFolds(frames, 5, 4)).not.toEqual(fold);
  });

  it("a split holds out whole sources, about the share asked for", () => {
    const { train, test } = splitDataset(frames, 0.2, 1);
    expect(train.length + test.length).toBe(frames.length);
    expect(test.length).toBeGreaterThanOrEqual(18);
    expect(test.length).toBeLessThanOrEqual(23);
    const sources = (part: LabeledStructure[]) => new Set(part.map(({ provenance }) => provenance?.source ?? ""));
    for (const source of sources(test)) if (source !== "") expect(sources(train).has(source)).toBe(false);
  });
});

describe("dataset", () => {
  it("is counted over all and per group", () => {
    const { structures, energies, stresses, elements, groups } = summarizeDataset([frame("a"), frame("b"), frame("b")]);
    expect({ structures, energies, stresses, elements }).toEqual({
      structures: 3,
      energies: 3,
      stresses: 0,
      elements: [13],
    });
    expect(groups.b!.structures).toBe(2);
  });

  it("is refused with one line where labels are missing or wrong", () => {
    expect(() => checkDataset([])).toThrow("training data: no structures; expected at least one");
    expect(() => checkDataset([{ structure: atom, group: "a" }])).toThrow("no labels");
    expect(() => checkDataset([frame("a", undefined, Number.NaN)])).toThrow("structure 0 (a): labels: not finite");
    expect(() => checkDataset([{ ...frame("a"), forces: new Float64Array(2) }])).toThrow("forces: 2; expected 3");
  });

  it("has a digest that feels every number and group", async () => {
    const digest = await datasetDigest([frame("a")]);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(await datasetDigest([frame("a")])).toBe(digest);
    expect(await datasetDigest([frame("b")])).not.toBe(digest);
    expect(await datasetDigest([frame("a", undefined, -3.0000001)])).not.toBe(digest);
  });
});

describe("weights", () => {
  it("are those of the group, else the general ones, times the structure's own", () => {
    const frames = [frame("a"), { ...frame("b"), weight: 2 }];
    const [a, b] = structureWeights(frames, { energy: 10, forces: 3, stress: 0, groups: { b: { energy: 7 } } });
    expect(a).toEqual({ energy: 10, forces: 3, stress: 0 });
    expect(b).toEqual({ energy: 14, forces: 6, stress: 0 });
  });

  it("of an unknown group are refused with a suggestion", () => {
    expect(() => structureWeights([frame("liquid")], { groups: { liqud: {} } })).toThrow("try liquid");
  });

  it("scale together", () => {
    expect(
      scaleWeights(
        { energy: 2, forces: 1, stress: 1, groups: { a: { energy: 5 } } },
        { energy: 3, forces: 1, stress: 2 },
      ),
    ).toEqual({ energy: 6, forces: 1, stress: 2, groups: { a: { energy: 15 } } });
  });
});

describe("errors", () => {
  it("are mean absolute, root mean square and R2 per group and over all", () => {
    const collector = collectErrors();
    collector.add("a", "energy", [1, 2], [1.5, 2]);
    collector.add("b", "energy", [4], [2]);
    const { energy, groups } = collector.table();
    expect(energy!.count).toBe(3);
    expect(energy!.mae).toBeCloseTo(2.5 / 3, 14);
    expect(energy!.rmse).toBeCloseTo(Math.sqrt(4.25 / 3), 14);
    expect(energy!.r2).toBeCloseTo(1 - 4.25 / (14 / 3), 14);
    expect(groups.a!.energy!.mae).toBe(0.25);
    expect(groups.b!.energy!.r2).toBeNaN();
    expect(groups.a!.forces).toBeUndefined();
  });
});
