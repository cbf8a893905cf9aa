import type { Structure } from "../structure/structure.js";

/** What a first-principles code says of one structure. */
export interface Label {
  /** eV, total for the structure; with smearing the free energy, whose gradient the forces are. */
  readonly energy: number;
  /** [3N] eV/A. */
  readonly forces: Float64Array;
  /** [6] eV/A^3, Voigt xx yy zz yz xz xy, positive = tension. */
  readonly stress: Float64Array;
}

/** Why there is no label. Only `unconverged` belongs to the structure and recipe; the others belong to the run. */
export type LabelFailure = "unconverged" | "crashed" | "missing-program" | "wrong-version";

/** A label, or an honest account of why there is none. */
export type LabelOutcome =
  | {
      readonly status: "labeled";
      readonly label: Label;
      /** Program and version that made it: `quantum-espresso 6.7MaX`. */
      readonly code: string;
      /** Self-consistent runs it took: 2 when the first did not converge. */
      readonly attempts: number;
      /** Processor seconds of all attempts. */
      readonly seconds: number;
    }
  | {
      readonly status: "failed";
      readonly reason: LabelFailure;
      readonly message: string;
      readonly attempts: number;
      readonly seconds: number;
    };

/** Anything that labels structures: a DFT code or an analytic teacher. */
export interface Labeler {
  /** `quantum-espresso 6.7MaX`, `analytic stillinger-weber`. */
  readonly name: string;
  /**
   * A text that fixes the label: two structures with one fingerprint have one label. It holds the code's version and
   * exact input, and no path of this machine, so that labels paid for elsewhere are found again.
   */
  fingerprint(structure: Structure): string;
  /** Rejects only when aborted; a computation that went wrong is a failed outcome. */
  label(structure: Structure, signal?: AbortSignal): Promise<LabelOutcome>;
}

/** Outcomes by content, so that no label is paid for twice. */
export interface LabelCache {
  get(key: string): Promise<LabelOutcome | undefined>;
  set(key: string, outcome: LabelOutcome): Promise<void>;
}

/** The cache key of a fingerprint: its sha256 in hexadecimal digits. */
export async function labelKey(fingerprint: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(fingerprint));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Whether the same question would get the same answer again: a crash or a missing program is worth another try. */
export const isLasting = (outcome: LabelOutcome): boolean =>
  outcome.status === "labeled" || outcome.reason === "unconverged";
