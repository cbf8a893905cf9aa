import { CONTROL, fixedAt } from "../engine/webgpu/control.js";
import { positionsIn } from "../neighbors/webgpu-frame.js";
import { TIME_UNIT_FS } from "../units.js";
import { type Averages, toAverages } from "./averages.js";
import { STEP_SUMS } from "./dynamics-layout.js";
import type { DynamicsState } from "./simulate.js";
import { readRow, type Thermodynamics } from "./thermodynamics.js";
import type { WebGpuDynamics, WebGpuReport, WebGpuState } from "./webgpu-dynamics.js";

/** Takes the rows of a replica off its ring, each once, and sums those that means go over. */
export class RowReader {
  latest: Thermodynamics | undefined;
  /** Sums over steps, in the order of sampling.as.ts. */
  readonly stepSums = new Float64Array(STEP_SUMS);
  steps = 0;
  private taken = 0;

  constructor(
    private readonly dynamics: WebGpuDynamics,
    private readonly replica = 0,
  ) {}

  /** The rows that were asked for. */
  take(report: WebGpuReport): Thermodynamics[] {
    const { plan } = this.dynamics.runs[this.replica]!;
    const { averages, firstStep, sampleEvery } = plan;
    const rows: Thermodynamics[] = [];
    for (; this.taken < report.control(this.replica)[CONTROL.rows]!; this.taken++) {
      const row = report.row(this.replica, this.taken);
      const step = row[0]!;
      if (averages && step >= firstStep + averages.after) this.add(row);
      if ((step - firstStep) % sampleEvery === 0 || step === firstStep + plan.steps) rows.push(readRow(row, plan));
    }
    this.latest = rows.at(-1) ?? this.latest;
    return rows;
  }

  private add(row: Float64Array): void {
    const volume = row[4]!;
    const values = [row[1]!, row[2]!, row[3]!, volume];
    for (let k = 0; k < 6; k++) values.push((row[12 + k]! + row[18 + k]!) / volume);
    values.push(...row.subarray(24, 33));
    for (const [k, value] of values.entries()) this.stepSums[k]! += value;
    this.steps++;
  }

  /** Means over the run until now. */
  averages({ displacements }: WebGpuState): Averages {
    const { plan } = this.dynamics.runs[this.replica]!;
    const looks = Math.floor((this.steps - 1) / plan.averages!.every) + 1;
    const atomSums = Float64Array.from({ length: displacements.length / 2 }, (_, k) => fixedAt(displacements, 2 * k));
    return toAverages({ steps: this.steps, looks, stepSums: this.stepSums, atomSums }, plan);
  }
}

/** A replica as callers see it. */
export function stateOf(dynamics: WebGpuDynamics, state: WebGpuState, replica = 0): DynamicsState {
  const { structure } = dynamics.runs[replica]!.spec;
  const box = dynamics.system.neighborhood.box(replica);
  const periodic = structure.pbc.every(Boolean);
  const cell = periodic ? dynamics.cellOf(replica, state.control) : structure.cell;
  return {
    structure: { ...structure, cell, positions: positionsIn(box, periodic ? cell : box.cell, state) },
    velocities: Float64Array.from(state.velocities, (v) => v / TIME_UNIT_FS),
    step: state.control[CONTROL.step]!,
  };
}
