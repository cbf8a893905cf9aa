import { CONTROL, CONTROL_WORDS, HALT, NO_ATOM, SUM, sumOf } from "../engine/webgpu/control.js";
import { initWebGpu, type WebGpuDevice } from "../engine/webgpu/device.js";
import { type Kernel, openKernel, submit } from "../engine/webgpu/kernel.js";
import type { KernelSource } from "../engine/webgpu/kernel-source.js";
import { openStorage, type Storage } from "../engine/webgpu/storage.js";
import { ComputationError, InputError } from "../errors.js";
import { siteRecords } from "../neighbors/webgpu-frame.js";
import {
  freshControl,
  openWebGpuNeighborhood,
  type WebGpuNeighborhood,
  type WebGpuPlacement,
} from "../neighbors/webgpu-neighborhood.js";
import type { Structure } from "../structure/structure.js";
import { checkTerms } from "./session.js";
import type { Term, WebGpuTwin } from "./term.js";
import { gatherGradients, sumForces } from "./webgpu-law.wgsl.js";

/** Structures of one size and their terms on a GPU. */
export interface WebGpuSystem {
  readonly gpu: WebGpuDevice;
  readonly storage: Storage;
  readonly neighborhood: WebGpuNeighborhood;
  /** Whether each of the Hamiltonians can push the center of mass. */
  readonly external: readonly boolean[];
  /** Puts the atoms of all replicas anywhere, in boxes of their own. The lists are to be built. */
  put(placements: readonly WebGpuPlacement[]): void;
  /** Adds the kernels of forces, and of their sums where the step is observed. */
  encodeForces(pass: GPUComputePassEncoder): void;
  /** Grows what a halt says is full, or throws; the caller lets the device go on. */
  settle(control: Uint32Array): Promise<void>;
  /** Energy, forces and virial of the atoms of the only replica, after they were put in place. */
  compute(): Promise<WebGpuForces>;
  dispose(): void;
}

/** One of the structures that are on the device at once. */
export interface WebGpuMember {
  readonly structure: Structure;
  /** The terms of one Hamiltonian, or of two that have forces of their own. */
  readonly groups: readonly (readonly Term[])[];
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

/** Opens structures with the same numbers of atoms and species, each for its terms, on the GPU of this machine. */
export async function openWebGpuSystem(
  members: readonly WebGpuMember[],
  { skin = DEFAULT_SKIN, flexible = false }: { readonly skin?: number; readonly flexible?: boolean } = {},
): Promise<WebGpuSystem> {
  for (const { structure, groups } of members) checkTerms(groups.flat(), structure.numbers);
  const { structure, groups } = members[0]!;
  const species = [...new Set(structure.numbers)].sort((a, b) => a - b);
  const twins = members.map((member) => member.groups.map((terms) => terms.map((term) => twinOf(term, species))));
  if (twins.some((others) => !sameTables(others.flat(), twins[0]!.flat())))
    throw new InputError({ what: "replicas", value: "other parameters", expected: "the same potential for all" });
  const gpu = await initWebGpu();
  gpu.check();
  const storage = openStorage(gpu, members.length);
  try {
    const mirrored = twins[0]!.flat().some(({ result }) => result === "gradients");
    const cutoff = Math.max(...groups.flat().map((term) => term.cutoff));
    const structures = members.map((member) => member.structure);
    const neighborhood = await openWebGpuNeighborhood(storage, structures, { cutoff, skin, mirrored, flexible });
    const atoms = neighborhood.count * members.length;
    const sources = groups.flatMap((_, group) => {
      storage.ensure(`forces${suffix(group)}`, 16 * atoms);
      storage.ensure(`virials${suffix(group)}`, 32 * atoms);
      return sourcesOf(
        twins.map((member) => member[group]!),
        group,
        neighborhood,
        storage,
      );
    });
    const kernels = await Promise.all(sources.map((source) => openKernel(storage, source)));
    const tied = twins.map((member) => member.map((list) => list.map(({ sites }) => sites)));
    return systemOf(storage, neighborhood, kernels, tied);
  } catch (error) {
    storage.destroy();
    throw error;
  }
}

type Sites = WebGpuTwin["sites"];

const sameTables = (some: readonly WebGpuTwin[], others: readonly WebGpuTwin[]): boolean =>
  some.length === others.length &&
  some.every(({ tables, passes }, k) => {
    const other = others[k]!;
    return (
      tables.length === other.tables.length &&
      tables.every((x, i) => Object.is(x, other.tables[i])) &&
      passes.every(({ code }, p) => code === other.passes[p]?.code)
    );
  });

function twinOf(term: Term, species: readonly number[]): WebGpuTwin {
  if (term.webgpu) return term.webgpu(species);
  throw new InputError({
    what: "engine",
    value: "webgpu",
    expected: `one that runs ${term.kind}`,
    attempt: "wasm or reference",
  });
}

/** Buffers of the second Hamiltonian have another name, and those of each term. */
const suffix = (group: number): string => (group === 0 ? "" : "1");
const numberOf = (group: number, index: number): string => `${suffix(group)}_${index}`;

/**
 * The kernels of the terms of one Hamiltonian, of which each replica has its own twins with the same tables: those with
 * forces first, so that the others only add.
 */
function sourcesOf(
  members: readonly (readonly WebGpuTwin[])[],
  group: number,
  neighborhood: WebGpuNeighborhood,
  storage: Storage,
): KernelSource[] {
  const twins = members[0]!;
  const atoms = neighborhood.count * members.length;
  const order = twins.map((_, index) => index).sort((a, b) => twins[a]!.result.length - twins[b]!.result.length);
  let firstGradient = true;
  const sources = order.flatMap((index, rank) => {
    const twin = twins[index]!;
    const number = numberOf(group, index);
    const own = ["tables", "scratch", "sites"];
    storage.ensure(`tables${number}`, twin.tables.byteLength);
    storage.write(`tables${number}`, twin.tables);
    if (twin.scratchPerAtom) storage.ensure(`scratch${number}`, 16 * twin.scratchPerAtom * atoms);
    if (twin.sites) storage.ensure(`sites${number}`, 16 * atoms);
    const constants = `const FIRST = ${rank === 0};\nconst FIRST_GRADIENT = ${firstGradient};\n`;
    if (twin.result === "gradients") firstGradient = false;
    return twin.passes.map((pass) => ({
      ...pass,
      code: constants + pass.code,
      bindings: pass.bindings.map((binding) =>
        own.includes(binding.name)
          ? { ...binding, name: `${binding.name}${number}`, as: binding.as ?? binding.name }
          : binding,
      ),
    }));
  });
  const external = twins.some(({ sites }) => sites);
  return [...sources, ...(firstGradient ? [] : [gatherGradients]), sumForces(external)].map((source) => ({
    ...source,
    code: `const GROUP = ${group}u;\n${source.code}`,
    bindings: source.bindings.map((binding) =>
      binding.name === "forces" || binding.name === "virials"
        ? { ...binding, name: `${binding.name}${suffix(group)}`, as: binding.name }
        : binding,
    ),
  }));
}

function systemOf(
  storage: Storage,
  neighborhood: WebGpuNeighborhood,
  kernels: readonly Kernel[],
  tied: readonly (readonly (readonly Sites[])[])[],
): WebGpuSystem {
  const { count } = neighborhood;
  const writeSites = (): void =>
    tied.forEach((groups, replica) => {
      groups.forEach((list, group) => {
        list.forEach((sites, index) => {
          if (!sites) return;
          const records = siteRecords(neighborhood.box(replica), sites.positions, sites.numbers);
          storage.write(`sites${numberOf(group, index)}`, records, 16 * count * replica);
        });
      });
    });
  writeSites();
  const system: WebGpuSystem = {
    gpu: storage.gpu,
    storage,
    neighborhood,
    external: tied[0]!.map((list) => list.some(Boolean)),
    put(placements) {
      neighborhood.put(placements);
      writeSites();
    },
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
      if (halt & HALT.cell)
        throw new ComputationError({
          what: "cell",
          value: "changed by more than 5% in one step, or shrank by a quarter",
          expected: "a cell near equilibrium",
          attempt: "a longer barostatTime, minimizing the structure first, or engine wasm",
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
