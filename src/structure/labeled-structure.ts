import type { Structure } from "./structure.js";

/** A structure with what a first-principles code (or a teacher) said of it. Absent labels are absent, never zero. */
export interface LabeledStructure {
  readonly structure: Structure;
  /** eV, total for the structure, no reference subtracted. */
  readonly energy?: number;
  /** [3N] eV/A. */
  readonly forces?: Float64Array;
  /** [6] eV/A^3, Voigt xx yy zz yz xz xy, positive = tension. */
  readonly stress?: Float64Array;
  /** The configuration group (extxyz `config_type`), the unit of weights and error tables. */
  readonly group: string;
  /** Multiplies the weights of its group. */
  readonly weight?: number;
  /** Where the label came from: code, settings, trajectory (`source`). */
  readonly provenance?: Readonly<Record<string, string | number | boolean>>;
}
