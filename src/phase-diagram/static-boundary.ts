import type { CellFreedom } from "../dynamics/cell-freedom.js";
import { type Minimum, minimize } from "../dynamics/minimize.js";
import { ComputationError } from "../errors.js";
import type { EngineName, Potential } from "../potentials/potential.js";
import type { LongWork } from "../progress.js";
import type { Structure } from "../structure/structure.js";
import { GPA_PER_EV_A3 } from "../units.js";

/** A crystal as it is put into a phase diagram. */
export interface StaticPhase {
  readonly name: string;
  readonly structure: Structure;
  /** What of the cell is free: "isotropic" for cubic crystals, "tetragonal" with c along z. */
  readonly cell: CellFreedom;
}

export interface StaticBoundary {
  /** GPa, where the enthalpies are equal at T = 0, without zero-point motion. */
  readonly pressure: number;
  /** The two phases there. */
  readonly minima: readonly [Minimum, Minimum];
}

/**
 * The pressure at which two crystals have the same enthalpy at T = 0, every free cell parameter and atom relaxed, by Newton's
 * method with dH/dP = V. `start` GPa.
 */
export async function staticBoundary(
  potential: Potential,
  phases: readonly [StaticPhase, StaticPhase],
  { start = 0, engine = "wasm", ...work }: { readonly start?: number; readonly engine?: EngineName } & LongWork = {},
): Promise<StaticBoundary> {
  let pressure = start;
  let structures = phases.map((phase) => phase.structure);
  for (let step = 0; step < 30; step++) {
    const minima: Minimum[] = [];
    for (const [i, phase] of phases.entries())
      minima.push(
        await minimize(potential, structures[i]!, {
          cell: phase.cell,
          pressure,
          forceTolerance: 1e-5,
          stressTolerance: 1e-3,
          engine,
          ...(work.signal ? { signal: work.signal } : {}),
        }),
      );
    const [one, two] = minima as [Minimum, Minimum];
    const counts = phases.map((phase) => phase.structure.numbers.length) as [number, number];
    const enthalpy = two.enthalpy / counts[1] - one.enthalpy / counts[0];
    const volume = two.volume / counts[1] - one.volume / counts[0];
    const move = (-enthalpy / volume) * GPA_PER_EV_A3;
    work.onProgress?.({ task: "static boundary", done: step, total: 30, note: `${pressure.toFixed(3)} GPa` });
    if (Math.abs(move) < 1e-4) return { pressure: pressure + move, minima: [one, two] };
    structures = [one.structure, two.structure];
    pressure += Math.max(-4, Math.min(4, move));
  }
  throw new ComputationError({
    what: `static boundary of ${phases[0].name} and ${phases[1].name}`,
    value: `${pressure.toFixed(2)} GPa after 30 steps`,
    expected: "a crossing of the enthalpies",
    attempt: "another starting pressure; or one phase may be unstable",
  });
}
