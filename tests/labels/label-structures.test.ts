import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Labeler, LabelOutcome } from "../../src/labels/label.js";
import { openLabelCache } from "../../src/labels/label-cache.node.js";
import { formatOutcome, parseOutcome } from "../../src/labels/label-record.js";
import { labelStructures, toLabeled } from "../../src/labels/label-structures.js";
import type { Progress } from "../../src/progress.js";
import { diamond } from "../../src/structure/lattices.js";
import type { Structure } from "../../src/structure/structure.js";

const structures = [5.2, 5.3, 5.4, 5.5, 5.6].map((a) => diamond("Si", a, { primitive: true }));

const labeled = (structure: Structure): LabelOutcome => ({
  status: "labeled",
  label: { energy: -structure.cell[1]! / 3, forces: new Float64Array(6).fill(0.1), stress: new Float64Array(6) },
  code: "fake 1",
  attempts: 1,
  seconds: 0.25,
});

/** A labeler that counts, waits, and does as told for chosen lattice constants. */
function fake(special: Record<number, LabelOutcome> = {}, wait = 0): Labeler & { asked: number[]; most: number } {
  let running = 0;
  const labeler = {
    name: "fake 1",
    asked: [] as number[],
    most: 0,
    fingerprint: (structure: Structure) => `fake 1 ${structure.cell.join(" ")}`,
    async label(structure: Structure, signal?: AbortSignal) {
      const index = structures.indexOf(structure);
      labeler.asked.push(index);
      labeler.most = Math.max(labeler.most, ++running);
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(resolve, wait);
        signal?.addEventListener("abort", () => {
          clearTimeout(timer);
          reject(signal.reason);
        });
      });
      running--;
      return special[index] ?? labeled(structure);
    },
  };
  return labeler;
}

const failure = (reason: "unconverged" | "crashed"): LabelOutcome => ({
  status: "failed",
  reason,
  message: "no",
  attempts: 2,
  seconds: 1,
});

describe("labelStructures", () => {
  let directory = "";
  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), "phasecell-test-"));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it("answers in the order asked, several at a time", async () => {
    const labeler = fake({}, 5);
    const outcomes = await labelStructures(structures, labeler, { parallel: 3 });
    expect(labeler.most).toBe(3);
    expect(outcomes).toEqual(structures.map(labeled));
  });

  it("pays for no label twice, exact to the last bit", async () => {
    const cache = await openLabelCache({ directory });
    const fresh = await labelStructures(structures, fake(), { cache });
    const again = fake();
    expect(await labelStructures(structures, again, { cache: await openLabelCache({ directory }) })).toEqual(fresh);
    expect(again.asked).toEqual([]);
  });

  it("resumes a killed run: what was finished is kept, the rest is computed", async () => {
    const cache = await openLabelCache({ directory });
    const stop = new AbortController();
    const options = { cache, signal: stop.signal, onOutcome: (index: number) => index === 1 && stop.abort() };
    await expect(labelStructures(structures, fake({}, 2), options)).rejects.toThrow(/abort/);
    const second = fake();
    await labelStructures(structures, second, { cache });
    expect(second.asked).toEqual([2, 3, 4]);
  });

  it("remembers what did not converge, and tries again what crashed", async () => {
    const cache = await openLabelCache({ directory });
    await labelStructures(structures, fake({ 1: failure("unconverged"), 3: failure("crashed") }), { cache });
    const second = fake();
    const outcomes = await labelStructures(structures, second, { cache });
    expect(second.asked).toEqual([3]);
    expect(outcomes[1]).toEqual(failure("unconverged"));
  });

  it("aborts within 100 ms", async () => {
    const stop = new AbortController();
    const run = labelStructures(structures, fake({}, 60_000), { signal: stop.signal, parallel: 2 });
    const started = Date.now();
    stop.abort();
    await expect(run).rejects.toThrow();
    expect(Date.now() - started).toBeLessThan(100);
  });

  it("says how far it is and how long the rest takes", async () => {
    const seen: Progress[] = [];
    await labelStructures(structures, fake(), { onProgress: (progress) => seen.push(progress) });
    expect(seen.map(({ done, total }) => `${done}/${total}`)).toEqual(["1/5", "2/5", "3/5", "4/5", "5/5"]);
    expect(seen[0]).toMatchObject({
      task: "labels, fake 1",
      note: expect.stringMatching(/^1 computed, 0 from cache, .* left$/),
    });
  });

  it("stops every lane when one meets an error that is nobody's label", async () => {
    const labeler = fake({}, 60_000);
    const broken: Labeler = {
      ...labeler,
      label: (structure, signal) =>
        structure === structures[1] ? Promise.reject(new Error("no disk")) : labeler.label(structure, signal),
    };
    await expect(labelStructures(structures, broken, { parallel: 3 })).rejects.toThrow("no disk");
    expect(labeler.asked).toEqual([0, 2]);
  });

  it("refuses half a lane", async () => {
    await expect(labelStructures(structures, fake(), { parallel: 0.5 })).rejects.toThrow(/parallel: 0.5; expected/);
  });

  it("reads committed labels and names the line of a broken one", async () => {
    const labeler = fake();
    const file = path.join(directory, "labels.jsonl");
    const key = await import("../../src/labels/label.js").then((m) => m.labelKey(labeler.fingerprint(structures[0]!)));
    await writeFile(file, `${formatOutcome(key, labeled(structures[0]!))}\n`);
    await labelStructures(structures, labeler, { cache: await openLabelCache({ directory, committed: file }) });
    expect(labeler.asked).toEqual([1, 2, 3, 4]);
    await writeFile(file, `${formatOutcome(key, labeled(structures[0]!))}\n{"key":\n`);
    await expect(openLabelCache({ directory, committed: file })).rejects.toThrow(
      /labels\.jsonl line 2: .*expected a label record/,
    );
  });

  it("leaves no partial files, and takes a damaged one for absent", async () => {
    const cache = await openLabelCache({ directory });
    await cache.set("ab12", labeled(structures[0]!));
    expect(await readdir(path.join(directory, "ab"))).toEqual(["ab12.json"]);
    await writeFile(path.join(directory, "ab", "ab12.json"), '{"key":"ab12","status":"lab');
    expect(await cache.get("ab12")).toBeUndefined();
  });
});

describe("outcomes", () => {
  it("survive the record", () => {
    for (const outcome of [labeled(structures[2]!), failure("unconverged")])
      expect(parseOutcome(formatOutcome("k", outcome))).toEqual({ key: "k", outcome });
  });
  it("become labeled structures, or one line that says why not", () => {
    const made = toLabeled(structures[0]!, labeled(structures[0]!), "eos", "eos-diamond");
    expect(made).toMatchObject({ group: "eos", provenance: { source: "eos-diamond", code: "fake 1" } });
    expect(() => toLabeled(structures[0]!, failure("unconverged"), "eos", "eos-diamond")).toThrow(
      /^label of eos-diamond: unconverged: no; expected a converged run; try /,
    );
  });
});
