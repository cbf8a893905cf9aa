/** What this page can compute with, and why not with more. */
export interface EngineReport {
  /** Web Workers at once. */
  readonly workers: number;
  /** Shared memory, which threads of one run need. */
  readonly sharedMemory: boolean;
  /** Name of the WebGPU adapter; absent where there is none. */
  readonly adapter?: string;
  /** Whether the adapter is a program on the CPU, slower than WebAssembly. */
  readonly softwareAdapter: boolean;
  /** One line each for the reader. */
  readonly lines: readonly string[];
}

interface AdapterInfo {
  readonly vendor?: string;
  readonly architecture?: string;
  readonly device?: string;
  readonly description?: string;
}

interface Gpu {
  requestAdapter(): Promise<{ readonly info?: AdapterInfo; readonly isFallbackAdapter?: boolean } | null>;
}

/** Asks the browser; never throws. */
export async function reportEngines(): Promise<EngineReport> {
  const workers = navigator.hardwareConcurrency || 1;
  const sharedMemory = crossOriginIsolated && typeof SharedArrayBuffer === "function";
  const gpu = (navigator as unknown as { readonly gpu?: Gpu }).gpu;
  const adapter = await gpu?.requestAdapter().catch(() => null);
  const info = adapter?.info ?? {};
  const name = [info.vendor, info.architecture, info.device ?? info.description].filter(Boolean).join(" ");
  const softwareAdapter =
    adapter?.isFallbackAdapter === true || /swiftshader|llvmpipe|lavapipe|basic render/i.test(name);
  return {
    workers,
    sharedMemory,
    softwareAdapter,
    ...(adapter ? { adapter: name || "unnamed" } : {}),
    lines: [
      `Stages: WebAssembly in ${workers === 1 ? "one worker" : `up to ${workers} workers`}, the same bits as on the command line`,
      sharedMemory
        ? "Threads: shared memory is there, one run may use several cores"
        : "Threads: none within one run, because this page is not cross-origin isolated",
      adapter
        ? `WebGPU: ${name || "an adapter"}${softwareAdapter ? ", in software" : ""}`
        : `WebGPU: ${gpu ? "no adapter found" : "not in this browser"}`,
    ],
  };
}
