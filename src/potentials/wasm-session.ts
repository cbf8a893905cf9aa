import { variantOf, type WasmEngineName } from "../engine/kernel-variants.js";
import { toPartitions } from "../engine/partitions.js";
import { withThreads } from "../engine/threads.js";
import { ComputationError, InputError } from "../errors.js";
import type { Structure } from "../structure/structure.js";
import type { Outputs, Parallel, Session } from "./potential.js";
import { moved } from "./session.js";
import type { Term } from "./term.js";
import { openWasmSystem, stepCost } from "./wasm-system.js";

/** Opens the terms in the WebAssembly engine. */
export async function openWasmSession(
  terms: readonly Term[],
  structure: Structure,
  outputs: Outputs,
  { threads = 1, partitions }: Parallel = {},
  engine: WasmEngineName = "wasm",
): Promise<Session> {
  if (outputs.atomVirials)
    throw new InputError({ what: "atomVirials", value: `engine ${engine}`, expected: "the engine reference" });
  const ranges = toPartitions(partitions, structure.numbers.length);
  const system = await withThreads(
    threads,
    ranges,
    (instance) => openWasmSystem(terms, structure, { instance, partitions: ranges, mixed: engine === "wasm-mixed" }),
    stepCost(terms, structure.numbers.length),
    variantOf(engine),
  );
  let current = structure;
  let open = true;
  return {
    engine,
    async evaluate(move = {}) {
      // The memory of a disposed session belongs to the next one.
      if (!open) throw new ComputationError({ what: "session", value: "disposed", expected: "an open one" });
      current = moved(current, move);
      if (move.cell) system.setCell(move.cell);
      if (move.positions || move.cell) system.setPositions(current.positions);
      system.compute();
      return {
        energy: system.energy(),
        forces: system.forces(),
        virial: system.virial(),
        ...(outputs.energies ? { energies: system.energies() } : {}),
      };
    },
    dispose() {
      open = false;
      system.dispose();
    },
  };
}
