import type { CellFreedom } from "../dynamics/cell-freedom.js";
import { minimize } from "../dynamics/minimize.js";
import { cubeRoot } from "../math/elementary.js";
import type { EngineName, Potential } from "../potentials/potential.js";
import type { LongWork } from "../progress.js";
import { cellVolume } from "../structure/cell.js";
import type { Structure } from "../structure/structure.js";

export interface VolumeScanSettings {
  /** Volumes over that of the structure: 0.8 to 1.1 in eleven steps by default. */
  readonly ratios?: readonly number[];
  /** What of the shape relaxes at each volume; atoms always do. "fixed" by default. */
  readonly shape?: CellFreedom;
  readonly engine?: EngineName;
}

/** Static energies against volume, per atom, ready for `fitEquationOfState`. */
export interface VolumeScan {
  /** A^3/atom. */
  readonly volumes: Float64Array;
  /** eV/atom. */
  readonly energies: Float64Array;
  readonly structures: readonly Structure[];
}

/** Energies of a crystal at scaled volumes, each with its shape and atoms relaxed at that volume. */
export async function volumeScan(
  potential: Potential,
  structure: Structure,
  settings: VolumeScanSettings & LongWork = {},
): Promise<VolumeScan> {
  const { ratios = Array.from({ length: 11 }, (_, i) => 0.8 + 0.03 * i), shape = "fixed", engine = "wasm" } = settings;
  const count = structure.numbers.length;
  const found = [];
  for (const [i, ratio] of ratios.entries()) {
    const scale = cubeRoot(ratio);
    const scaled = {
      ...structure,
      cell: structure.cell.map((x) => x * scale),
      positions: structure.positions.map((x) => x * scale),
    };
    found.push(
      await minimize(potential, scaled, {
        cell: shape,
        fixedVolume: true,
        forceTolerance: 1e-5,
        stressTolerance: 1e-3,
        engine,
        ...(settings.signal ? { signal: settings.signal } : {}),
      }),
    );
    settings.onProgress?.({ task: "equation of state", done: i + 1, total: ratios.length });
  }
  return {
    volumes: Float64Array.from(found, (minimum) => cellVolume(minimum.structure.cell) / count),
    energies: Float64Array.from(found, (minimum) => minimum.energy / count),
    structures: found.map((minimum) => minimum.structure),
  };
}
