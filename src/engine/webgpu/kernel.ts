/// <reference types="@webgpu/types" />
import type { WebGpuDevice } from "./device.js";
import type { Binding, KernelSource } from "./kernel-source.js";
import { replicaCode } from "./replicas.js";
import type { Storage } from "./storage.js";

/** A kernel bound to the buffers of one storage. */
export interface Kernel {
  /** Adds a dispatch for `items` threads (or workgroups, where `threads` is 1) of each replica. */
  dispatch(pass: GPUComputePassEncoder, items: number): void;
}

/** Workgroups along x: more go to y. Every device has at least this many. */
const MOST_GROUPS = 65535;

const declaration = ({ name, type, access, as = name }: Binding, index: number): string =>
  `@group(0) @binding(${index}) var<${access === "uniform" ? "uniform" : `storage, ${access}`}> ${as}: ${type};`;

const pipelines = new WeakMap<GPUDevice, Map<string, Promise<GPUComputePipeline>>>();

function pipelineOf({ device }: WebGpuDevice, source: KernelSource, replicas: number): Promise<GPUComputePipeline> {
  const known = pipelines.get(device) ?? new Map<string, Promise<GPUComputePipeline>>();
  pipelines.set(device, known);
  const code = `${replicaCode(replicas)}\n${source.bindings.map(declaration).join("\n")}\n${source.code}`;
  let pipeline = known.get(code);
  if (!pipeline) {
    const module = device.createShaderModule({ label: source.name, code });
    pipeline = device.createComputePipelineAsync({
      label: source.name,
      layout: device.createPipelineLayout({ bindGroupLayouts: [layoutOf(device, source)] }),
      compute: { module, entryPoint: "main" },
    });
    known.set(code, pipeline);
  }
  return pipeline;
}

function layoutOf(device: GPUDevice, { bindings }: KernelSource): GPUBindGroupLayout {
  const types = { read: "read-only-storage", read_write: "storage", uniform: "uniform" } as const;
  return device.createBindGroupLayout({
    entries: bindings.map(({ access }, binding) => ({ binding, visibility: 4, buffer: { type: types[access] } })),
  });
}

/** Compiles a kernel, once per device and text, and binds it to the buffers of `storage` as they are when it is launched. */
export async function openKernel(storage: Storage, source: KernelSource): Promise<Kernel> {
  const pipeline = await pipelineOf(storage.gpu, source, storage.replicas);
  let generation = -1;
  let group: GPUBindGroup | undefined;
  return {
    dispatch(pass, items) {
      if (generation !== storage.generation || !group) {
        generation = storage.generation;
        group = storage.gpu.device.createBindGroup({
          layout: pipeline.getBindGroupLayout(0),
          entries: source.bindings.map(({ name }, binding) => ({
            binding,
            resource: { buffer: storage.buffer(name) },
          })),
        });
      }
      const groups = Math.max(1, Math.ceil(items / source.threads));
      const across = Math.min(groups, MOST_GROUPS);
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(across, Math.ceil(groups / across), storage.replicas);
    },
  };
}

/** Encodes dispatches into one pass and submits them. */
export function submit(storage: Storage, encode: (pass: GPUComputePassEncoder) => void): void {
  const encoder = storage.gpu.device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  encode(pass);
  pass.end();
  storage.gpu.device.queue.submit([encoder.finish()]);
}
