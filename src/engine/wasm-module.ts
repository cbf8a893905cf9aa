import { type KernelVariant, kernelText } from "./kernel-variants.js";
import { createPacker, type Packer } from "./packer.js";
import { KERNELS_BASE64 } from "./wasm-bytes.generated.js";

/** What src/kernels.as.ts exports. Addresses and counts are numbers; records are passed by address. */
export interface KernelExports {
  heapBase(): number;
  /** Builds or reuses the neighbor list, then energies, forces and virial of every term group; returns Status bits. */
  evaluate(evaluator: number): number;
  /** Forces a list build at the present positions; wrap = 0 keeps them as they are. Returns Status bits. */
  buildNeighbors(neighborhood: number, wrap: number): number;
  /** Components and design block of the atoms of a system (bispectrum-design.as.ts). */
  bispectrumDesign(system: number, design: number): void;
  /** Runs up to `count` steps of dynamics; returns Status bits. */
  advance(dynamics: number, count: number): number;
  /** Normal deviates of a stream, 8 per block. */
  fillNormals(
    out: number,
    seedLow: number,
    seedHigh: number,
    site: number,
    step: number,
    first: number,
    blocks: number,
  ): void;
  /** Uniform number `draw` of a stream. */
  uniformAt(seedLow: number, seedHigh: number, site: number, step: number, draw: number): number;
  /** Sets up partitions and threads; see team.as.ts. */
  openTeam(partitions: number, threads: number, polls: number, leaderSleeps: number): void;
  /** What a thread other than the leader runs until `stopTeam`. */
  serve(index: number): void;
  giveUp(): void;
  stopTeam(): void;
  failedThreads(): number;
  /** 1 while no job is under way: it is not when the leader trapped in one. */
  teamAtRest(): number;
  /** Sizes of the shared records, to be compared with their layouts in TypeScript. */
  recordBytes(record: number): number;
}

/** One instance of the kernels with a memory of its own. */
export interface WasmInstance {
  readonly memory: WebAssembly.Memory;
  readonly exports: KernelExports;
  readonly packer: Packer;
  /** Threads that run partitions, this one included. */
  readonly threads: number;
  /** Cuts the work of every later call into this many partitions; 1 at first. */
  openTeam(partitions: number): void;
  /** Throws a WorkerLostError where a thread has died: what was computed since is void. */
  checkThreads(): void;
  /** Gives the memory back for another instance to use. The instance must not be touched afterwards. */
  release(): void;
}

/** Bytes of a memory that is kept for the next instance; larger ones are left to the garbage collector. */
const KEPT_BYTES = 64 * 1024 * 1024;
const KEPT_COUNT = 8;

interface Kept {
  readonly memory: WebAssembly.Memory;
  readonly exports: KernelExports;
}

/** A module, once it is compiled, and instances that wait for their next use. */
interface Loaded {
  compiled?: WebAssembly.Module;
  compiling?: Promise<WebAssembly.Module>;
  readonly kept: Kept[];
}

const modules: Readonly<Record<KernelVariant, Loaded>> = { plain: { kept: [] }, relaxed: { kept: [] } };

/** The bytes of a module from their text. */
export function decode(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** Compiles the WebAssembly kernels once per process; every later call returns at once. */
export async function initEngine(): Promise<void> {
  const { plain } = modules;
  plain.compiling ??= WebAssembly.compile(decode(KERNELS_BASE64));
  plain.compiled = await plain.compiling;
}

/** A fresh instance of a variant, which is compiled at its first use; throws an InputError where it cannot run. */
export async function openKernels(variant: KernelVariant): Promise<WasmInstance> {
  if (variant === "plain") await initEngine();
  else {
    const loaded = modules[variant];
    const text = await kernelText(variant, false);
    loaded.compiling ??= WebAssembly.compile(decode(text));
    loaded.compiled = await loaded.compiling;
  }
  return instantiateKernels(variant);
}

/**
 * A fresh instance with zeroed tables. Memories are reused: an engine reserves gigabytes of address space for each,
 * so that thousands of short-lived sessions would exhaust it before garbage collection notices.
 */
export function instantiateKernels(variant: KernelVariant = "plain"): WasmInstance {
  const { kept } = modules[variant];
  if (variant === "plain") modules.plain.compiled ??= new WebAssembly.Module(decode(KERNELS_BASE64));
  const compiled = modules[variant].compiled!;
  const { memory, exports } = kept.pop() ?? create(compiled);
  const packer = createPacker(memory, exports.heapBase());
  let released = false;
  const openTeam = (partitions: number): void => exports.openTeam(partitions, 1, 0, 0);
  openTeam(1);
  return {
    memory,
    exports,
    packer,
    threads: 1,
    openTeam,
    checkThreads() {},
    release() {
      if (released || memory.buffer.byteLength > KEPT_BYTES || kept.length >= KEPT_COUNT) return;
      released = true;
      kept.push({ memory, exports });
    },
  };
}

function create(module: WebAssembly.Module): Kept {
  const memory = new WebAssembly.Memory({ initial: 16, maximum: 65536 });
  return { memory, exports: instantiate(module, memory) };
}

/**
 * Instantiates kernels over a memory that is zeroed, or that other instances of them work in. `lostThreads` counts those
 * of the instances' threads that have ended.
 */
export function instantiate(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  lostThreads: () => number = () => 0,
): KernelExports {
  const abort = (): never => {
    throw new WebAssembly.RuntimeError("a WebAssembly kernel aborted");
  };
  return new WebAssembly.Instance(module, { env: { memory, abort, lostThreads } }).exports as unknown as KernelExports;
}
