import { CONTROL, HALT, PHASE, SUM, sumOf } from "../engine/webgpu/control.js";
import { ComputationError, InputError } from "../errors.js";
import { yieldToEvents } from "../event-loop.js";
import { symbolOf } from "../structure/elements.js";
import type { Structure } from "../structure/structure.js";
import { TIME_UNIT_FS } from "../units.js";
import { type Checkpoint, checkSettings, settingsOf } from "./checkpoint.js";
import type { DynamicsPlan, DynamicsSpec } from "./dynamics-spec.js";
import { RING_ROWS } from "./sampling.wgsl.js";
import type { DynamicsEnd, DynamicsState, Frame, SimulateOptions } from "./simulate.js";
import { readRow, type Thermodynamics } from "./thermodynamics.js";
import { openWebGpuDynamics, type WebGpuAtoms, type WebGpuDynamics, type WebGpuReport } from "./webgpu-dynamics.js";

/** Milliseconds of work in one submission, and between two reports of progress. */
const CHUNK_TIME = 20;
const REPORT_TIME = 100;
/** Milliseconds after which a run with checkpoints keeps one in reserve, should the device be lost. */
const RESERVE_TIME = 5000;
/** Submissions on their way at a time, so that the device does not wait for the host. */
const IN_FLIGHT = 2;

/** `simulate` on a GPU. */
export async function* simulateWebGpu(
  spec: DynamicsSpec,
  plan: DynamicsPlan,
  { signal, onProgress, checkpoint, checkpointEvery = 0, onCheckpoint }: SimulateOptions,
): AsyncGenerator<Frame, DynamicsEnd, void> {
  const dynamics = await openWebGpuDynamics(spec, plan);
  const reader = new RowReader(dynamics, plan);
  let reserve: Checkpoint | undefined;
  let reserved = performance.now();
  try {
    if (checkpoint) await restore(checkpoint, spec, plan, dynamics);
    const last = plan.firstStep + plan.steps;
    const first = checkpoint?.step ?? plan.firstStep;
    const leg = new Leg(dynamics, reader, first);
    let reported = Number.NEGATIVE_INFINITY;
    // The first leg of a run computes forces and the first row, without a step.
    for (let goal = first; ; ) {
      for await (const report of leg.run(goal)) {
        failOn(report, spec, plan, await peek(report, dynamics));
        const rows = reader.take(report);
        // A row with a frame waits for the atoms.
        const now = report.control[CONTROL.step]!;
        const due = plan.frameEvery > 0 && now === goal && (now - plan.firstStep) % plan.frameEvery === 0;
        for (const thermodynamics of rows) {
          if (due && thermodynamics.step === now && report.control[CONTROL.phase] === PHASE.idle)
            yield { thermodynamics, state: stateOf(spec.structure, dynamics, await dynamics.read(), now) };
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
      const step = leg.step;
      const atGoal = step === goal;
      const due = checkpointEvery > 0 && atGoal && step > first && (step - plan.firstStep) % checkpointEvery === 0;
      if (onCheckpoint && (due || step >= last || signal?.aborted || performance.now() - reserved > RESERVE_TIME)) {
        reserve = await take(spec, plan, dynamics, step, leg.heat);
        reserved = performance.now();
        if (due || step >= last || signal?.aborted) await onCheckpoint(reserve);
      }
      signal?.throwIfAborted();
      if (step >= last) return { state: stateOf(spec.structure, dynamics, await dynamics.read(), step) };
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

/** Takes a run from one stop to the next. */
class Leg {
  step: number;
  /** eV, given by the thermostat so far. */
  heat = 0;
  private slots = 1;
  private buildEvery = 4;
  private begun = false;
  private stopped = false;
  private pace = 0;

  constructor(
    private readonly dynamics: WebGpuDynamics,
    private readonly reader: RowReader,
    private readonly first: number,
  ) {
    this.step = first;
  }

  /** Submits nothing more. */
  stop(): void {
    this.stopped = true;
  }

  /** Steps to expect in a time (ms). */
  stepsIn(time: number): number {
    return Math.max(1, Math.floor(time * this.pace) || 64);
  }

  async *run(goal: number): AsyncGenerator<WebGpuReport, void, void> {
    const flying: Promise<WebGpuReport>[] = [];
    const { dynamics } = this;
    if (this.begun) dynamics.setGoal(goal);
    this.begun = true;
    let [before, time] = [this.step, performance.now()];
    for (let done = false; ; ) {
      while (!done && !this.stopped && flying.length < (this.pace > 0 ? IN_FLIGHT : 1)) {
        const launch = dynamics.launch(Math.min(this.slots, this.reader.room), this.buildEvery);
        // Those behind one that fails fail as well.
        launch.catch(() => {});
        flying.push(launch);
      }
      const report = await flying.shift();
      if (!report) {
        if (this.stopped && !done) await this.idle();
        return;
      }
      const { control } = report;
      this.step = control[CONTROL.step]!;
      this.heat = sumOf(control, SUM.heat);
      const now = performance.now();
      this.adapt(this.step - before, now - time, control[CONTROL.builds]!);
      [before, time] = [this.step, now];
      done = control[CONTROL.phase] === PHASE.idle;
      yield report;
      if (control[CONTROL.halt] !== 0) {
        await Promise.all(flying.splice(0));
        await dynamics.system.settle(control);
        dynamics.resume();
        done = false;
      }
    }
  }

  /** Ends the step that was begun, and stands still there. */
  private async idle(): Promise<void> {
    const { storage, settle } = this.dynamics.system;
    storage.write("control", Uint32Array.of(this.step + 1), 4 * CONTROL.goal);
    for (;;) {
      const { control } = await this.dynamics.launch(2, 1);
      this.step = control[CONTROL.step]!;
      this.heat = sumOf(control, SUM.heat);
      if (control[CONTROL.phase] === PHASE.idle) return;
      if (control[CONTROL.halt]! & HALT.blownUp) return;
      if (control[CONTROL.halt] !== 0) {
        await settle(control);
        this.dynamics.resume();
      }
    }
  }

  /** Fits the submissions to their time, and the tries at a build to how often one is needed. */
  private adapt(steps: number, spent: number, builds: number): void {
    if (steps === 0) return;
    this.pace = steps / Math.max(spent, 0.01);
    const wanted = (CHUNK_TIME * this.slots) / Math.max(spent, 0.01);
    this.slots = Math.max(1, Math.min(2 * this.slots, Math.floor(wanted), 1024));
    const between = (this.step - this.first) / Math.max(1, builds);
    this.buildEvery = Math.max(1, Math.min(Math.round(2 * Math.sqrt(between)), Math.ceil(between / 2)));
  }
}

/** Takes rows off the ring, each once. */
class RowReader {
  latest: Thermodynamics | undefined;
  private taken = 0;
  /** Steps that may be submitted before the ring is read again. */
  readonly room: number;

  constructor(
    private readonly dynamics: WebGpuDynamics,
    private readonly plan: DynamicsPlan,
  ) {
    this.room = Math.max(1, Math.floor(RING_ROWS / (IN_FLIGHT + 1) - 2)) * plan.sampleEvery;
  }

  take({ control, ring }: WebGpuReport): Thermodynamics[] {
    const rows: Thermodynamics[] = [];
    for (; this.taken < control[CONTROL.rows]!; this.taken++)
      rows.push(readRow(this.dynamics.rowOf(ring, this.taken), this.plan));
    this.latest = rows.at(-1) ?? this.latest;
    return rows;
  }
}

/** The force on the atom that went wrong, and its velocity. */
async function peek({ control }: WebGpuReport, { system }: WebGpuDynamics) {
  if (!(control[CONTROL.halt]! & HALT.blownUp)) return undefined;
  const atom = control[CONTROL.failedAtom]!;
  const { count } = system.neighborhood;
  const [images, forces, velocities] = await system.storage.read(
    ["images", 16 * count],
    ["forces", 16 * count],
    ["velocities", 16 * count],
  );
  const names = new Int32Array(images!);
  let k = 0;
  while (k < count - 1 && names[4 * k + 3] !== atom) k++;
  const length = (records: ArrayBuffer): number => Math.hypot(...new Float32Array(records, 16 * k, 3));
  return { atom, force: length(forces!), speed: length(velocities!) };
}

function failOn(
  { control }: WebGpuReport,
  { structure }: DynamicsSpec,
  plan: DynamicsPlan,
  worst: { readonly atom: number; readonly force: number; readonly speed: number } | undefined,
): void {
  if (!worst) return;
  const { atom, force, speed } = worst;
  const move = (speed * plan.timestep) / TIME_UNIT_FS;
  throw new ComputationError({
    what: `dynamics, step ${control[CONTROL.step]}`,
    value: `atom ${atom} (${symbolOf(structure.numbers[atom]!)}) feels ${force.toPrecision(3)} eV/A and moves ${move.toPrecision(3)} A`,
    expected: `forces below ${plan.forceLimit} eV/A and moves below ${plan.moveLimit} A`,
    attempt: "a shorter timestep, minimizing first, or a potential with a repulsive core",
  });
}

function stateOf(structure: Structure, dynamics: WebGpuDynamics, atoms: WebGpuAtoms, step: number): DynamicsState {
  return {
    structure: { ...structure, positions: dynamics.system.neighborhood.positionsOf(atoms) },
    velocities: Float64Array.from(atoms.velocities, (v) => v / TIME_UNIT_FS),
    step,
  };
}

async function take(
  spec: DynamicsSpec,
  plan: DynamicsPlan,
  dynamics: WebGpuDynamics,
  step: number,
  heat: number,
): Promise<Checkpoint> {
  const atoms = await dynamics.read();
  return {
    format: "phasecell-checkpoint",
    version: 1,
    settings: settingsOf(spec, plan),
    step,
    running: { heat },
    tables: Object.fromEntries(Object.entries(atoms).map(([name, values]) => [name, Float64Array.from(values)])),
  };
}

async function restore(
  checkpoint: Checkpoint,
  spec: DynamicsSpec,
  plan: DynamicsPlan,
  dynamics: WebGpuDynamics,
): Promise<void> {
  checkSettings(checkpoint, settingsOf(spec, plan));
  const numbers = (name: string): Float64Array => {
    const values = checkpoint.tables[name];
    const expected = 3 * spec.structure.numbers.length;
    if (values?.length !== expected)
      throw new InputError({ what: `checkpoint.${name}`, value: values?.length, expected: `${expected} numbers` });
    return values;
  };
  const atoms = {
    places: Int32Array.from(numbers("places")),
    images: Int32Array.from(numbers("images")),
    built: Int32Array.from(numbers("built")),
    velocities: Float32Array.from(numbers("velocities")),
  };
  await dynamics.restore(atoms, checkpoint.step, checkpoint.running.heat ?? 0);
}
