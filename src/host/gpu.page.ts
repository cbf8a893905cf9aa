/// <reference types="@webgpu/types" />
/** WebGPU of the page or worker; undefined where the browser has none. */
export async function openGpu(): Promise<GPU | undefined> {
  return (navigator as { readonly gpu?: GPU }).gpu;
}
