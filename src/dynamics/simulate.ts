import { variantOf } from "../engine/kernel-variants.js";
import { Status } from "../engine/system-layout.js";
import { type Threads, withThreads } from "../engine/threads.js";
import { InputError } from "../errors.js";
import { yieldToEvents } from "../event-loop.js";
import { stepCost } from "../potentials/wasm-system.js";
import type { LongWork } from "../progress.js";
import type { Structure } from "../structure/structure.js";
import { BOLTZMANN, TIME_UNIT_FS } from "../units.js";
import { type Averages, readAverages } from "./averages.js";
import { describeBlowUp } from "./blow-up.js";
import { type Checkpoint, restoreCheckpoint, takeCheckpoint } from "./checkpoint.js";
import { type DynamicsPlan, type DynamicsSpec, planDynamics } from "./dynamics-spec.js";
import { simulateWebGpu } from "./simulate-webgpu.js";
import { readRow, type Thermodynamics } from "./thermodynamics.js";
import { openDynamics, type WasmDynamics } from "./wasm-dynamics.js";

/** Atoms as a run leaves or shows them. */
export interface DynamicsState {
  /** Positions are unwrapped: they follow atoms across the cell's faces. */
  readonly structure: Structure;
  /** [3N] A/fs. */
  readonly velocities: Float64Array;
  readonly step: number;
}

/** What a run tells as it goes: a row of thermodynamics, every `frameEvery` steps with the atoms. */
export interface Frame {
  readonly thermodynamics: Thermodynamics;
  readonly state?: DynamicsState;
}

/** How a run ended. */
export interface DynamicsEnd {
  readonly state: DynamicsState;
  readonly averages?: Averages;
}

export interface SimulateOptions extends LongWork {
  /**
   * Threads of the engine, never a matter of results: a number, or "auto", the default, for as many as there are
   * processors where a step takes long enough. One where there is no shared memory; see `threadsProblem`.
   */
  readonly threads?: Threads;
  /** Goes on from here, bit for bit, with the settings that the checkpoint was taken with. */
  readonly checkpoint?: Checkpoint;
  /** Steps between two checkpoints; 0, the default, for none but the last. */
  readonly checkpointEvery?: number;
  /** Is given each checkpoint, and one more when the run ends or is aborted. */
  readonly onCheckpoint?: (checkpoint: Checkpoint) => void | Promise<void>;
}

/** Milliseconds that the engine runs before the event loop has a turn. */
const CHUNK_TIME = 20;
/** Milliseconds between two reports of progress. */
const REPORT_TIME = 100;

/**
 * Molecular dynamics in the WebAssembly engine: yields frames, returns the end. Aborting takes effect within 100 ms
 * unless a single step is longer; a run that blows up throws a ComputationError that says which atoms did what.
 */
export async function* simulate(
  spec: DynamicsSpec,
  options: SimulateOptions = {},
): AsyncGenerator<Frame, DynamicsEnd, void> {
  const plan = planDynamics(spec);
  if (plan.frameEvery % plan.sampleEvery !== 0)
    throw new InputError({
      what: "frameEvery",
      value: plan.frameEvery,
      expected: `a multiple of sampleEvery, ${plan.sampleEvery}`,
    });
  if (spec.engine === "webgpu") return yield* simulateWebGpu(spec, plan, options);
  const terms = [...spec.potential.terms, ...(spec.reference?.terms ?? [])];
  const dynamics = await withThreads(
    options.threads ?? "auto",
    plan.partitions,
    (instance) => openDynamics(spec, plan, instance),
    stepCost(terms, spec.structure.numbers.length),
    variantOf(spec.engine ?? "wasm"),
  );
  try {
    if (options.checkpoint) restoreCheckpoint(options.checkpoint, spec, plan, dynamics);
    yield* run(spec, plan, dynamics, options);
    const state = stateOf(spec.structure, dynamics);
    return plan.averages ? { state, averages: readAverages(dynamics, plan) } : { state };
  } finally {
    dynamics.dispose();
  }
}

async function* run(
  spec: DynamicsSpec,
  plan: DynamicsPlan,
  dynamics: WasmDynamics,
  { signal, onProgress, checkpointEvery = 0, onCheckpoint }: SimulateOptions,
): AsyncGenerator<Frame, void, void> {
  const { record } = dynamics;
  const last = plan.firstStep + plan.steps;
  const stops = [plan.frameEvery, onCheckpoint ? checkpointEvery : 0].filter((every) => every > 0);
  let chunk = 1;
  let reported = Number.NEGATIVE_INFINITY;
  for (let first = true; ; first = false) {
    const step = record.get("step");
    if (step >= last && !first) break;
    const nextStop = Math.min(last, ...stops.map((every) => stopAfter(step, plan.firstStep, every)));
    const start = performance.now();
    // The first call of a run computes forces and the first row, without a step.
    advance(dynamics, spec.structure, plan, first ? 0 : Math.min(chunk, nextStop - step));
    const spent = performance.now() - start;
    const done = record.get("step") - step;
    if (done > 0) chunk = Math.max(1, Math.min(2 * chunk, Math.floor((CHUNK_TIME * done) / Math.max(spent, 0.01))));
    yield* frames(spec.structure, plan, dynamics);
    const now = record.get("step");
    if (performance.now() - reported > REPORT_TIME || now >= last) {
      reported = performance.now();
      const temperature = (2 * record.get("kinetic")) / (plan.degrees * BOLTZMANN);
      const note = `T = ${temperature.toFixed(0)} K`;
      onProgress?.({ task: "dynamics", done: now - plan.firstStep, total: plan.steps, note });
    }
    const due = checkpointEvery > 0 && !first && (now - plan.firstStep) % checkpointEvery === 0;
    await yieldToEvents();
    if (onCheckpoint && (due || now >= last || signal?.aborted))
      await onCheckpoint(takeCheckpoint(spec, plan, dynamics));
    signal?.throwIfAborted();
  }
}

/** The next step after `step` that is a multiple of `every` from the first. */
const stopAfter = (step: number, first: number, every: number): number =>
  first + every * (Math.floor((step - first) / every) + 1);

/** Advances and grows memory where needed. */
function advance(dynamics: WasmDynamics, structure: Structure, plan: DynamicsPlan, count: number): void {
  const { record, system } = dynamics;
  const goal = record.get("step") + count;
  for (let status = -1; status !== 0; ) {
    status = dynamics.advance(goal - record.get("step"));
    // Before anything is made of what a lost thread left behind.
    system.instance.checkThreads();
    if (status & Status.notFinite || record.get("failure") !== 0) throw describeBlowUp(dynamics, structure, plan);
    if (status !== 0) system.settle(status);
  }
}

function* frames(structure: Structure, plan: DynamicsPlan, dynamics: WasmDynamics): Generator<Frame, void, void> {
  const rows = dynamics.takeRows().map((row) => readRow(row, plan));
  const now = dynamics.record.get("step");
  for (const thermodynamics of rows) {
    const due = plan.frameEvery > 0 && (thermodynamics.step - plan.firstStep) % plan.frameEvery === 0;
    yield due && thermodynamics.step === now
      ? { thermodynamics, state: stateOf(structure, dynamics) }
      : { thermodynamics };
  }
}

function stateOf(structure: Structure, { system, record, velocityRecords }: WasmDynamics): DynamicsState {
  const records = velocityRecords();
  const velocities = new Float64Array(3 * system.count);
  for (let i = 0; i < system.count; i++)
    for (let d = 0; d < 3; d++) velocities[3 * i + d] = records[4 * i + d]! / TIME_UNIT_FS;
  const cell = new Float64Array(system.instance.memory.buffer, system.neighborhood.hood.get("cell"), 9);
  return {
    structure: {
      ...structure,
      // Open directions keep what was given for them.
      cell: structure.cell.map((x, k) => (structure.pbc[Math.floor(k / 3)] ? cell[k]! : x)),
      positions: system.neighborhood.positions(),
    },
    velocities,
    step: record.get("step"),
  };
}
