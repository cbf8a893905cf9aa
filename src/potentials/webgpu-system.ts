import { CONTROL, CONTROL_WORDS, HALT, NO_ATOM, SUM, sumOf } from "../engine/webgpu/control.js";
import { initWebGpu, type WebGpuDevice } from "../engine/webgpu/device.js";
import { type Kernel, openKernel, submit } from "../engine/webgpu/kernel.js";
import type { KernelSource } from "../engine/webgpu/kernel-source.js";
import { openStorage, type Storage } from "../engine/webgpu/storage.js";
import { ComputationError, InputError } from "../errors.js";
import { freshControl, openWebGpuNeighborhood, type WebGpuNeighborhood } from "../neighbors/webgpu-neighborhood.js";
import type { Structure } from "../structure/structure.js";
import { checkTerms } from "./session.js";
import type { Term, WebGpuTwin } from "./term.js";
import { gatherGradients, sumForces } from "./webgpu-law.wgsl.js";

/** A structure and its terms on a GPU. */
export interface WebGpuSystem {
  readonly gpu: WebGpuDevice;
  readonly storage: Storage;
  readonly neighborhood: WebGpuNeighborhood;
  /** Adds the kernels of forces, and of their sums where the step is observed. */
  encodeForces(pass: GPUComputePassEncoder): void;
  /** Grows what a halt says is full, or throws; the caller lets the device go on. */
  settle(control: Uint32Array): Promise<void>;
  /** Energy, forces and virial of atoms that were put in place. */
  compute(): Promise<WebGpuForces>;
  dispose(): void;
}

export interface WebGpuForces {
  /** eV. */
  readonly energy: number;
  /** [9] eV. */
  readonly virial: Float64Array;
  /** [3N] eV/A, in the caller's order. */
  readonly forces: Float64Array;
  /** [N] eV. */
  readonly energies: Float64Array;
}

const DEFAULT_SKIN = 0.5;

/** Opens a structure for the sum of `terms` on the GPU of this machine. */
export async function openWebGpuSystem(
  terms: readonly Term[],
  structure: Structure,
  { skin = DEFAULT_SKIN }: { readonly skin?: number } = {},
): Promise<WebGpuSystem> {
  checkTerms(terms, structure.numbers);
  const species = [...new Set(structure.numbers)].sort((a, b) => a - b);
  const twins = terms.map((term) => twinOf(term, species));
  const gpu = await initWebGpu();
  gpu.check();
  const storage = openStorage(gpu);
  try {
    const mirrored = twins.some(({ result }) => result === "gradients");
    const cutoff = Math.max(...terms.map((term) => term.cutoff));
    const neighborhood = await openWebGpuNeighborhood(storage, structure, { cutoff, skin, mirrored });
    const { count } = neighborhood;
    storage.ensure("forces", 16 * count);
    storage.ensure("virials", 32 * count);
    const kernels = await Promise.all(sourcesOf(twins, count, storage).map((source) => openKernel(storage, source)));
    return systemOf(storage, neighborhood, kernels);
  } catch (error) {
    storage.destroy();
    throw error;
  }
}

function twinOf(term: Term, species: readonly number[]): WebGpuTwin {
  if (term.webgpu) return term.webgpu(species);
  throw new InputError({
    what: "engine",
    value: "webgpu",
    expected: `one that runs ${term.kind}`,
    attempt: "wasm or reference",
  });
}

/** The kernels of all terms: those with forces first, so that the others only add. */
function sourcesOf(twins: readonly WebGpuTwin[], count: number, storage: Storage): KernelSource[] {
  const sorted = [...twins].sort((a, b) => a.result.length - b.result.length);
  let firstGradient = true;
  const sources = sorted.flatMap((twin, index) => {
    storage.ensure(`tables${index}`, twin.tables.byteLength);
    storage.write(`tables${index}`, twin.tables);
    if (twin.scratchPerAtom) storage.ensure(`scratch${index}`, 16 * twin.scratchPerAtom * count);
    const constants = `const FIRST = ${index === 0};\nconst FIRST_GRADIENT = ${firstGradient};\n`;
    if (twin.result === "gradients") firstGradient = false;
    return twin.passes.map((pass) => ({
      ...pass,
      code: constants + pass.code,
      bindings: pass.bindings.map((binding) =>
        binding.name === "tables" || binding.name === "scratch"
          ? { ...binding, name: `${binding.name}${index}`, as: binding.name }
          : binding,
      ),
    }));
  });
  return [...sources, ...(firstGradient ? [] : [gatherGradients]), sumForces];
}

function systemOf(storage: Storage, neighborhood: WebGpuNeighborhood, kernels: readonly Kernel[]): WebGpuSystem {
  const { count } = neighborhood;
  const system: WebGpuSystem = {
    gpu: storage.gpu,
    storage,
    neighborhood,
    encodeForces(pass) {
      for (const kernel of kernels) kernel.dispatch(pass, count);
    },
    async settle(control) {
      const halt = control[CONTROL.halt]!;
      if (halt & HALT.shortListFull)
        throw new ComputationError({
          what: "neighbors within the cutoff of a term",
          value: "more than engine webgpu has room for",
          expected: "atoms at physical distances",
          attempt: "engine wasm",
        });
      if (halt & HALT.broken)
        throw new ComputationError({
          what: "neighbor list of engine webgpu",
          value: "a pair that only one of its atoms has",
          expected: "a device whose arithmetic is that of IEEE 754",
          attempt: "engine wasm",
        });
      if (halt & HALT.listFull) neighborhood.growList(Math.ceil(1.1 * control[CONTROL.wanted]!) + 2);
      if (halt & HALT.outgrown)
        throw new ComputationError({
          what: "atoms",
          value: "flown far from where they were",
          expected: "atoms that stay together in open directions",
        });
    },
    async compute() {
      for (;;) {
        storage.write("control", freshControl());
        submit(storage, (pass) => {
          neighborhood.encodeBuild(pass);
          system.encodeForces(pass);
        });
        const [control, forces, images] = await storage.read(
          ["control", 4 * CONTROL_WORDS],
          ["forces", 16 * count],
          ["images", 16 * count],
        );
        const words = new Uint32Array(control!);
        if (words[CONTROL.halt] === 0) return toForces(words, new Float32Array(forces!), new Int32Array(images!));
        await system.settle(words);
      }
    },
    dispose: () => storage.destroy(),
  };
  return system;
}

function toForces(control: Uint32Array, records: Float32Array, images: Int32Array): WebGpuForces {
  const count = records.length / 4;
  const forces = new Float64Array(3 * count);
  const energies = new Float64Array(count);
  for (let k = 0; k < count; k++) {
    const i = images[4 * k + 3]!;
    for (let d = 0; d < 3; d++) forces[3 * i + d] = records[4 * k + d]!;
    energies[i] = records[4 * k + 3]!;
  }
  const failed = control[CONTROL.failedAtom]!;
  if (failed !== NO_ATOM)
    throw new ComputationError({
      what: `energy of atom ${failed}`,
      value: Number.isFinite(energies[failed]) ? "another atom in the same place" : String(energies[failed]),
      expected: "a finite number",
      attempt: "a structure without atoms on top of each other",
    });
  const [xx, yy, zz, yz, xz, xy] = Array.from({ length: 6 }, (_, k) => sumOf(control, SUM.virial + k)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return {
    energy: sumOf(control, SUM.energy),
    virial: Float64Array.of(xx, xy, xz, xy, yy, yz, xz, yz, zz),
    forces,
    energies,
  };
}
