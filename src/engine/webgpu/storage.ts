/// <reference types="@webgpu/types" />
import { InputError } from "../../errors.js";
import type { WebGpuDevice } from "./device.js";
import { MOST_REPLICAS } from "./replicas.js";

/** Bits of GPUBufferUsage and GPUMapMode: the globals of those names exist in pages only. */
const USAGE = { mapRead: 1, copySource: 4, copyTarget: 8, uniform: 64, storage: 128 } as const;
const MAP_READ = 1;

type Bytes = Float32Array | Int32Array | Uint32Array;

/** Named buffers on a device. They start as zeros; growing one loses what it held. */
export interface Storage {
  readonly gpu: WebGpuDevice;
  /** Systems that run at once, one after the other in most buffers. */
  readonly replicas: number;
  /** Records that a uniform buffer of one per replica has: kernels for many are compiled for the most there can be. */
  readonly records: number;
  /** Changes whenever some buffer was replaced. */
  readonly generation: number;
  /** Makes sure that a buffer has this many bytes. */
  ensure(name: string, bytes: number, kind?: "storage" | "uniform"): void;
  /** The same, keeping what it holds. */
  grow(name: string, bytes: number): void;
  buffer(name: string): GPUBuffer;
  /** Writes at a byte offset, ordered with what is submitted. */
  write(name: string, data: Bytes, offset?: number): void;
  /** Copies of buffers, after everything submitted so far; [name, bytes, offset]. */
  read(...wanted: readonly (readonly [name: string, bytes: number, offset?: number])[]): Promise<ArrayBuffer[]>;
  /** Bytes held on the device. */
  bytes(): number;
  destroy(): void;
}

export function openStorage(gpu: WebGpuDevice, replicas = 1): Storage {
  const { device } = gpu;
  const buffers = new Map<string, GPUBuffer>();
  const staging: GPUBuffer[] = [];
  let generation = 0;
  let open = true;

  const buffer = (name: string): GPUBuffer => {
    const found = buffers.get(name);
    if (!found) throw new Error(`no buffer ${name}`);
    return found;
  };

  const takeStaging = (bytes: number): GPUBuffer => {
    const index = staging.findIndex((free) => free.size >= bytes);
    if (index >= 0) return staging.splice(index, 1)[0]!;
    return device.createBuffer({ size: bytes, usage: USAGE.mapRead | USAGE.copyTarget });
  };

  const check = (name: string, size: number): void => {
    const limit = Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize);
    if (size > limit)
      throw new InputError({
        what: "engine webgpu",
        value: `${name} of ${(size / 2 ** 20).toFixed(0)} MiB`,
        expected: `at most ${(limit / 2 ** 20).toFixed(0)} MiB in one buffer of ${gpu.adapter}`,
        attempt: "fewer atoms, or engine wasm",
      });
  };

  const create = (name: string, size: number, kind: "storage" | "uniform"): void => {
    check(name, size);
    // Records that kernels read as uniforms are written by others.
    const usage = USAGE.copySource | USAGE.copyTarget | USAGE.storage | USAGE[kind];
    buffers.set(name, device.createBuffer({ label: name, size, usage }));
    generation++;
  };
  const sizeFor = (bytes: number): number => Math.max(16, Math.ceil(bytes / 16) * 16);

  return {
    gpu,
    replicas,
    records: replicas === 1 ? 1 : MOST_REPLICAS,
    get generation() {
      return generation;
    },
    ensure(name, bytes, kind = "storage") {
      const size = sizeFor(bytes);
      const old = buffers.get(name);
      if (old && old.size >= size) return;
      old?.destroy();
      create(name, size, kind);
    },
    grow(name, bytes) {
      const size = sizeFor(bytes);
      const old = buffers.get(name);
      if (old && old.size >= size) return;
      create(name, size, "storage");
      if (!old) return;
      const encoder = device.createCommandEncoder();
      encoder.copyBufferToBuffer(old, 0, buffer(name), 0, old.size);
      device.queue.submit([encoder.finish()]);
      old.destroy();
    },
    buffer,
    write(name, data, offset = 0) {
      device.queue.writeBuffer(buffer(name), offset, data.buffer, data.byteOffset, data.byteLength);
    },
    async read(...wanted) {
      const encoder = device.createCommandEncoder();
      const copies = wanted.map(([name, bytes, offset = 0]) => {
        const target = takeStaging(bytes);
        encoder.copyBufferToBuffer(buffer(name), offset, target, 0, bytes);
        return { target, bytes };
      });
      device.queue.submit([encoder.finish()]);
      const results: ArrayBuffer[] = [];
      try {
        for (const { target, bytes } of copies) {
          await target.mapAsync(MAP_READ, 0, bytes);
          results.push(target.getMappedRange(0, bytes).slice(0));
          target.unmap();
          if (open) staging.push(target);
          else target.destroy();
        }
      } catch (error) {
        for (const { target } of copies) target.destroy();
        // A lost device ends pending maps: its own complaint says more.
        await Promise.resolve();
        gpu.check();
        throw error;
      }
      gpu.check();
      return results;
    },
    bytes: () => [...buffers.values(), ...staging].reduce((sum, { size }) => sum + size, 0),
    destroy() {
      open = false;
      for (const held of [...buffers.values(), ...staging]) held.destroy();
      buffers.clear();
      staging.length = 0;
    },
  };
}
