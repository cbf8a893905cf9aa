import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { LegStore } from "../../src/free-energy/legs.js";
import { diskStore } from "../../src/notebook/disk-store.node.js";
import { createStage, type StageHost, type StageReport } from "../../src/notebook/stage.js";
import { readEntry, writeEntry } from "../../src/notebook/stage-cache.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "phasecell-stage-"));
});
afterEach(() => rm(folder, { recursive: true }));

const reports: StageReport[] = [];
function stageOf(over: Partial<StageHost> = {}, signal = new AbortController().signal) {
  reports.length = 0;
  const host: StageHost = {
    store: diskStore(folder),
    hash: (bytes) => createHash("sha256").update(bytes).digest("hex"),
    seed: 1,
    engine: "wasm",
    versions: { build: "a" },
    ...over,
  };
  return createStage(host, signal, (report) => reports.push(report));
}

const cube = ({ x }: { readonly x: number }) => ({ cubes: Float64Array.of(x ** 3) });

describe("stage", () => {
  test("computes once, then serves the same value from the cache", async () => {
    const first = await stageOf()("cube", { x: 2 }, cube);
    expect(reports[0]?.cached).toBe(false);
    const again = await stageOf()("cube", { x: 2 }, cube);
    expect(reports[0]?.cached).toBe(true);
    expect(again).toEqual(first);
    expect(again.cubes).toBeInstanceOf(Float64Array);
  });

  test.each([
    ["an input", stageOf, { x: 3 }, cube],
    ["the function", stageOf, { x: 2 }, ({ x }: { x: number }) => ({ cubes: Float64Array.of(x * x * x) })],
    ["the seed", () => stageOf({ seed: 2 }), { x: 2 }, cube],
    ["the engine", () => stageOf({ engine: "reference" }), { x: 2 }, cube],
    ["the build", () => stageOf({ versions: { build: "b" } }), { x: 2 }, cube],
  ])("a change of %s recomputes", async (_, change, inputs, compute) => {
    await stageOf()("cube", { x: 2 }, cube);
    const { key } = reports[0]!.provenance;
    await change()("cube", inputs, compute);
    expect(reports[0]?.cached).toBe(false);
    expect(reports[0]?.provenance.key).not.toBe(key);
  });

  test("what it shows of a growing result belongs neither to the key nor to the value", async () => {
    const grow = ({ x }: { readonly x: number }, { onUpdate }: { onUpdate: (known: unknown) => void }) => {
      onUpdate(x);
      return x + 1;
    };
    const shown: unknown[] = [];
    const onShow = (name: string, value: unknown): void => void shown.push([name, value]);
    expect(await stageOf({ onShow })("grow", { x: 2 }, grow, { show: (known) => `${known} so far` })).toBe(3);
    expect(shown).toEqual([
      ["grow", "2 so far"],
      ["grow", undefined],
    ]);
    const { key } = reports[0]!.provenance;
    expect(await stageOf({ onShow })("grow", { x: 2 }, grow)).toBe(3);
    expect(reports[0]).toMatchObject({ cached: true, provenance: { key } });
    expect(shown).toHaveLength(2);
  });

  test("its legs are kept beside the stages, so that work cut short takes up where it stopped", async () => {
    const runs: number[] = [];
    const long =
      (fails: boolean) =>
      async (_: object, { legs }: { legs?: LegStore | undefined }) => {
        for (const leg of [1, 2, 3]) {
          const known = await legs!.read(`leg${leg}`);
          if (known === undefined) runs.push(leg);
          if (known === undefined) await legs!.write(`leg${leg}`, { leg });
          if (fails && leg === 2) throw new Error("killed");
        }
        return "done";
      };
    await expect(stageOf()("long", {}, long(true))).rejects.toThrow("killed");
    expect(await stageOf()("long", {}, long(false))).toBe("done");
    expect(runs).toEqual([1, 2, 3]);
  });

  test("an abort rejects at once, even when the work ignores its signal, and leaves no entry", async () => {
    const controller = new AbortController();
    const start = performance.now();
    const work = stageOf({}, controller.signal)("slow", {}, () => new Promise((resolve) => setTimeout(resolve, 2000)));
    setTimeout(() => controller.abort(new Error("stale")), 20);
    await expect(work).rejects.toThrow("stale");
    expect(performance.now() - start).toBeLessThan(500);
    expect(await readdir(folder)).toEqual([]);
  });

  test("progress of the work carries the name of the stage, which ends once", async () => {
    const seen: string[] = [];
    await stageOf({
      onProgress: ({ task, done, total, note }) =>
        seen.push(`${task} ${Math.round(done)}/${total}${note ? ` ${note}` : ""}`),
    })("fit", {}, (_, { onProgress }) => {
      onProgress({ task: "rows", done: 1, total: 2 });
      onProgress({ task: "rows", done: 2, total: 2 });
      return 1;
    });
    expect(seen).toEqual(["fit 0/1", "fit 1/2 rows", "fit 2/2 rows", "fit 1/1"]);
  });

  test("inputs and results must be plain data", async () => {
    await expect(stageOf()("fit", { potential: { open() {} } }, () => 1)).rejects.toThrow(
      /stage fit: input potential\.open: function/,
    );
    await expect(stageOf()("fit", {}, () => new Set())).rejects.toThrow(/stage fit: its result\.value: Set/);
  });

  test("an entry cut short, overwritten or under the wrong key is computed anew", async () => {
    await stageOf()("cube", { x: 2 }, cube);
    const { key } = reports[0]!.provenance;
    const store = diskStore(folder);
    const entry = (await readEntry(store, key))!;
    const file = path.join(folder, key.slice(0, 2), key);
    const bytes = (await store.get(key))!;
    for (const damaged of [bytes.subarray(0, bytes.length - 3), Buffer.from("not ours"), Buffer.alloc(0)]) {
      await writeFile(file, damaged);
      expect(await readEntry(store, key)).toBeUndefined();
    }
    await writeEntry(store, { ...entry, provenance: { ...entry.provenance, key: "00".repeat(32) } });
    await writeFile(file, (await store.get("00".repeat(32)))!);
    expect(await readEntry(store, key)).toBeUndefined();
    expect(await stageOf()("cube", { x: 2 }, cube)).toEqual({ cubes: Float64Array.of(8) });
  });
});
