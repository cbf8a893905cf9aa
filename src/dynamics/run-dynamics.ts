import type { DynamicsSpec } from "./dynamics-spec.js";
import type { ReplicaBatch } from "./replica-batch.js";
import { type DynamicsEnd, type DynamicsState, type SimulateOptions, simulate } from "./simulate.js";
import type { Thermodynamics } from "./thermodynamics.js";

/** A whole run: its rows, its frames, and how it ended. */
export interface DynamicsResult extends DynamicsEnd {
  readonly rows: readonly Thermodynamics[];
  readonly frames: readonly DynamicsState[];
}

export interface RunOptions extends SimulateOptions {
  /** The run goes along with those of other tasks in engine webgpu, unless it is to tell frames; it takes no checkpoints. */
  readonly batch?: ReplicaBatch | undefined;
}

/** Runs `simulate` to its end and keeps what it told. */
export async function runDynamics(spec: DynamicsSpec, { batch, ...options }: RunOptions = {}): Promise<DynamicsResult> {
  if (batch && !spec.frameEvery) return batch.run(spec, options);
  const rows: Thermodynamics[] = [];
  const frames: DynamicsState[] = [];
  const run = simulate(spec, options);
  for (;;) {
    const next = await run.next();
    if (next.done) return { ...next.value, rows, frames };
    rows.push(next.value.thermodynamics);
    if (next.value.state) frames.push(next.value.state);
  }
}
