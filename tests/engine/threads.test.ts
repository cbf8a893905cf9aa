import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { runDynamics } from "../../src/dynamics/run-dynamics.js";
import { threadsProblem, withThreads } from "../../src/engine/threads.js";
import type { WasmInstance } from "../../src/engine/wasm-module.js";
import { WorkerLostError } from "../../src/errors.js";
import { limitThreads } from "../../src/host/thread-share.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { openWasmSystem } from "../../src/potentials/wasm-system.js";
import { fcc } from "../../src/structure/lattices.js";
import { supercell } from "../../src/structure/supercell.js";

const argon = supercell(fcc("Ar", 5.3), [4, 4, 4]);
const potential = createPotential({ kind: "lennard-jones", epsilon: 0.0104, sigma: 3.4, cutoff: 8 });
const itself = (instance: WasmInstance): WasmInstance => instance;
const openOn = (instance: WasmInstance) => openWasmSystem(potential.terms, argon, { instance, partitions: 4 });
/** What `compute` throws once the host has heard of a death. */
async function complaintOf(compute: () => void): Promise<string> {
  for (;;) {
    try {
      compute();
    } catch (error) {
      return String(error);
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Address of the table that says which job each of 4 partitions was taken for last (team.as.ts): 64 lines of 64 bytes. */
function claimsOf(memory: WebAssembly.Memory): number {
  const view = new DataView(memory.buffer);
  const alike = (address: number, first: number, end: number): boolean => {
    const value = view.getInt32(address + 64 * first, true);
    for (let p = first; p < end; p++) if (view.getInt32(address + 64 * p, true) !== value) return false;
    return value > 0 || first > 0;
  };
  for (let address = 0; address < 65536; address += 64)
    if (alike(address, 0, 4) && alike(address, 4, 64) && !alike(address, 3, 5)) return address;
  throw new Error("no table of claims");
}

describe("how many threads", () => {
  afterEach(() => limitThreads(Number.POSITIVE_INFINITY));

  it.each([
    [1, 4, 1],
    [3, 4, 3],
    [6, 2, 2],
  ])("%i asked for %i partitions: %i", async (asked, partitions, given) => {
    const instance = await withThreads(asked, partitions, itself);
    expect(instance.threads).toBe(given);
    instance.release();
  });

  it("a worker that shares the processors with others takes one unless told otherwise", async () => {
    limitThreads(1);
    const instance = await withThreads("auto", 4, itself);
    expect(instance.threads).toBe(1);
    instance.release();
  });

  it.each([0, 1.5, -1, 65, Number.NaN])("refuses %d", async (threads) => {
    await expect(withThreads(threads, 4, itself)).rejects.toThrow(
      /^threads: .*; expected "auto" or a whole number from 1 to 64/,
    );
  });

  it.each([0, 2.5, 65])("refuses %d partitions", async (partitions) => {
    await expect(potential.open(argon, {}, "wasm", { partitions })).rejects.toThrow(
      /^partitions: .*; expected a whole number from 1 to 64/,
    );
  });

  it("one without shared memory, and says why", async () => {
    const { SharedArrayBuffer: kept } = globalThis;
    expect(threadsProblem()).toBeUndefined();
    try {
      Reflect.deleteProperty(globalThis, "SharedArrayBuffer");
      expect(threadsProblem()).toMatch(/SharedArrayBuffer/);
      const instance = await withThreads(3, 4, itself);
      expect(instance.threads).toBe(1);
      instance.release();
    } finally {
      globalThis.SharedArrayBuffer = kept;
    }
  });
});

describe("a thread that dies ends the run with an error", () => {
  it("when it traps in a kernel", async () => {
    const system = await withThreads(2, 4, openOn);
    const { instance, evaluator } = system;
    const view = new DataView(instance.memory.buffer);
    const parameters = view.getUint32(evaluator.get("terms") + 4, true);
    // Far beyond the memory, for the second thread only.
    view.setUint32(parameters + 4, 0xfffffff0, true);
    const complaint = await complaintOf(() => system.compute());
    expect(complaint).toMatch(/a thread of the engine: .*; expected one that runs until it is stopped; try threads: 1/);
    expect(await complaintOf(() => system.instance.checkThreads())).toMatch(/trapped|out of bounds/);
    system.dispose();
  });

  it("when it ends between two calls", async () => {
    const system = await withThreads(2, 4, openOn);
    system.compute();
    system.instance.exports.stopTeam();
    expect(await complaintOf(() => system.compute())).toMatch(/a thread of the engine: ended with exit code 0/);
    system.dispose();
  });

  it("when it is killed in the middle of a partition", async () => {
    const system = await withThreads(2, 4, openOn);
    const { memory, exports } = system.instance;
    system.compute();
    exports.stopTeam();
    // It ends while the host hears nothing, as it does in a run.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    // As if the thread had taken the last partition of the next job; stopping counted as one.
    const claim = claimsOf(memory) + 3 * 64;
    const view = new DataView(memory.buffer);
    view.setInt32(claim, view.getInt32(claim, true) + 2, true);
    const start = performance.now();
    expect(() => system.compute()).toThrow(WorkerLostError);
    expect(() => system.instance.checkThreads()).toThrow(
      "a thread of the engine: trapped, or was ended in the middle of its work; expected one that runs until it is stopped; try threads: 1",
    );
    expect(performance.now() - start).toBeLessThan(5000);
    system.dispose();
  });

  it("and the next run has threads that live", async () => {
    const system = await withThreads(2, 4, openOn);
    system.compute();
    expect(Number.isFinite(system.energy())).toBe(true);
    system.dispose();
  });
});

describe("threads are kept", () => {
  it("1000 sessions, one after the other, use the same memory and threads", async () => {
    const first = await withThreads(2, 4, openOn);
    first.compute();
    const { memory } = first.instance;
    first.dispose();
    global.gc?.();
    const before = process.memoryUsage().rss;
    for (let k = 0; k < 1000; k++) {
      const session = await potential.open(argon, {}, "wasm", { threads: 2, partitions: 4 });
      if (k % 100 === 0) await session.evaluate();
      session.dispose();
    }
    const last = await withThreads(2, 4, itself);
    expect(last.memory).toBe(memory);
    last.release();
    expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
  });

  it("not where opening fails", async () => {
    await expect(
      withThreads(2, 4, () => {
        throw new Error("no");
      }),
    ).rejects.toThrow("no");
    const again = await withThreads(2, 4, openOn);
    again.compute();
    again.dispose();
  });
});

describe("runs with threads", () => {
  const long = {
    structure: argon,
    potential,
    ensemble: { kind: "nve" },
    steps: 10_000_000,
    seed: 1,
    partitions: 4,
  } as const;

  it("are aborted within 100 ms", async () => {
    const controller = new AbortController();
    const running = runDynamics(long, { threads: 2, signal: controller.signal });
    let aborted = 0;
    setTimeout(() => {
      aborted = performance.now();
      controller.abort();
    }, 300);
    await expect(running).rejects.toThrow(/abort/);
    expect(performance.now() - aborted).toBeLessThan(100);
  });

  it("several at once, each with threads of its own", async () => {
    const steps = { ...long, steps: 200 };
    const alone = await runDynamics(steps, { threads: 1 });
    const all = await Promise.all([2, 3, 2].map((threads) => runDynamics(steps, { threads })));
    for (const { state } of all) expect(state).toEqual(alone.state);
  });

  it("let the process end by itself", async () => {
    const dist = new URL("../../dist/index.js", import.meta.url).href;
    const script = `
      const { createPotential, fcc, runDynamics, supercell } = await import(${JSON.stringify(dist)});
      const structure = supercell(fcc("Ar", 5.3), [4, 4, 4]);
      const potential = createPotential({ kind: "lennard-jones", epsilon: 0.0104, sigma: 3.4, cutoff: 8 });
      const run = { structure, potential, ensemble: { kind: "nve" }, steps: 20, seed: 1, partitions: 4 };
      const { state } = await runDynamics(run, { threads: 3 });
      await potential.open(structure, {}, "wasm", { threads: 2, partitions: 4 });
      console.log("done", state.step);`;
    const options = { timeout: 20_000, cwd: fileURLToPath(new URL("../..", import.meta.url)) };
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], options);
    expect(stdout.trim()).toBe("done 20");
  });
});
