import type { Checkpoint } from "../dynamics/checkpoint.js";
import type { DynamicsState } from "../dynamics/simulate.js";
import type { Thermodynamics } from "../dynamics/thermodynamics.js";
import { InputError } from "../errors.js";
import { formatExtxyz } from "../formats/extxyz.js";
import { decodePlainData, encodePlainData } from "../notebook/plain-data.js";

/** A run up to a checkpoint: what a resumed run needs to write the files that the whole run would have written. */
export interface SavedRun {
  readonly checkpoint: Checkpoint;
  readonly rows: readonly Thermodynamics[];
  readonly frames: readonly DynamicsState[];
}

export const encodeSavedRun = (run: SavedRun): Uint8Array => encodePlainData(run, { what: "checkpoint" });

export function decodeSavedRun(bytes: Uint8Array, file: string): SavedRun {
  const saved = decodePlainData(bytes, file) as Partial<SavedRun>;
  if (saved.checkpoint?.format !== "phasecell-checkpoint" || !saved.rows || !saved.frames)
    throw new InputError({ what: file, expected: "a checkpoint of phasecell md" });
  return saved as SavedRun;
}

/** Thermodynamics as CSV: fs, K, eV, GPa, A^3. */
export function formatThermodynamics(rows: readonly Thermodynamics[]): string {
  const columns = [
    "step",
    "time",
    "temperature",
    "potentialEnergy",
    "kineticEnergy",
    "totalEnergy",
    "conservedEnergy",
    "pressure",
    "volume",
  ] as const;
  const lines = rows.map((row) => columns.map((column) => String(row[column])).join(","));
  return `${columns.join(",")}\n${lines.join("\n")}\n`;
}

/** Frames as extended XYZ with velocities [A/fs]. */
export const formatTrajectory = (frames: readonly DynamicsState[]): string =>
  formatExtxyz(
    frames.map(({ structure, velocities, step }) => ({
      structure: {
        ...structure,
        arrays: { ...structure.arrays, velocities: { kind: "real", width: 3, values: velocities } },
        info: { ...structure.info, step },
      },
      group: "dynamics",
    })),
  );
