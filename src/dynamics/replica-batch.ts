import type { LongWork } from "../progress.js";
import { type DynamicsSpec, planDynamics } from "./dynamics-spec.js";
import type { DynamicsResult } from "./run-dynamics.js";
import { groupOf, type Passenger, runReplicas } from "./webgpu-replicas.js";

/**
 * Runs of many tasks, together on one GPU: `runDynamics` with `batch` waits until every task that takes part waits as well,
 * and then all runs of one kind go on at once, as replicas. Results do not depend on who else is there.
 */
export interface ReplicaBatch {
  /** Does a task that takes part; runs are not launched while it is busy with other things. */
  join<Result>(task: () => Promise<Result>): Promise<Result>;
  /** A run in engine webgpu, whatever its spec says, without frames. */
  run(spec: DynamicsSpec, work?: LongWork): Promise<DynamicsResult>;
  /** Replicas of the launches so far. */
  readonly launches: readonly number[];
}

/** Milliseconds in which tasks that begin at about the same time find one another. */
const GRACE = 20;

export function openReplicaBatch(): ReplicaBatch {
  const launches: number[] = [];
  let waiting: Passenger[] = [];
  let busy = 0;

  const launch = (): void => {
    if (busy > 0 || waiting.length === 0) return;
    const groups = new Map<string, Passenger[]>();
    for (const passenger of waiting) {
      const key = groupOf(passenger);
      groups.set(key, [...(groups.get(key) ?? []), passenger]);
    }
    waiting = [];
    for (const group of groups.values()) {
      launches.push(group.length);
      void runReplicas(group);
    }
  };

  return {
    launches,
    async join(task) {
      busy++;
      try {
        return await task();
      } finally {
        busy--;
        launch();
      }
    },
    async run(spec, work = {}) {
      work.signal?.throwIfAborted();
      const own = { ...spec, engine: "webgpu" } as const;
      const plan = planDynamics(own);
      let quit = (): void => {};
      const ended = new Promise<DynamicsResult>((resolve, reject) => {
        const passenger = { spec: own, plan, work, resolve, reject };
        waiting.push(passenger);
        quit = () => {
          waiting = waiting.filter((other) => other !== passenger);
          reject(work.signal?.reason);
        };
      });
      work.signal?.addEventListener("abort", quit);
      busy--;
      setTimeout(launch, GRACE);
      try {
        return await ended;
      } finally {
        work.signal?.removeEventListener("abort", quit);
        busy++;
      }
    },
  };
}
