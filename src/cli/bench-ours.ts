import type { DynamicsSpec } from "../dynamics/dynamics-spec.js";
import { planDynamics } from "../dynamics/dynamics-spec.js";
import { simulate } from "../dynamics/simulate.js";
import { openDynamics } from "../dynamics/wasm-dynamics.js";
import { initEngine } from "../engine/wasm-module.js";
import { ComputationError } from "../errors.js";
import { yieldToEvents } from "../event-loop.js";

/** One timed run of ours. */
export interface OwnRun {
  /** s, from the row of the first step to that of the last: processor time of one thread, wall time of more. */
  readonly seconds: number;
  readonly wall: number;
  /** eV/atom, at the first step. */
  readonly energy: number;
}

/** Where our time goes, and what it takes. */
export interface Dissection {
  /** Shares of the loop. */
  readonly phases: { readonly pair: number; readonly neigh: number; readonly other: number };
  readonly builds: number;
  /** All of the WebAssembly memory in use: atoms, ghosts, lists, tables. */
  readonly bytesPerAtom: number;
}

/** s, that all threads of this process have run: other programs on the core do not count. */
const processorTime = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** Times the run as a user would run it, without what comes before its first step. */
export async function timeOwn(spec: DynamicsSpec, threads: number, signal: AbortSignal): Promise<OwnRun> {
  let [start, wallStart, busy, wall] = [Number.NaN, Number.NaN, Number.NaN, Number.NaN];
  let energy = Number.NaN;
  for await (const { thermodynamics } of simulate(spec, { signal, threads })) {
    if (thermodynamics.step === 0) {
      energy = thermodynamics.potentialEnergy / spec.structure.numbers.length;
      start = processorTime();
      wallStart = performance.now();
    } else {
      busy = processorTime() - start;
      wall = (performance.now() - wallStart) / 1000;
    }
  }
  return { seconds: threads === 1 ? busy : wall, wall, energy };
}

/**
 * Lets V8 compile the kernels with all its optimizations: it does so in the background, which needs pauses where all
 * threads share a core.
 */
export async function warmUp(spec: DynamicsSpec, threads: number, signal: AbortSignal): Promise<void> {
  for (let time = 0; time < 3; time++) {
    await timeOwn(spec, threads, signal);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

const seconds = async (work: () => void): Promise<number> => {
  const start = processorTime();
  let times = 0;
  for (; times < 3 || processorTime() - start < 0.1; times++) work();
  const spent = (processorTime() - start) / times;
  await yieldToEvents();
  return spent;
};

/**
 * Runs once more on one thread and takes the run apart: time of forces and of a list build are measured by repeating each where the run
 * has ended, so that the kernels need no clock; what they leave of the loop is "other" (integration, sampling).
 */
export async function dissect(spec: DynamicsSpec): Promise<Dissection> {
  await initEngine();
  const plan = planDynamics(spec);
  const dynamics = openDynamics(spec, plan);
  try {
    const { record, system } = dynamics;
    const { hood } = system.neighborhood;
    const { settle } = system;
    const { exports, packer } = system.instance;
    const settled = (call: () => number): void => {
      for (let status = -1; status !== 0; ) {
        status = call();
        if (record.get("failure") !== 0) throw new ComputationError({ what: "bench", value: "the run blew up" });
        if (status !== 0) settle(status);
      }
    };
    settled(() => dynamics.advance(0));
    const before = hood.get("builds");
    const start = processorTime();
    while (record.get("step") < plan.steps) {
      settled(() => dynamics.advance(Math.min(100, plan.steps - record.get("step"))));
      dynamics.takeRows();
    }
    const loop = processorTime() - start;
    const builds = hood.get("builds") - before;
    const forces = await seconds(() => settled(() => exports.evaluate(system.evaluator.address)));
    const build = await seconds(() => settled(() => exports.buildNeighbors(hood.address, 1)));
    const [pair, neigh] = [(forces * plan.steps) / loop, (build * builds) / loop];
    return {
      phases: { pair, neigh, other: Math.max(0, 1 - pair - neigh) },
      builds,
      bytesPerAtom: packer.allocate(0) / system.count,
    };
  } finally {
    dynamics.dispose();
  }
}
