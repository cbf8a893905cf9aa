/// <reference types="@webgpu/types" />
let gpu: Promise<GPU | undefined> | undefined;

/** WebGPU by the optional package `webgpu` (Dawn); undefined where it is not installed or does not load. */
export function openGpu(): Promise<GPU | undefined> {
  gpu ??= import("webgpu").then(
    ({ create }) => create([]),
    () => undefined,
  );
  return gpu;
}
