import type { Structure } from "../structure/structure.js";

/** A descriptor as JSON: `kind` names it, the rest belongs to it. */
export interface DescriptorSpec {
  readonly kind: string;
  readonly [parameter: string]: unknown;
}

/** Where descriptors are computed: `reference` is plain TypeScript and defines truth, `wasm` is AssemblyScript SIMD. */
export type DescriptorEngine = "reference" | "wasm";

/**
 * What one structure adds to a linear fit. The columns are those of a head with one row of coefficients per element:
 * element after element (in the order of `Descriptor.elements`) first the constant (1 per atom), then the K
 * components, so that coefficients c give the energy `energy . c`, the forces `forces c` and the stress `stress c`.
 */
export interface DesignBlock {
  /** elements x (1 + K). */
  readonly columns: number;
  /** [columns] sum over the atoms of each element. */
  readonly energy: Float64Array;
  /** [3N x columns] row major, row 3i + axis: minus the gradient of `energy` with respect to the position, 1/A. */
  readonly forces: Float64Array;
  /** [6 x columns] Voigt xx yy zz yz xz xy: (1/V) d energy / d strain, positive = tension, 1/A^3. */
  readonly stress: Float64Array;
}

/** A descriptor opened by one engine: owns memory and takes any number of structures, one at a time. */
export interface DescriptorSession {
  readonly engine: DescriptorEngine;
  /** [N x K] row major. */
  values(structure: Structure): Float64Array;
  designBlock(structure: Structure): DesignBlock;
  dispose(): void;
}

/** Numbers that describe the surroundings of each atom, unchanged by rotations and by exchanging like atoms. */
export interface Descriptor {
  /** As given. */
  readonly spec: DescriptorSpec;
  /** A, the largest of any pair. */
  readonly cutoff: number;
  /** K, numbers per atom. */
  readonly length: number;
  /** Atomic numbers in the order of the spec. */
  readonly elements: readonly number[];
  /** [K] name of each component. */
  readonly names: readonly string[];
  open(engine?: DescriptorEngine): Promise<DescriptorSession>;
}
