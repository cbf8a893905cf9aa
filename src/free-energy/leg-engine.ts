import type { Hamiltonian } from "../dynamics/dynamics-spec.js";
import type { WasmEngineName } from "../engine/kernel-variants.js";

/**
 * The engine of a leg: mixed precision where a law has it (SNAP of one density), which takes 1.65 times less time and
 * shifts free energies by less than 1e-3 meV/atom (tests/physics/mixed-precision.physics.ts), a hundredth of an error bar.
 */
export const legEngine = (...hamiltonians: readonly (Hamiltonian | undefined)[]): WasmEngineName =>
  hamiltonians.some((one) => one?.terms.some(({ mixed }) => mixed)) ? "wasm-mixed" : "wasm";
