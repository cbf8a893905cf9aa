import { findAdapter, isSoftware, nameOf } from "./device.js";

/** What was found of WebGPU on this machine. */
export interface WebGpuFinding {
  /** Name of the adapter; absent where there is none. */
  readonly adapter?: string;
  /** An adapter that is a program on the processor, for tests: its times say nothing of GPUs. */
  readonly software: boolean;
  /** Why there is none. */
  readonly reason?: string;
}

/** Names the adapter, or says why there is none; for `doctor` and pages. Never throws. */
export async function probeWebGpu(): Promise<WebGpuFinding> {
  try {
    const { adapter, reason } = await findAdapter();
    if (!adapter) return { software: false, ...(reason === undefined ? {} : { reason }) };
    return { adapter: nameOf(adapter), software: isSoftware(adapter) };
  } catch (error) {
    return { software: false, reason: String(error) };
  }
}
