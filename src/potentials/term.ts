import type { Packer } from "../engine/packer.js";
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

/** How a term runs in the `wasm` engine: its kernel's number in kernels.as.ts and the planner that packs its tables. */
export interface WasmTwin {
  /** `Kernel` of src/engine/kernel-numbers.ts. */
  readonly kernel: number;
  readonly list: "full" | "half";
  /** Bytes of scratch per own and ghost atom (EAM densities); 0 for none. */
  readonly scratchPerAtom: number;
  /** Writes parameters and tables for atoms of these species (type t is species[t]); returns their address. */
  pack(species: readonly number[], memory: Packer): number;
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
}
