/// <reference types="@webgpu/types" />
import { openGpu } from "#host";
import { ComputationError, InputError } from "../../errors.js";

/** A device shared by all sessions, until it is lost. */
export interface WebGpuDevice {
  readonly device: GPUDevice;
  readonly adapter: string;
  readonly software: boolean;
  /** Throws a ComputationError where the device is lost or has complained. */
  check(): void;
}

let shared: Promise<WebGpuDevice> | undefined;

/** The device, opened at the first call; an InputError says why there is none. */
export async function initWebGpu(): Promise<WebGpuDevice> {
  shared ??= openDevice();
  try {
    return await shared;
  } catch (error) {
    shared = undefined;
    throw error;
  }
}

/** The adapter of this machine, or why there is none. */
export async function findAdapter(): Promise<{ readonly adapter?: GPUAdapter; readonly reason?: string }> {
  const gpu = await openGpu();
  if (!gpu) return { reason: "no WebGPU here (a browser without it, or Node without the package webgpu)" };
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  return adapter ? { adapter } : { reason: "no adapter (a GPU driver with Vulkan, Metal or Direct3D 12 is missing)" };
}

export const nameOf = ({ info }: GPUAdapter): string =>
  [info?.vendor, info?.architecture, info?.description].filter(Boolean).join(" ") || "an adapter";

/** A program on the processor instead of a GPU. */
export const isSoftware = (adapter: GPUAdapter): boolean =>
  Boolean(adapter.info?.isFallbackAdapter) || /swiftshader|llvmpipe|lavapipe|basic render/i.test(nameOf(adapter));

async function openDevice(): Promise<WebGpuDevice> {
  const { adapter, reason } = await findAdapter();
  if (!adapter) throw new InputError({ what: "engine webgpu", value: reason ?? "no adapter", attempt: "engine wasm" });
  const { maxStorageBufferBindingSize, maxBufferSize } = adapter.limits;
  const device = await adapter.requestDevice({ requiredLimits: { maxStorageBufferBindingSize, maxBufferSize } });
  let complaint: string | undefined;
  const opened: WebGpuDevice = {
    device,
    adapter: nameOf(adapter),
    software: isSoftware(adapter),
    check() {
      if (complaint === undefined) return;
      throw new ComputationError({
        what: "webgpu",
        value: complaint,
        expected: "a device that works",
        attempt: "again, or engine wasm",
      });
    },
  };
  void device.lost.then(({ message }) => {
    complaint ??= `the device was lost (${message.trim() || "no reason given"})`;
    shared = undefined;
  });
  device.addEventListener("uncapturederror", (event) => {
    complaint ??= (event as GPUUncapturedErrorEvent).error.message.trim();
    shared = undefined;
  });
  return opened;
}
