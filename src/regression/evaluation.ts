import type { EngineName, Potential } from "../potentials/potential.js";
import { virialToStress } from "../potentials/stress.js";
import type { LongWork } from "../progress.js";
import { cellVolume } from "../structure/cell.js";
import type { LabeledStructure } from "../structure/labeled-structure.js";
import { GPA_PER_EV_A3 } from "../units.js";
import { createBreather } from "./breather.js";
import { collectErrors, type ErrorTable } from "./metrics.js";

/** What a potential predicts for one structure. */
export interface Prediction {
  /** eV. */
  readonly energy: number;
  /** [3N] eV/A. */
  readonly forces: Float64Array;
  /** [6] eV/A^3, Voigt, positive = tension; absent where the structure is not periodic in all directions. */
  readonly stress?: Float64Array;
}

export interface EvaluationOptions extends LongWork {
  readonly engine?: EngineName;
  readonly task?: string;
}

/** Energies, forces and stresses of structures, in their order. */
export async function predictStructures(
  potential: Potential,
  structures: readonly Pick<LabeledStructure, "structure">[],
  { engine = "wasm", task = "evaluate", signal, onProgress }: EvaluationOptions = {},
): Promise<Prediction[]> {
  const breathe = createBreather(signal);
  const predictions: Prediction[] = [];
  for (const { structure } of structures) {
    await breathe();
    const session = await potential.open(structure, {}, engine);
    try {
      const { energy, forces, virial } = await session.evaluate();
      const volume = structure.pbc.every(Boolean) ? cellVolume(structure.cell) : 0;
      predictions.push({ energy, forces, ...(volume > 0 ? { stress: virialToStress(virial, volume) } : {}) });
    } finally {
      session.dispose();
    }
    onProgress?.({ task, done: predictions.length, total: structures.length });
  }
  return predictions;
}

/** Errors of predictions against the labels that are there: eV/atom, eV/A and GPa, over all and per group. */
export function comparePredictions(
  structures: readonly LabeledStructure[],
  predictions: readonly Prediction[],
): ErrorTable {
  const collector = collectErrors();
  const gpa = (stress: Float64Array): Float64Array => stress.map((s) => s * GPA_PER_EV_A3);
  for (const [index, { structure, energy, forces, stress, group }] of structures.entries()) {
    const predicted = predictions[index]!;
    const atoms = structure.numbers.length;
    if (energy !== undefined) collector.add(group, "energy", [energy / atoms], [predicted.energy / atoms]);
    if (forces) collector.add(group, "forces", forces, predicted.forces);
    if (stress && predicted.stress) collector.add(group, "stress", gpa(stress), gpa(predicted.stress));
  }
  return collector.table();
}
