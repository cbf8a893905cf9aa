/**
 * Lets this process use relaxed SIMD: Node 20 has it behind a flag, which may be set while it runs. Loading node:v8 takes
 * milliseconds, which every worker would pay.
 */
export const allowRelaxedSimd = (): void =>
  process.getBuiltinModule("node:v8").setFlagsFromString("--experimental-wasm-relaxed-simd");
