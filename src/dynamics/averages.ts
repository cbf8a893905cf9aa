import { BOLTZMANN, GPA_PER_EV_A3 } from "../units.js";
import { STEP_SUMS } from "./dynamics-layout.js";
import type { DynamicsPlan } from "./dynamics-spec.js";
import type { WasmDynamics } from "./wasm-dynamics.js";

/** Means over a run, of every step after those left out. */
export interface Averages {
  /** Steps that were averaged. */
  readonly steps: number;
  /** eV. */
  readonly potentialEnergy: number;
  readonly referenceEnergy: number;
  readonly kineticEnergy: number;
  /** K. */
  readonly temperature: number;
  /** GPa. */
  readonly pressure: number;
  /** [6] eV/A^3 with the kinetic part, positive is tension. */
  readonly stress: Float64Array;
  /** A^3. */
  readonly volume: number;
  /** [9] A. */
  readonly cell: Float64Array;
  /** Looks at the displacements of atoms from their places at the start, which move along with the cell. */
  readonly looks: number;
  /** [3N] A, mean displacement. */
  readonly displacements: Float64Array;
  /** [N] A^2, mean square of the displacement from its mean: <|u|^2> - |<u>|^2. */
  readonly fluctuations: Float64Array;
}

/** What an engine sums over a run. */
export interface AverageSums {
  /** Steps that were summed, and looks at displacements. */
  readonly steps: number;
  readonly looks: number;
  /** [STEP_SUMS]; see sampling.as.ts for their order. */
  readonly stepSums: Float64Array;
  /** [4N] sums of the displacement of each atom and of its square. */
  readonly atomSums: Float64Array;
}

/** Reads the sums of engine wasm. */
export const readAverages = ({ record, table, system }: WasmDynamics, plan: DynamicsPlan): Averages =>
  toAverages(
    {
      steps: record.get("stepSamples"),
      looks: record.get("atomSamples"),
      stepSums: table("stepSums", STEP_SUMS),
      atomSums: table("atomSums", 4 * system.count),
    },
    plan,
  );

/** Means from sums. */
export function toAverages({ steps, looks, stepSums, atomSums }: AverageSums, plan: DynamicsPlan): Averages {
  const count = atomSums.length / 4;
  const means = stepSums.map((sum) => sum / steps);
  const [potentialEnergy, referenceEnergy, kineticEnergy, volume] = means as unknown as [
    number,
    number,
    number,
    number,
  ];
  const displacements = new Float64Array(3 * count);
  const fluctuations = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    fluctuations[i] = atomSums[4 * i + 3]! / looks;
    for (let d = 0; d < 3; d++) {
      const mean = atomSums[4 * i + d]! / looks;
      displacements[3 * i + d] = mean;
      fluctuations[i]! -= mean * mean;
    }
  }
  return {
    steps,
    potentialEnergy,
    referenceEnergy,
    kineticEnergy,
    temperature: (2 * kineticEnergy) / (plan.degrees * BOLTZMANN),
    pressure: ((means[4]! + means[5]! + means[6]!) / 3) * GPA_PER_EV_A3,
    stress: means.slice(4, 10).map((p) => -p),
    volume,
    cell: means.slice(10, 19),
    looks,
    displacements,
    fluctuations,
  };
}
