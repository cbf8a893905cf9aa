import { allowRelaxedSimd } from "#host";
import { InputError } from "../errors.js";

/** Modules that the one source is compiled to: 128-bit SIMD, or relaxed SIMD with its fused multiply-add as well. */
export type KernelVariant = "plain" | "relaxed";

/**
 * Engines in WebAssembly. "wasm": f64, the same bits on every machine. "wasm-relaxed": the same kernels with fused
 * multiply-adds, also f64 and as exact, with bits of its own that depend on the processor. "wasm-mixed": SNAP of one
 * density in f32x4 with positions and sums of forces in f64; laws that stand beside it, such as ZBL, in f64.
 */
export type WasmEngineName = "wasm" | "wasm-relaxed" | "wasm-mixed";

export const variantOf = (engine: WasmEngineName): KernelVariant => (engine === "wasm-relaxed" ? "relaxed" : "plain");

/** A module with one f32x4.relaxed_madd: it validates only where relaxed SIMD is there. */
const RELAXED_MODULE = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 8, 1, 96, 3, 123, 123, 123, 1, 123, 3, 2, 1, 0],
  ...[10, 13, 1, 11, 0, 32, 0, 32, 1, 32, 2, 253, 133, 2, 11],
);

/** Why the engine wasm-relaxed cannot be had here; undefined where it can. */
export function relaxedSimdProblem(): string | undefined {
  if (WebAssembly.validate(RELAXED_MODULE)) return undefined;
  allowRelaxedSimd();
  return WebAssembly.validate(RELAXED_MODULE) ? undefined : "no WebAssembly relaxed SIMD";
}

/** The bytes of a module, as base64; only what is asked for is loaded. */
export async function kernelText(variant: KernelVariant, threads: boolean): Promise<string> {
  if (variant === "relaxed") {
    const problem = relaxedSimdProblem();
    if (problem !== undefined)
      throw new InputError({
        what: "engine wasm-relaxed",
        value: problem,
        expected: "Node 20.19, Chromium 114 or newer, on a processor with AVX or NEON",
        attempt: "engine wasm",
      });
    const text = threads
      ? await import("./wasm-bytes-relaxed-threads.generated.js")
      : await import("./wasm-bytes-relaxed.generated.js");
    return text.KERNELS_BASE64;
  }
  const text = threads ? await import("./wasm-bytes-threads.generated.js") : await import("./wasm-bytes.generated.js");
  return text.KERNELS_BASE64;
}
