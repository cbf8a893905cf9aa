import { CONTROL, HALT, PHASE } from "../engine/webgpu/control.js";
import { NumericalError } from "../errors.js";
import { symbolOf } from "../structure/elements.js";
import { TIME_UNIT_FS } from "../units.js";
import { RING_ROWS } from "./sampling.wgsl.js";
import type { WebGpuDynamics, WebGpuReport } from "./webgpu-dynamics.js";

/** Milliseconds of work in one submission. */
const CHUNK_TIME = 20;
/** Submissions on their way at a time, so that the device does not wait for the host. */
const IN_FLIGHT = 2;

/** Is told that a replica cannot go on; where it returns, the others do. */
export type OnFailure = (replica: number, error: unknown) => void;

/** Takes runs from one stop to the next. */
export class Leg {
  /** That all replicas have come to which go on. */
  step: number;
  /** Replicas that stand still for good. */
  readonly failed = new Set<number>();
  private slots = 1;
  private buildEvery = 4;
  private begun = false;
  private stopped = false;
  private pace = 0;
  /** Steps that may be submitted before the rings are read again. */
  private readonly room: number;

  constructor(
    private readonly dynamics: WebGpuDynamics,
    private readonly first: number,
    private readonly onFailure: OnFailure,
  ) {
    this.step = first;
    const { averages, sampleEvery } = dynamics.runs[0]!.plan;
    // Means go over every step.
    this.room = Math.max(1, Math.floor(RING_ROWS / (IN_FLIGHT + 1) - 2)) * (averages ? 1 : sampleEvery);
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
        const launch = dynamics.launch(Math.min(this.slots, this.room), this.buildEvery);
        // Those behind one that fails fail as well.
        launch.catch(() => {});
        flying.push(launch);
      }
      const report = await flying.shift();
      if (!report) {
        if (this.stopped && !done) await this.idle();
        return;
      }
      done = this.follow(report);
      const now = performance.now();
      this.adapt(this.step - before, now - time, report.control(0)[CONTROL.builds]!);
      [before, time] = [this.step, now];
      yield report;
      if (this.live().length === 0) done = true;
      if (this.live().some((replica) => report.control(replica)[CONTROL.halt] !== 0)) {
        await Promise.all(flying.splice(0));
        await this.settle(report);
        done = this.live().every((replica) => report.control(replica)[CONTROL.phase] === PHASE.idle);
      }
    }
  }

  /** Leaves a replica behind. */
  leave(replica: number, error: unknown): void {
    this.failed.add(replica);
    this.onFailure(replica, error);
  }

  /** Replicas that go on. */
  live(): number[] {
    return this.dynamics.runs.map((_, replica) => replica).filter((replica) => !this.failed.has(replica));
  }

  /** Where the replicas have come to; true where all wait for the host. */
  private follow(report: WebGpuReport): boolean {
    const live = this.live();
    if (live.length === 0) return true;
    this.step = Math.min(...live.map((replica) => report.control(replica)[CONTROL.step]!));
    return live.every((replica) => report.control(replica)[CONTROL.phase] === PHASE.idle);
  }

  /** Sees to replicas that need the host. */
  private async settle(report: WebGpuReport): Promise<void> {
    for (const replica of this.live()) {
      const control = report.control(replica);
      if (control[CONTROL.halt] === 0) continue;
      try {
        await failOn(replica, control, this.dynamics);
        await this.dynamics.system.settle(control);
        this.dynamics.resume(replica);
      } catch (error) {
        this.leave(replica, error);
      }
    }
  }

  /** Ends the step that was begun, and stands still there. */
  private async idle(): Promise<void> {
    const { storage } = this.dynamics.system;
    storage.write("control", Uint32Array.of(this.step + 1), 4 * CONTROL.goal);
    for (;;) {
      const report = await this.dynamics.launch(2, 1);
      const done = this.follow(report);
      if (done || this.failed.size > 0) return;
      await this.settle(report);
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

/** Throws where a run has blown up: the force on the atom that went wrong, and its velocity. */
async function failOn(replica: number, control: Uint32Array, { system, runs }: WebGpuDynamics): Promise<void> {
  if (!(control[CONTROL.halt]! & HALT.blownUp)) return;
  const { spec, plan } = runs[replica]!;
  const atom = control[CONTROL.failedAtom]!;
  const { count } = system.neighborhood;
  const bytes = 16 * count;
  const [images, forces, velocities] = await system.storage.read(
    ["images", bytes, bytes * replica],
    ["forces", bytes, bytes * replica],
    ["velocities", bytes, bytes * replica],
  );
  const names = new Int32Array(images!);
  let k = 0;
  while (k < count - 1 && names[4 * k + 3] !== atom) k++;
  const length = (records: ArrayBuffer): number => Math.hypot(...new Float32Array(records, 16 * k, 3));
  const move = (length(velocities!) * plan.timestep) / TIME_UNIT_FS;
  throw new NumericalError({
    what: `dynamics, step ${control[CONTROL.step]}`,
    value: `atom ${atom} (${symbolOf(spec.structure.numbers[atom]!)}) feels ${length(forces!).toPrecision(3)} eV/A and moves ${move.toPrecision(3)} A`,
    expected: `forces below ${plan.forceLimit} eV/A and moves below ${plan.moveLimit} A`,
    attempt: "a shorter timestep, minimizing first, or a potential with a repulsive core",
  });
}
