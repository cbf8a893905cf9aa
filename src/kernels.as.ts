/**
 * Composition root of the WebAssembly engine: the one module that links the accelerated twins of neighbors, potentials
 * and dynamics (exempt from the import directions, like index.ts). The host imports the memory.
 */
import { System } from "./engine/system.as";

export { gemm, gemmScratch } from "./math/gemm.as";
export { cholesky } from "./math/cholesky.as";
export { appendRows, appendRowsScratch } from "./math/triangular-factor.as";
export { jacobiSweep } from "./math/jacobi.as";

/** First free address after the module's own data: the planner allocates from here. */
export function heapBase(): usize {
  return __heap_base;
}

/**
 * Adds one term's energies and forces for own atoms begin <= i < end. `kernel` is a number of engine/kernel-numbers.ts,
 * `parameters` what the term's planner packed.
 */
export function computeTerm(kernel: i32, system: System, parameters: usize, begin: i32, end: i32): void {
  switch (kernel) {
    default:
      unreachable();
  }
}
