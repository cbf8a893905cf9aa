import { type LegWork, runLeg } from "./legs.js";
import { lasting } from "./phase-lost.js";
import type { SharedProgress } from "./shared-progress.js";

/** A leg of a phase, as far as replicas care. */
interface ReplicaLeg {
  readonly phase: string;
  readonly temperature: number;
}

/** How replicas share a bar. */
export interface ReplicaWork extends LegWork {
  readonly signal: AbortSignal;
  readonly progress: SharedProgress;
  /** fs of one replica. */
  readonly weight: number;
  readonly note: string;
}

/** Runs a task in independent replicas in workers; throws a PhaseLostError where a phase did not last. `pressure` GPa. */
export function runReplicas<Result extends { readonly transformed?: string }>(
  task: string,
  replicas: number,
  legOf: (replica: number) => ReplicaLeg,
  pressure: number,
  { signal, progress, weight, note, legs }: ReplicaWork,
): Promise<Result[]> {
  return Promise.all(
    Array.from({ length: replicas }, async (_, replica) => {
      const leg = legOf(replica);
      const { onProgress, finish } = progress.leg(weight, note);
      // A signal of its own: listeners of many replicas on one signal look like a leak to Node.
      const result = await runLeg<Result>(task, leg, { onProgress, signal: AbortSignal.any([signal]), legs });
      finish();
      return lasting(result, leg, pressure);
    }),
  );
}
