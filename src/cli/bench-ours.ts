import type { DynamicsSpec } from "../dynamics/dynamics-spec.js";
import { planDynamics } from "../dynamics/dynamics-spec.js";
import { simulate } from "../dynamics/simulate.js";
import { openDynamics } from "../dynamics/wasm-dynamics.js";
import { initEngine } from "../engine/wasm-module.js";
import { ComputationError } from "../errors.js";
import { yieldToEvents } from "../event-loop.js";
import { parsePotentialExpression } from "../formats/potential-expression.js";
import { createPotential } from "../potentials/create-potential.js";
import type { PotentialSpec } from "../potentials/potential.js";

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

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** Atoms that feel nothing: what is left of a step without forces and lists. */
const FREE_FLIGHT: PotentialSpec = parsePotentialExpression("lj(1,0.001,0.01)", () => "");
const FREE_SKIN = 1;

/**
 * Runs once more on one thread and takes the run apart, so that the kernels need no clock: a step of atoms that feel
 * nothing is "other" (integration, sampling, the check of the list), list builds are timed at the end, the rest is "pair".
 */
export async function dissect(spec: DynamicsSpec): Promise<Dissection> {
  const [run, free] = [
    await loopOf(spec),
    await loopOf({ ...spec, potential: createPotential(FREE_FLIGHT), skin: FREE_SKIN }),
  ];
  const neigh = (run.builds * run.build) / run.loop;
  const other = Math.max(0, free.loop - free.builds * free.build) / run.loop;
  const { builds, bytesPerAtom } = run;
  return { phases: { pair: Math.max(0, 1 - neigh - other), neigh, other }, builds, bytesPerAtom };
}

/** s of all steps and of one list build, and how many there were. */
async function loopOf(spec: DynamicsSpec) {
  await initEngine();
  const plan = planDynamics(spec);
  const dynamics = openDynamics(spec, plan);
  try {
    const { record, system } = dynamics;
    const { hood } = system.neighborhood;
    const { exports, packer } = system.instance;
    const timed = (call: () => number): number => {
      const start = processorTime();
      for (let status = -1; status !== 0; ) {
        status = call();
        if (record.get("failure") !== 0) throw new ComputationError({ what: "bench", value: "the run blew up" });
        if (status !== 0) system.settle(status);
      }
      return processorTime() - start;
    };
    timed(() => dynamics.advance(0));
    const before = hood.get("builds");
    let loop = 0;
    while (record.get("step") < plan.steps) {
      loop += timed(() => dynamics.advance(Math.min(10, plan.steps - record.get("step"))));
      dynamics.takeRows();
      await yieldToEvents();
    }
    const builds = hood.get("builds") - before;
    const build = median(Array.from({ length: 5 }, () => timed(() => exports.buildNeighbors(hood.address, 1))));
    return { loop, builds, build, bytesPerAtom: packer.allocate(0) / system.count };
  } finally {
    dynamics.dispose();
  }
}
