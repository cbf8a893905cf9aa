import { createHash } from "node:crypto";
import type { Checkpoint } from "../dynamics/checkpoint.js";
import type { DynamicsState } from "../dynamics/simulate.js";
import type { Thermodynamics } from "../dynamics/thermodynamics.js";
import { InputError } from "../errors.js";
import { formatExtxyz } from "../formats/extxyz.js";
import { decodePlainData, encodePlainData } from "../plain-data.js";

/** A run up to a checkpoint: what a resumed run needs to write the files that the whole run would have written. */
export interface SavedRun {
  readonly checkpoint: Checkpoint;
  readonly rows: readonly Thermodynamics[];
  readonly frames: readonly DynamicsState[];
}

const EXPECTED = "a checkpoint of phasecell md";
const DIGEST_BYTES = 32;
const digestOf = (bytes: Uint8Array): Uint8Array => createHash("sha256").update(bytes).digest();

/** Plain data after its SHA-256. */
export function encodeSavedRun(run: SavedRun): Uint8Array {
  const data = encodePlainData(run, { what: "checkpoint" });
  return Buffer.concat([digestOf(data), data]);
}

/** InputError for a file that is no checkpoint, or not as it was written. */
export function decodeSavedRun(bytes: Uint8Array, file: string): SavedRun {
  const refused = (value: string): InputError => new InputError({ what: file, value, expected: EXPECTED });
  if (bytes.length <= DIGEST_BYTES) throw refused(`${bytes.length} bytes`);
  const data = bytes.subarray(DIGEST_BYTES);
  if (Buffer.compare(digestOf(data), bytes.subarray(0, DIGEST_BYTES)) !== 0) throw refused("other or damaged bytes");
  const saved = decodePlainData(data, file) as Partial<SavedRun> | null;
  if (saved?.checkpoint?.format !== "phasecell-checkpoint" || !saved.rows || !saved.frames) throw refused("other data");
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
