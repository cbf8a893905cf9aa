import { runTask } from "#host";
import { openReplicaBatch, type ReplicaBatch } from "../dynamics/replica-batch.js";
import type { Task } from "../host/messages.js";
import { legTasks } from "./leg-tasks.js";
import type { LegStore, LegTaskWork } from "./legs.js";

/** Legs of free energies that run on the GPU of this machine, all that are under way at once as replicas. */
export interface GpuLegs extends LegStore {
  readonly batch: ReplicaBatch;
}

/**
 * Hand this on as `legs`: molecular dynamics of free energies runs in engine webgpu, which is f32. Legs found in `store` are
 * not run again; those of other engines are others.
 */
export function gpuLegs(store?: LegStore): GpuLegs {
  const batch = openReplicaBatch();
  return {
    batch,
    engineOf: (name) => (name in legTasks ? "webgpu" : undefined),
    read: async (key) => store?.read(key),
    write: async (key, value) => store?.write(key, value),
    run<Result>(name: string, input: unknown, work: Parameters<typeof runTask>[2]): Promise<Result> {
      const task = (legTasks as Readonly<Record<string, Task>>)[name];
      if (!task) return runTask<Result>(name, input, work);
      return batch.join(() => task(input as never, { ...work, batch } as LegTaskWork)) as Promise<Result>;
    },
  };
}
