import type { DynamicsSpec } from "./dynamics-spec.js";
import { type DynamicsEnd, type DynamicsState, type SimulateOptions, simulate } from "./simulate.js";
import type { Thermodynamics } from "./thermodynamics.js";

/** A whole run: its rows, its frames, and how it ended. */
export interface DynamicsResult extends DynamicsEnd {
  readonly rows: readonly Thermodynamics[];
  readonly frames: readonly DynamicsState[];
}

/** Runs `simulate` to its end and keeps what it told. */
export async function runDynamics(spec: DynamicsSpec, options: SimulateOptions = {}): Promise<DynamicsResult> {
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
