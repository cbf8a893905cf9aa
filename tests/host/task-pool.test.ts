import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { InputError, WorkerLostError } from "../../src/errors.js";
import { createTaskPool, type RunTask, type TaskPool } from "../../src/host/task-pool.js";
import type { Progress } from "../../src/progress.js";

/** A real thread that serves test tasks with the built worker side. */
const program = `
const { parentPort } = require("node:worker_threads");
(async () => {
  const { serveTasks } = await import(${JSON.stringify(new URL("../../dist/host/serve-tasks.js", import.meta.url).href)});
  const { InputError } = await import(${JSON.stringify(new URL("../../dist/errors.js", import.meta.url).href)});
  const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const tasks = {
    double: async ({ values }) => values.map((x) => 2 * x),
    refuse: async () => { throw new InputError({ what: "cutoff", value: -1, expected: "a positive number" }); },
    crash: async () => { process.exit(3); },
    patient: async (_, { signal, onProgress }) => {
      for (let done = 0; done < 1000; done++) {
        signal.throwIfAborted();
        onProgress({ task: "patient", done, total: 1000 });
        await sleep(5);
      }
    },
    stubborn: async () => { for (;;); },
  };
  const answer = serveTasks(tasks, (report) => parentPort.postMessage(report));
  parentPort.on("message", answer);
})();
`;

let started = 0;
const openPool = (size: number): RunTask => openTaskPool(size).run;
const openTaskPool = (size: number): TaskPool =>
  createTaskPool(size, (onReport, onDeath) => {
    started++;
    const worker = new Worker(program, { eval: true });
    worker.on("message", onReport);
    worker.on("error", onDeath);
    worker.on("exit", (code) => onDeath(new Error(`ended with exit code ${code}`)));
    return {
      post: (order) => worker.postMessage(order),
      terminate: () => {
        worker.removeAllListeners();
        void worker.terminate();
      },
      keepAlive: (busy) => (busy ? worker.ref() : worker.unref()),
    };
  });

describe("task pool", () => {
  it("starts threads ahead of their tasks, no more than it may have", async () => {
    const pool = openTaskPool(2);
    const before = started;
    pool.prepare(1);
    expect(started - before).toBe(1);
    pool.prepare(5);
    expect(started - before).toBe(2);
    const answers = [1, 2, 3].map((x) => pool.run<number[]>("double", { values: [x] }));
    expect(await Promise.all(answers)).toEqual([[2], [4], [6]]);
    expect(started - before).toBe(2);
  });

  it("runs tasks in at most as many threads as asked for and gives typed arrays back", async () => {
    const run = openPool(2);
    const before = started;
    const inputs = [1, 2, 3, 4, 5].map((x) => ({ values: Float64Array.of(x, x + 0.5) }));
    const outputs = await Promise.all(inputs.map((input) => run<Float64Array>("double", input)));
    expect(outputs.map((values) => Array.from(values))).toEqual(inputs.map(({ values: [a, b] }) => [2 * a!, 2 * b!]));
    expect(started - before).toBe(2);
  });

  it("keeps the type and the complaint of an error", async () => {
    const error = await openPool(1)("refuse", {}).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).complaint).toEqual({ what: "cutoff", value: -1, expected: "a positive number" });
  });

  it("names what an unknown task could have been", async () => {
    await expect(openPool(1)("triple", {})).rejects.toThrow("task: triple; expected one of double");
  });

  it("reports a thread that died and starts another", async () => {
    const run = openPool(1);
    const error = await run("crash", {}).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(WorkerLostError);
    expect((error as Error).message).toMatch(/worker of crash: ended with exit code 3/);
    expect(Array.from(await run<Float64Array>("double", { values: Float64Array.of(4) }))).toEqual([8]);
  });

  it("passes progress on and rejects within 100 ms of an abort, then serves the next task in the same thread", async () => {
    const run = openPool(1);
    const controller = new AbortController();
    const seen: Progress[] = [];
    const pending = run(
      "patient",
      {},
      { signal: controller.signal, onProgress: (progress) => void seen.push(progress) },
    );
    await expect.poll(() => seen.length, { timeout: 5000 }).toBeGreaterThan(1);
    const before = started;
    const start = performance.now();
    controller.abort();
    await expect(pending).rejects.toThrow(/abort/);
    expect(performance.now() - start).toBeLessThan(100);
    expect(Array.from(await run<Float64Array>("double", { values: Float64Array.of(1) }))).toEqual([2]);
    expect(started).toBe(before);
  });

  it("ends a thread that does not listen", async () => {
    const run = openPool(1);
    const controller = new AbortController();
    const pending = run("stubborn", {}, { signal: controller.signal });
    setTimeout(() => controller.abort(), 200);
    await expect(pending).rejects.toThrow(/abort/);
    const before = started;
    expect(Array.from(await run<Float64Array>("double", { values: Float64Array.of(3) }))).toEqual([6]);
    expect(started).toBe(before + 1);
  });
});
