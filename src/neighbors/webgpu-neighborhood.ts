import { CONTROL, CONTROL_WORDS, NO_ATOM, PHASE, START } from "../engine/webgpu/control.js";
import { type Kernel, openKernel } from "../engine/webgpu/kernel.js";
import type { Storage } from "../engine/webgpu/storage.js";
import { InputError } from "../errors.js";
import type { Structure } from "../structure/structure.js";
import { buildKernels } from "./neighborhood.wgsl.js";
import { type PeriodicFrame, periodicFrame } from "./periodic-frame.js";
import {
  boxAround,
  CAPACITY_OFFSET,
  FRAME_BYTES,
  frameWords,
  gridOf,
  placesIn,
  roomFor,
  type WebGpuBox,
  type WebGpuPlaces,
} from "./webgpu-frame.js";

export interface WebGpuNeighborhoodOptions {
  /** A. */
  readonly cutoff: number;
  /** A. */
  readonly skin: number;
  /** Whether each neighbor needs to know where it stands in the other row. */
  readonly mirrored: boolean;
  /** Whether the cell may change as the device runs. */
  readonly flexible?: boolean;
}

/** A replica where it is put. */
export interface WebGpuPlacement {
  /** [3N] A. */
  readonly positions: Float64Array;
  /** [9] A, rows. */
  readonly cell: Float64Array;
  /** [4N] velocity and one over the mass, of a run. */
  readonly velocities?: Float32Array;
}

/** Atoms of one or several replicas, and their neighbor lists, on the device. */
export interface WebGpuNeighborhood {
  /** Atoms of each replica. */
  readonly count: number;
  /** Distinct atomic numbers, ascending: type t is species[t]. */
  readonly species: readonly number[];
  box(replica?: number): WebGpuBox;
  frame(replica?: number): PeriodicFrame;
  /** Puts the atoms of all replicas anywhere. The lists are to be built. */
  put(placements: readonly WebGpuPlacement[]): void;
  /** Puts the atoms of a replica where they were in the same box. The list is to be built. */
  restore(replica: number, places: WebGpuPlaces, velocities: Float32Array): void;
  /** Adds the kernels of a list build, which do nothing where the list is valid. */
  encodeBuild(pass: GPUComputePassEncoder): void;
  /** Makes room for this many neighbors per atom; valid lists stay so. */
  growList(wanted: number): void;
}

/** What the heights of a cell that changes may shrink to before the run ends. */
export const LEAST_HEIGHT = 0.75;

export async function openWebGpuNeighborhood(
  storage: Storage,
  structures: readonly Pick<Structure, "cell" | "pbc" | "numbers" | "positions">[],
  { cutoff, skin, mirrored, flexible = false }: WebGpuNeighborhoodOptions,
): Promise<WebGpuNeighborhood> {
  const { numbers, pbc } = structures[0]!;
  const { replicas } = storage;
  const count = numbers.length;
  if (count === 0) throw new InputError({ what: "structure", value: "no atoms", expected: "at least one atom" });
  const species = [...new Set(numbers)].sort((a, b) => a - b);
  const types = structures.map((structure) => Int32Array.from(structure.numbers, (number) => species.indexOf(number)));
  const reach = cutoff + skin;
  const stride = Math.ceil((count * replicas) / 64) * 64;
  const least = flexible ? LEAST_HEIGHT : 1;
  const kernels = await Promise.all(
    buildKernels(mirrored).map(
      async ([source, items]): Promise<[Kernel, string]> => [await openKernel(storage, source), items],
    ),
  );
  let frames: PeriodicFrame[] = [];
  let boxes: WebGpuBox[] = [];
  let bins = 1;
  let capacity = 0;

  const growList = (wanted: number): void => {
    capacity = wanted;
    storage.grow("list", 4 * stride * (capacity + 1));
    if (mirrored) {
      storage.grow("reverse", 4 * stride * capacity);
      storage.ensure("gradients", 16 * stride * capacity);
    }
    for (let replica = 0; replica < replicas; replica++)
      storage.write("frames", Uint32Array.of(capacity), FRAME_BYTES * replica + CAPACITY_OFFSET);
  };

  const upload = (replica: number, { places, images }: WebGpuPlaces, velocities: Float32Array | undefined): void => {
    const records = new Int32Array(4 * count);
    const imageRecords = new Int32Array(4 * count);
    for (let i = 0; i < count; i++) {
      for (let d = 0; d < 3; d++) {
        records[4 * i + d] = places[3 * i + d]!;
        imageRecords[4 * i + d] = images[3 * i + d]!;
      }
      records[4 * i + 3] = types[replica]![i]!;
      imageRecords[4 * i + 3] = i;
    }
    const offset = 16 * count * replica;
    storage.write("atoms", records, offset);
    storage.write("images", imageRecords, offset);
    if (velocities) storage.write("velocities", velocities, offset);
  };

  const put = (placements: readonly WebGpuPlacement[]): void => {
    frames = placements.map(({ cell }) => periodicFrame(cell, pbc));
    boxes = placements.map(({ positions }, r) => boxAround(frames[r]!, pbc, positions, reach, least));
    const grids = boxes.map((box) => gridOf(box, pbc, { reach, skin, count, least }));
    bins = Math.max(...grids.map((grid) => grid.bins.reduce((product, n) => product * n, 1)));
    storage.ensure("counts", 4 * (bins + 1) * replicas);
    storage.ensure("starts", 4 * (bins + 1) * replicas);
    const wanted = Math.max(capacity, ...boxes.map((box) => roomFor(box, pbc, count, reach)));
    const shared = { cutoff, reach, skin, count, stride, capacity: wanted, binRoom: bins + 1, least };
    placements.forEach(({ positions, velocities }, r) => {
      storage.write("frames", frameWords(boxes[r]!, pbc, grids[r]!, shared), FRAME_BYTES * r);
      upload(r, placesIn(boxes[r]!, positions), velocities);
    });
    growList(wanted);
  };

  storage.ensure("frames", FRAME_BYTES * storage.records, "uniform");
  storage.ensure("control", 4 * CONTROL_WORDS * replicas);
  for (const name of ["atoms", "images", "velocities"]) {
    storage.ensure(name, 16 * count * replicas);
    storage.ensure(`${name}Sorted`, 16 * count * replicas);
  }
  storage.ensure("built", 16 * count * replicas);
  storage.ensure("ranks", 8 * count * replicas);
  storage.ensure("order", 4 * count * replicas);
  put(structures);

  return {
    count,
    species,
    box: (replica = 0) => boxes[replica]!,
    frame: (replica = 0) => frames[replica]!,
    put,
    restore: upload,
    encodeBuild(pass) {
      for (const [kernel, items] of kernels)
        kernel.dispatch(pass, items === "atoms" ? count : items === "bins" ? bins : 1);
    },
    growList,
  };
}

/** What the control buffer holds before the forces of atoms just put in place. */
export function freshControl(step = 0, goal = 0): Uint32Array {
  const control = new Uint32Array(CONTROL_WORDS);
  control[CONTROL.phase] = PHASE.moved;
  control[CONTROL.step] = step;
  control[CONTROL.goal] = goal;
  control[CONTROL.expired] = 1;
  control[CONTROL.observe] = 1;
  control[CONTROL.record] = 1;
  control[CONTROL.start] = START.fresh;
  control[CONTROL.failedAtom] = NO_ATOM;
  return control;
}
