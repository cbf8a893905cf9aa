import { ComputationError, InputError } from "../errors.js";
import type { Structure } from "../structure/structure.js";
import type { Evaluation, Outputs, Session } from "./potential.js";
import { moved } from "./session.js";
import type { Term } from "./term.js";
import { openWebGpuSystem } from "./webgpu-system.js";

/** Opens the terms on the GPU. Evaluations of one session happen one after the other. */
export async function openWebGpuSession(
  terms: readonly Term[],
  structure: Structure,
  outputs: Outputs,
): Promise<Session> {
  if (outputs.atomVirials)
    throw new InputError({ what: "atomVirials", value: "engine webgpu", expected: "the engine reference" });
  const system = await openWebGpuSystem([{ structure, groups: [terms] }], { skin: 0 });
  let current = structure;
  let last: Promise<unknown> = Promise.resolve();
  let open = true;
  const evaluate = async (): Promise<Evaluation> => {
    if (!open) throw new ComputationError({ what: "session", value: "disposed", expected: "an open one" });
    system.put([current]);
    const { energies, ...evaluation } = await system.compute();
    return { ...evaluation, ...(outputs.energies ? { energies } : {}) };
  };
  return {
    engine: "webgpu",
    evaluate(move = {}) {
      const next = last.then(() => {
        current = moved(current, move);
        return evaluate();
      });
      last = next.catch(() => {});
      return next;
    },
    dispose() {
      open = false;
      system.dispose();
    },
  };
}
