import { CONTROL, CONTROL_WORDS, NO_ATOM, PHASE } from "../engine/webgpu/control.js";
import { type Kernel, openKernel } from "../engine/webgpu/kernel.js";
import type { Storage } from "../engine/webgpu/storage.js";
import { InputError } from "../errors.js";
import type { Structure } from "../structure/structure.js";
import { buildKernels } from "./neighborhood.wgsl.js";
import { type PeriodicFrame, periodicFrame } from "./periodic-frame.js";

export interface WebGpuNeighborhoodOptions {
  /** A. */
  readonly cutoff: number;
  /** A. */
  readonly skin: number;
  /** Whether each neighbor needs to know where it stands in the other row. */
  readonly mirrored: boolean;
}

/** The box that places are fractions of. */
export interface WebGpuBox {
  /** [9] A, rows; an open direction is as long as the atoms spread, and room around them. */
  readonly cell: Float64Array;
  /** [9] 1/A. */
  readonly inverse: Float64Array;
  /** [3] A, the corner that place 0 stands for. */
  readonly origin: Float64Array;
  /** Bits of a place along each direction. */
  readonly bits: readonly number[];
}

/** Where atoms are on the device, in the caller's order. */
export interface WebGpuPlaces {
  /** [3N] wrapped when the list was built, with the displacement since. */
  readonly places: Int32Array;
  /** [3N] cell vectors that were wrapped off. */
  readonly images: Int32Array;
}

/** Atoms and their neighbor list on the device. */
export interface WebGpuNeighborhood {
  readonly count: number;
  /** Distinct atomic numbers, ascending: type t is species[t]. */
  readonly species: readonly number[];
  /** Room for neighbors of an atom. */
  readonly capacity: number;
  /** Length of a row of the list. */
  readonly stride: number;
  box(): WebGpuBox;
  frame(): PeriodicFrame;
  /** Puts atoms anywhere; `inverseMasses` and `velocities` are those of a run. The list is to be built. */
  put(positions: Float64Array, cell: Float64Array, velocities?: Float32Array): void;
  /** Puts atoms back where they were in the same box. The list is to be built. */
  restore(places: WebGpuPlaces, velocities: Float32Array): void;
  /** Adds the kernels of a list build, which do nothing where the list is valid. */
  encodeBuild(pass: GPUComputePassEncoder): void;
  /** Makes room for this many neighbors per atom; the list is to be built again. */
  growList(wanted: number): void;
  /** [3N] A, unwrapped. */
  positionsOf(places: WebGpuPlaces): Float64Array;
}

/** Room around the atoms in an open direction, A. */
const ROAM = 10;
/** A move in one step never exceeds this, A. */
const LARGEST_MOVE = 1;
const MOST_SHIFTS = 64;

export async function openWebGpuNeighborhood(
  storage: Storage,
  structure: Pick<Structure, "cell" | "pbc" | "numbers" | "positions">,
  { cutoff, skin, mirrored }: WebGpuNeighborhoodOptions,
): Promise<WebGpuNeighborhood> {
  const { numbers, pbc } = structure;
  const count = numbers.length;
  if (count === 0) throw new InputError({ what: "structure", value: "no atoms", expected: "at least one atom" });
  const species = [...new Set(numbers)].sort((a, b) => a - b);
  const types = Int32Array.from(numbers, (number) => species.indexOf(number));
  const reach = cutoff + skin;
  const stride = Math.ceil(count / 64) * 64;
  const kernels = await Promise.all(
    buildKernels(mirrored).map(
      async ([source, items]): Promise<[Kernel, string]> => [await openKernel(storage, source), items],
    ),
  );
  let frame = periodicFrame(structure.cell, pbc);
  let box = boxAround(frame, pbc, structure.positions, reach);
  let bins = 1;
  let capacity = 0;

  const writeFrame = (): void => {
    const grid = gridOf(box, pbc, reach, skin, count);
    bins = grid.bins[0]! * grid.bins[1]! * grid.bins[2]!;
    storage.ensure("counts", 4 * bins);
    storage.ensure("starts", 4 * (bins + 1));
    const words = new ArrayBuffer(240);
    const f = new Float32Array(words);
    const u = new Uint32Array(words);
    const s = new Int32Array(words);
    for (let d = 0; d < 3; d++) {
      const unit = 2 ** -box.bits[d]!;
      for (let k = 0; k < 3; k++) {
        f[4 * d + k] = box.cell[3 * d + k]! * unit;
        f[12 + 4 * d + k] = box.inverse[3 * d + k]! * 2 ** box.bits[k]!;
      }
      u[24 + d] = box.bits[d]!;
      s[28 + d] = grid.bins[d]!;
      s[32 + d] = grid.span[d]!;
      s[36 + d] = grid.most[d]!;
      u[40 + d] = grid.offsets[d]!;
      u[44 + d] = grid.masks[d]!;
      f[48 + d] = grid.bins[d]! * unit;
    }
    s[31] = bins;
    s[35] = pbc.reduce((sum, periodic, d) => sum | (periodic ? 1 << d : 0), 0);
    u[47] = grid.atomMask;
    f[51] = reach * reach;
    u.set([count, stride, capacity], 52);
    // A list is valid while no atom has moved half the skin; a part in 10^4 covers the rounding of f32.
    f[56] = (0.4999 * skin) ** 2;
    storage.write("frame", u);
  };

  const growList = (wanted: number): void => {
    capacity = wanted;
    storage.ensure("list", 4 * stride * (capacity + 1));
    if (mirrored) {
      storage.ensure("reverse", 4 * stride * capacity);
      storage.ensure("gradients", 16 * stride * capacity);
    }
    writeFrame();
  };

  const upload = ({ places, images }: WebGpuPlaces, velocities: Float32Array | undefined): void => {
    const records = new Int32Array(4 * count);
    const imageRecords = new Int32Array(4 * count);
    for (let i = 0; i < count; i++) {
      for (let d = 0; d < 3; d++) {
        records[4 * i + d] = places[3 * i + d]!;
        imageRecords[4 * i + d] = images[3 * i + d]!;
      }
      records[4 * i + 3] = types[i]!;
      imageRecords[4 * i + 3] = i;
    }
    storage.write("atoms", records);
    storage.write("images", imageRecords);
    if (velocities) storage.write("velocities", velocities);
  };

  storage.ensure("frame", 240, "uniform");
  storage.ensure("control", 4 * CONTROL_WORDS);
  for (const name of ["atoms", "images", "velocities"]) {
    storage.ensure(name, 16 * count);
    storage.ensure(`${name}Sorted`, 16 * count);
  }
  storage.ensure("built", 16 * count);
  storage.ensure("ranks", 8 * count);
  storage.ensure("order", 4 * count);
  growList(roomFor(box, pbc, count, reach));

  const self: WebGpuNeighborhood = {
    count,
    species,
    get capacity() {
      return capacity;
    },
    stride,
    box: () => box,
    frame: () => frame,
    put(positions, cell, velocities) {
      frame = periodicFrame(cell, pbc);
      box = boxAround(frame, pbc, positions, reach);
      growList(Math.max(capacity, roomFor(box, pbc, count, reach)));
      upload(placesIn(box, positions), velocities);
    },
    restore: upload,
    encodeBuild(pass) {
      for (const [kernel, items] of kernels)
        kernel.dispatch(pass, items === "atoms" ? count : items === "bins" ? bins : 1);
    },
    growList,
    positionsOf({ places, images }) {
      const { cell, bits, origin } = box;
      const positions = new Float64Array(3 * count);
      for (let i = 0; i < count; i++) {
        const [a, b, c] = [0, 1, 2].map((d) => images[3 * i + d]! + places[3 * i + d]! * 2 ** -bits[d]!) as [
          number,
          number,
          number,
        ];
        for (let k = 0; k < 3; k++)
          positions[3 * i + k] = a * cell[k]! + b * cell[3 + k]! + c * cell[6 + k]! + origin[k]!;
      }
      return positions;
    },
  };
  return self;
}

/** What the control buffer holds before the forces of atoms just put in place. */
export function freshControl(step = 0, goal = 0): Uint32Array {
  const control = new Uint32Array(CONTROL_WORDS);
  control[CONTROL.phase] = PHASE.moved;
  control[CONTROL.step] = step;
  control[CONTROL.goal] = goal;
  control[CONTROL.expired] = 1;
  control[CONTROL.observe] = 1;
  control[CONTROL.start] = 1;
  control[CONTROL.failedAtom] = NO_ATOM;
  return control;
}

/** Neighbors of an atom to make room for, at uniform density and a third more. */
function roomFor({ cell }: WebGpuBox, pbc: Structure["pbc"], count: number, reach: number): number {
  if (!pbc.every(Boolean)) return Math.min(64, Math.max(8, count));
  const [a, b, c] = [cell.subarray(0, 3), cell.subarray(3, 6), cell.subarray(6, 9)];
  const volume = Math.abs(
    a[0]! * (b[1]! * c[2]! - b[2]! * c[1]!) +
      a[1]! * (b[2]! * c[0]! - b[0]! * c[2]!) +
      a[2]! * (b[0]! * c[1]! - b[1]! * c[0]!),
  );
  return Math.ceil((1.33 * (4 / 3) * Math.PI * reach ** 3 * count) / volume) + 8;
}

/** The box of places: the cell, and where it is open the atoms with room around them. */
function boxAround(
  { cell, inverse, heights }: PeriodicFrame,
  pbc: Structure["pbc"],
  positions: Float64Array,
  reach: number,
): WebGpuBox {
  const box = cell.slice();
  const back = inverse.slice();
  const origin = new Float64Array(3);
  const bits: number[] = [];
  for (let d = 0; d < 3; d++) {
    let height = heights[d]!;
    if (!pbc[d]) {
      let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      for (let k = 0; k < positions.length; k += 3) {
        const x =
          positions[k]! * inverse[d]! + positions[k + 1]! * inverse[3 + d]! + positions[k + 2]! * inverse[6 + d]!;
        low = Math.min(low, x);
        high = Math.max(high, x);
      }
      const length = high - low + 2 * ROAM;
      height *= length;
      for (let k = 0; k < 3; k++) {
        origin[k]! += (low - ROAM) * cell[3 * d + k]!;
        box[3 * d + k]! *= length;
        back[3 * k + d]! /= length;
      }
    }
    // Any vector between neighbors must fit 32 bits with its sign.
    const ratio = (reach + 2 * LARGEST_MOVE) / height + 1;
    bits.push(Math.min(30, 31 - Math.ceil(Math.log2(Math.max(2, ratio)))));
    if (Math.ceil(reach / height) > MOST_SHIFTS)
      throw new InputError({
        what: "cell",
        value: Array.from(cell),
        expected: `no height below ${(reach / MOST_SHIFTS).toPrecision(3)} A in engine webgpu`,
        attempt: "engine wasm",
      });
  }
  return { cell: box, inverse: back, origin, bits };
}

/** Bins, and how shifts are written into the word of a neighbor. */
function gridOf({ cell, inverse }: WebGpuBox, pbc: Structure["pbc"], reach: number, skin: number, count: number) {
  void cell;
  const heights = [0, 1, 2].map((d) => 1 / Math.hypot(inverse[d]!, inverse[3 + d]!, inverse[6 + d]!));
  let bins = heights.map((height) => Math.max(1, Math.min(1024, Math.floor(height / reach))));
  // Sparse atoms need no more bins than there are atoms.
  while (bins[0]! * bins[1]! * bins[2]! > 64 + count) bins = bins.map((n) => Math.max(1, Math.floor(n / 2)));
  const safe = reach * (1 + 1e-4) + 1e-4 * skin;
  const span = heights.map((height, d) => Math.ceil((safe / height) * bins[d]!));
  const most = heights.map((height, d) => (pbc[d] ? Math.ceil(safe / height) : 0));
  const widths = most.map((n) => Math.ceil(Math.log2(2 * n + 1)));
  const atomBits = 32 - widths[0]! - widths[1]! - widths[2]!;
  if (count > 2 ** atomBits)
    throw new InputError({
      what: "structure",
      value: `${count} atoms in a cell small against the cutoff`,
      expected: `at most ${2 ** atomBits} in engine webgpu`,
      attempt: "engine wasm",
    });
  const offsets = [atomBits, atomBits + widths[0]!, atomBits + widths[0]! + widths[1]!];
  return {
    bins,
    span,
    most,
    // A shift by 32 bits is none: where there is nothing to write, any place will do.
    offsets: offsets.map((offset) => Math.min(offset, 31)),
    masks: widths.map((width) => 2 ** width - 1),
    atomMask: 2 ** atomBits - 1,
  };
}

function placesIn({ inverse, origin, bits }: WebGpuBox, positions: Float64Array): WebGpuPlaces {
  const places = new Int32Array(positions.length);
  const images = new Int32Array(positions.length);
  for (let i = 0; i < positions.length; i += 3) {
    const [x, y, z] = [0, 1, 2].map((k) => positions[i + k]! - origin[k]!) as [number, number, number];
    for (let d = 0; d < 3; d++) {
      const fraction = x * inverse[d]! + y * inverse[3 + d]! + z * inverse[6 + d]!;
      const whole = Math.floor(fraction);
      if (!(Math.abs(whole) < 2 ** 31))
        throw new InputError({
          what: `position of atom ${i / 3}`,
          value: `${positions[i]} ${positions[i + 1]} ${positions[i + 2]}`,
          expected: "finite coordinates near the cell",
        });
      images[i + d] = whole;
      places[i + d] = Math.round((fraction - whole) * 2 ** bits[d]!);
    }
  }
  return { places, images };
}
