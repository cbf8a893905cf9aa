import type { WasmEngineName } from "../engine/kernel-variants.js";
import type { Threads } from "../engine/threads.js";
import type { Structure } from "../structure/structure.js";
import type { Term } from "./term.js";

/**
 * Where numbers are crunched: `reference` is plain TypeScript and defines truth, `wasm` is AssemblyScript SIMD in f64
 * (`wasm-relaxed` and `wasm-mixed`: see `WasmEngineName`), `webgpu` runs on a GPU in f32 with exact differences of positions.
 */
export type EngineName = "reference" | WasmEngineName | "webgpu";

/** What a session computes besides energy, forces and virial. */
export interface Outputs {
  /** Per-atom energies. */
  readonly energies?: boolean;
  /** Per-atom virials. */
  readonly atomVirials?: boolean;
}

/** What a potential says of one arrangement of atoms. */
export interface Evaluation {
  /** eV. */
  readonly energy: number;
  /** [3N] eV/A, minus the gradient of exactly `energy`. */
  readonly forces: Float64Array;
  /** [9] eV, row major: W_ab = -dE/dstrain_ab = -V stress_ab. */
  readonly virial: Float64Array;
  /** [N] eV. */
  readonly energies?: Float64Array;
  /** [9N] eV. */
  readonly atomVirials?: Float64Array;
}

/** How smooth the energy is where a neighbor enters the cutoff: a jump, or the highest continuous derivative. */
export type Continuity = "truncated" | "C0" | "C1" | "C2";

/** One law with its numbers, as JSON: `kind` names the law, the rest belongs to it. */
export interface LawSpec {
  readonly kind: string;
  readonly [parameter: string]: unknown;
}

/** A potential as versioned JSON: the sum of its terms. `createPotential(spec).spec` equals `spec`. */
export interface PotentialSpec {
  readonly format: "phasecell-potential";
  readonly version: 1;
  readonly terms: readonly LawSpec[];
  /** Which data, recipe, seed and errors made it, where it was fitted. */
  readonly training?: Readonly<Record<string, unknown>>;
}

/** New places for the atoms of an open session; what is absent stays. The number of atoms never changes. */
export interface Move {
  /** [3N] A. */
  readonly positions?: Float64Array;
  /** [9] A. */
  readonly cell?: Float64Array;
}

/** How the engine wasm shares its work out. */
export interface Parallel {
  /** Threads, never a matter of results. 1 by default. */
  readonly threads?: Threads;
  /** Ranges of atoms that threads may run at once; bits depend on their number. By default four, fewer below 512 atoms. */
  readonly partitions?: number;
}

/** A potential opened on one structure by one engine: owns memory, reuses its neighbor list while atoms move. */
export interface Session {
  readonly engine: EngineName;
  evaluate(move?: Move): Promise<Evaluation>;
  dispose(): void;
}

export interface Potential {
  readonly spec: PotentialSpec;
  /** A, the largest cutoff of the terms. */
  readonly cutoff: number;
  /** That of the least smooth term. */
  readonly continuity: Continuity;
  readonly terms: readonly Term[];
  open(structure: Structure, outputs?: Outputs, engine?: EngineName, parallel?: Parallel): Promise<Session>;
}
