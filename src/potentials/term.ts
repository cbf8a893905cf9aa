import type { Packer } from "../engine/packer.js";
import type { KernelSource } from "../engine/webgpu/kernel-source.js";
import type { NeighborList } from "../neighbors/neighbor-list.js";
import type { Continuity } from "./potential.js";

/** What a term sees in the `reference` engine. */
export interface ReferenceSystem {
  readonly count: number;
  /** [3N] A. */
  readonly positions: Float64Array;
  /** [9] A, rows. */
  readonly cell: Float64Array;
  /** [N] index into `species`. */
  readonly types: Int32Array;
  /** Distinct atomic numbers, ascending. */
  readonly species: readonly number[];
  /** Full list with a cutoff of at least the term's own: a term filters by its own cutoff. */
  readonly list: NeighborList;
}

/** Where terms add what they find. Contributions are added, never assigned. */
export interface ReferenceResult {
  /** [N] eV. */
  readonly energies: Float64Array;
  /** [3N] eV/A. */
  readonly forces: Float64Array;
  /** [9N] eV, row major; per atom, their sum is the virial W_ab = sum over pairs of r_a f_b. */
  readonly atomVirials: Float64Array;
}

/** What happens between two passes of a kernel; see evaluator.as.ts. */
export type Exchange = "gather" | "spread" | "barrier";

/**
 * How a term runs in the `wasm` engine: its kernel's number in kernels.as.ts and the planner that packs its tables. A
 * kernel is called for own atoms begin <= i < end of one partition at a time, possibly by several threads at once: it may
 * write energies and scratch of these atoms only, and forces of any atom, which go to the partition's own window.
 */
export interface WasmTwin {
  /** `Kernel` of src/engine/kernel-numbers.ts. */
  readonly kernel: number;
  /** "none": the kernel looks at no neighbors and adds forces to its own atoms only. */
  readonly list: "full" | "half" | "none";
  /** Bytes of scratch per own atom, kept from pass to pass; 0 for none. */
  readonly scratchPerAtom: number;
  /** A law of n + 1 passes names the n exchanges between them; one pass when absent. */
  readonly exchanges?: readonly Exchange[];
  /** Microseconds per atom and step on one thread, roughly: tells whether threads are worth it. 0.3 when absent. */
  readonly cost?: number;
  /** The kernel writes nothing behind its parameters: one copy serves all threads. */
  readonly constantParameters?: boolean;
  /**
   * Writes parameters and tables for atoms of these species (type t is species[t]); returns their address. Called once
   * for every thread, so that scratch room behind the parameters belongs to one thread.
   */
  pack(species: readonly number[], memory: Packer): number;
}

/** A term in the `webgpu` engine, for given species (type t is species[t]); see webgpu-law.wgsl.ts for what kernels see. */
export interface WebGpuTwin {
  /** `tables` of the kernels, vec4f each. */
  readonly tables: Float32Array;
  /** [3N] A and [N] that `sites` holds, as the caller numbers atoms: a law of atoms tied to places. */
  readonly sites?: { readonly positions: Float64Array; readonly numbers: Float32Array };
  /** vec4f per atom of `scratch`; 0 by default. */
  readonly scratchPerAtom?: number;
  /**
   * "forces": the kernels add forces of own atoms. "gradients": they leave dE_i/dr_ij of each neighbor, and the engine
   * makes forces of them.
   */
  readonly result: "forces" | "gradients";
  /** In order; the last one deposits energy and virial. */
  readonly passes: readonly KernelSource[];
}

/** One law with its numbers: the slow readable truth, and its accelerated twin. */
export interface Term {
  readonly kind: string;
  /** A. */
  readonly cutoff: number;
  readonly continuity: Continuity;
  /** Atomic numbers it has parameters for; "any" for a law of all elements. */
  readonly elements: readonly number[] | "any";
  /** Number of atoms, for a law with numbers for each atom. */
  readonly atoms?: number;
  evaluate(system: ReferenceSystem, result: ReferenceResult): void;
  readonly wasm?: WasmTwin;
  /** In mixed precision, for the engine wasm-mixed; it runs `wasm` of terms that have none beside one that has. */
  readonly mixed?: WasmTwin;
  /** Throws an InputError where the twin cannot do what is asked for. */
  webgpu?(species: readonly number[]): WebGpuTwin;
}
