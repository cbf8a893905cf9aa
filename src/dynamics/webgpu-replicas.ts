import { CONTROL } from "../engine/webgpu/control.js";
import { MOST_REPLICAS } from "../engine/webgpu/replicas.js";
import { yieldToEvents } from "../event-loop.js";
import type { LongWork } from "../progress.js";
import type { DynamicsResult } from "./run-dynamics.js";
import { openWebGpuDynamics, type WebGpuRun } from "./webgpu-dynamics.js";
import { Leg } from "./webgpu-leg.js";
import { RowReader, stateOf } from "./webgpu-records.js";

/** Milliseconds between two reports of progress. */
const REPORT_TIME = 100;

/** A run that waits for others to go along with. */
export interface Passenger extends WebGpuRun {
  readonly work: LongWork;
  resolve(result: DynamicsResult): void;
  reject(error: unknown): void;
}

/**
 * What runs must have in common to go on at once: atoms, lengths, thermostat and potential. They may differ in places,
 * cells, velocities, temperatures, pressures, factors, timesteps, seeds and in the springs of an Einstein crystal.
 */
export function groupOf({ spec, plan }: WebGpuRun): string {
  const { structure, potential, reference } = spec;
  const { ensemble, averages, skin, steps, firstStep, sampleEvery, frameEvery, periodic } = plan;
  const terms = [potential, reference].map((hamiltonian) =>
    hamiltonian?.terms.map((term, k) =>
      term.atoms === undefined ? (hamiltonian.spec?.terms[k] ?? [term.kind, term.cutoff]) : term.kind,
    ),
  );
  const shape = [Array.from(structure.numbers), structure.pbc, periodic, terms];
  const bath = [ensemble.thermostat, ensemble.cell !== "fixed", plan.degrees];
  return JSON.stringify([shape, bath, averages, skin, steps, firstStep, sampleEvery, frameEvery]);
}

/** Takes runs of one group to their ends, each with the bits it has alone. One that fails leaves the others alone. */
export async function runReplicas(passengers: readonly Passenger[]): Promise<void> {
  for (let first = 0; first < passengers.length; first += MOST_REPLICAS)
    await runTogether(passengers.slice(first, first + MOST_REPLICAS));
}

async function runTogether(passengers: readonly Passenger[]): Promise<void> {
  try {
    const dynamics = await openWebGpuDynamics(passengers);
    try {
      const { firstStep, steps, averages } = passengers[0]!.plan;
      const leg = new Leg(dynamics, firstStep, (replica, error) => passengers[replica]!.reject(error));
      const readers = passengers.map((_, replica) => new RowReader(dynamics, replica));
      const rows = passengers.map((): DynamicsResult["rows"][number][] => []);
      let reported = Number.NEGATIVE_INFINITY;
      const goals = steps > 0 ? [firstStep, firstStep + steps] : [firstStep];
      for (const goal of goals)
        for await (const report of leg.run(goal)) {
          for (const replica of leg.live()) rows[replica]!.push(...readers[replica]!.take(report));
          if (performance.now() - reported > REPORT_TIME) {
            reported = performance.now();
            for (const replica of leg.live())
              passengers[replica]!.work.onProgress?.({
                task: "dynamics",
                done: report.control(replica)[CONTROL.step]! - firstStep,
                total: steps,
                note: `${passengers.length} replicas`,
              });
          }
          await yieldToEvents();
          for (const replica of leg.live()) {
            const { signal } = passengers[replica]!.work;
            if (signal?.aborted) leg.leave(replica, signal.reason);
          }
        }
      const ends = new Map<number, DynamicsResult>();
      for (const replica of leg.live()) {
        const end = await dynamics.read(replica);
        const means = averages ? { averages: readers[replica]!.averages(end) } : {};
        const state = stateOf(dynamics, end, replica);
        ends.set(replica, { state, ...means, rows: rows[replica]!, frames: [] });
      }
      // All at once, so that what they go on with may go along again.
      for (const [replica, end] of ends) passengers[replica]!.resolve(end);
    } finally {
      dynamics.dispose();
    }
  } catch (error) {
    for (const { reject } of passengers) reject(error);
  }
}
