import v8 from "node:v8";

/** Lets this process use relaxed SIMD: Node 20 has it behind a flag, which may be set while it runs. */
export const allowRelaxedSimd = (): void => v8.setFlagsFromString("--experimental-wasm-relaxed-simd");
