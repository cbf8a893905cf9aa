import { CONTROL, PHASE } from "../engine/webgpu/control.js";
import { ComputationError, InputError } from "../errors.js";
import { yieldToEvents } from "../event-loop.js";
import { type Checkpoint, checkSettings, settingsOf } from "./checkpoint.js";
import type { DynamicsPlan, DynamicsSpec } from "./dynamics-spec.js";
import type { DynamicsEnd, Frame, SimulateOptions } from "./simulate.js";
import { openWebGpuDynamics, type WebGpuDynamics, type WebGpuState } from "./webgpu-dynamics.js";
import { Leg } from "./webgpu-leg.js";
import { RowReader, stateOf } from "./webgpu-records.js";

/** Milliseconds between two reports of progress. */
const REPORT_TIME = 100;
/** Milliseconds after which a run with checkpoints keeps one in reserve, should the device be lost. */
const RESERVE_TIME = 5000;

/** `simulate` on a GPU. */
export async function* simulateWebGpu(
  spec: DynamicsSpec,
  plan: DynamicsPlan,
  { signal, onProgress, checkpoint, checkpointEvery = 0, onCheckpoint }: SimulateOptions,
): AsyncGenerator<Frame, DynamicsEnd, void> {
  const dynamics = await openWebGpuDynamics([{ spec, plan }]);
  const reader = new RowReader(dynamics);
  let reserve: Checkpoint | undefined;
  let reserved = performance.now();
  try {
    if (checkpoint) await restore(checkpoint, spec, plan, dynamics, reader);
    const last = plan.firstStep + plan.steps;
    const first = checkpoint?.step ?? plan.firstStep;
    const leg = new Leg(dynamics, first, (_, error) => {
      throw error;
    });
    let reported = Number.NEGATIVE_INFINITY;
    // The first leg of a run computes forces and the first row, without a step.
    for (let goal = first; ; ) {
      for await (const report of leg.run(goal)) {
        const control = report.control(0);
        // A row with a frame waits for the atoms.
        const now = control[CONTROL.step]!;
        const due = plan.frameEvery > 0 && now === goal && (now - plan.firstStep) % plan.frameEvery === 0;
        for (const thermodynamics of reader.take(report)) {
          if (due && thermodynamics.step === now && control[CONTROL.phase] === PHASE.idle)
            yield { thermodynamics, state: stateOf(dynamics, await dynamics.read(0)) };
          else yield { thermodynamics };
        }
        if (performance.now() - reported > REPORT_TIME || now >= last) {
          reported = performance.now();
          const note = reader.latest ? { note: `T = ${reader.latest.temperature.toFixed(0)} K` } : {};
          onProgress?.({ task: "dynamics", done: now - plan.firstStep, total: plan.steps, ...note });
        }
        await yieldToEvents();
        if (signal?.aborted) leg.stop();
      }
      const { step } = leg;
      const due =
        checkpointEvery > 0 && step === goal && step > first && (step - plan.firstStep) % checkpointEvery === 0;
      if (onCheckpoint && (due || step >= last || signal?.aborted || performance.now() - reserved > RESERVE_TIME)) {
        reserve = await take(spec, plan, dynamics, reader);
        reserved = performance.now();
        if (due || step >= last || signal?.aborted) await onCheckpoint(reserve);
      }
      signal?.throwIfAborted();
      if (step >= last) {
        const end = await dynamics.read(0);
        const state = stateOf(dynamics, end);
        return plan.averages ? { state, averages: reader.averages(end) } : { state };
      }
      const stops = [plan.frameEvery, onCheckpoint ? checkpointEvery : 0].filter((every) => every > 0);
      goal = Math.min(
        last,
        step + leg.stepsIn(RESERVE_TIME),
        ...stops.map((every) => plan.firstStep + every * (Math.floor((step - plan.firstStep) / every) + 1)),
      );
    }
  } catch (error) {
    if (error instanceof ComputationError && reserve && onCheckpoint && error.complaint.what === "webgpu")
      await onCheckpoint(reserve);
    throw error;
  } finally {
    dynamics.dispose();
  }
}

/** Tables of a checkpoint with the kind of their numbers. */
const TABLES = {
  places: Int32Array,
  images: Int32Array,
  built: Int32Array,
  velocities: Float32Array,
  control: Uint32Array,
  displacements: Uint32Array,
} as const;

async function take(
  spec: DynamicsSpec,
  plan: DynamicsPlan,
  dynamics: WebGpuDynamics,
  { steps, stepSums }: RowReader,
): Promise<Checkpoint> {
  const state = await dynamics.read(0);
  const tables = Object.entries(state).map(([name, values]) => [name, Float64Array.from(values as Int32Array)]);
  return {
    format: "phasecell-checkpoint",
    version: 1,
    settings: settingsOf(spec, plan),
    step: state.control[CONTROL.step]!,
    running: { stepSamples: steps },
    tables: { ...Object.fromEntries(tables), stepSums: stepSums.slice() },
  };
}

async function restore(
  checkpoint: Checkpoint,
  spec: DynamicsSpec,
  plan: DynamicsPlan,
  dynamics: WebGpuDynamics,
  reader: RowReader,
): Promise<void> {
  checkSettings(checkpoint, settingsOf(spec, plan));
  const present = await dynamics.read(0);
  const numbers = (name: string, expected: number): Float64Array => {
    const values = checkpoint.tables[name];
    if (values?.length !== expected)
      throw new InputError({ what: `checkpoint.${name}`, value: values?.length, expected: `${expected} numbers` });
    return values;
  };
  const state = Object.fromEntries(
    Object.entries(TABLES).map(([name, kind]) => [
      name,
      kind.from(numbers(name, present[name as keyof WebGpuState].length)),
    ]),
  ) as unknown as WebGpuState;
  await dynamics.restore(state);
  reader.stepSums.set(numbers("stepSums", reader.stepSums.length));
  reader.steps = checkpoint.running.stepSamples ?? 0;
}
