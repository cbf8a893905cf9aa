import { InputError } from "../errors.js";
import type { Structure } from "../structure/structure.js";
import type { PeriodicFrame } from "./periodic-frame.js";

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

/** Numbers of a frame that are no matter of the box. */
export interface FrameNumbers {
  /** A. */
  readonly cutoff: number;
  readonly reach: number;
  readonly skin: number;
  readonly count: number;
  /** Length of a row of the list. */
  readonly stride: number;
  /** Room for neighbors of an atom, and for bins and one more. */
  readonly capacity: number;
  readonly binRoom: number;
  /** What heights may shrink to, as a share of what they are. */
  readonly least: number;
}

/** Bytes of a record `Frame`, and where its capacity is. */
export const FRAME_BYTES = 240;
export const CAPACITY_OFFSET = 4 * 54;

/** Room around the atoms in an open direction, A. */
const ROAM = 10;
/** A move in one step never exceeds this, A. */
const LARGEST_MOVE = 1;
const MOST_SHIFTS = 64;

/** A record of `Frame` in neighborhood.wgsl.ts. */
export function frameWords(
  box: WebGpuBox,
  pbc: Structure["pbc"],
  grid: ReturnType<typeof gridOf>,
  numbers: FrameNumbers,
): Uint32Array {
  const words = new ArrayBuffer(FRAME_BYTES);
  const f = new Float32Array(words);
  const u = new Uint32Array(words);
  const s = new Int32Array(words);
  f.set(unitVectors(box));
  for (let d = 0; d < 3; d++) f[4 * d + 3] = box.origin[d]!;
  for (let d = 0; d < 3; d++) {
    u[24 + d] = box.bits[d]!;
    s[28 + d] = grid.bins[d]!;
    s[32 + d] = grid.span[d]!;
    s[36 + d] = grid.most[d]!;
    u[40 + d] = grid.offsets[d]!;
    u[44 + d] = grid.masks[d]!;
    f[48 + d] = grid.bins[d]! * 2 ** -box.bits[d]!;
  }
  s[31] = grid.bins[0]! * grid.bins[1]! * grid.bins[2]!;
  s[35] = pbc.reduce((sum, periodic, d) => sum | (periodic ? 1 << d : 0), 0);
  u[47] = grid.atomMask;
  f[51] = numbers.reach ** 2;
  u.set([numbers.count, numbers.stride, numbers.capacity, numbers.binRoom], 52);
  f.set([numbers.cutoff, numbers.reach, numbers.skin], 56);
  return u;
}

/** [24] vectors of a unit of place, A, and rows of what turns a vector into places; four numbers each. */
export function unitVectors({ cell, inverse, bits }: WebGpuBox): Float32Array {
  const numbers = new Float32Array(24);
  for (let d = 0; d < 3; d++)
    for (let k = 0; k < 3; k++) {
      numbers[4 * d + k] = cell[3 * d + k]! * 2 ** -bits[d]!;
      numbers[12 + 4 * d + k] = inverse[3 * d + k]! * 2 ** bits[k]!;
    }
  return numbers;
}

/** [3N] A, unwrapped, of places in a cell that may have been deformed since. */
export function positionsIn(
  { bits, origin }: WebGpuBox,
  cell: Float64Array,
  { places, images }: WebGpuPlaces,
): Float64Array {
  const positions = new Float64Array(places.length);
  for (let i = 0; i < places.length; i += 3) {
    const [a, b, c] = [0, 1, 2].map((d) => images[i + d]! + places[i + d]! * 2 ** -bits[d]!) as [
      number,
      number,
      number,
    ];
    for (let k = 0; k < 3; k++) positions[i + k] = a * cell[k]! + b * cell[3 + k]! + c * cell[6 + k]! + origin[k]!;
  }
  return positions;
}

/**
 * [4N] sites that displacements are measured from: unwrapped places, modulo 2^32, and a number for each. A difference to
 * the unwrapped place of an atom within two cells is right.
 */
export function siteRecords(box: WebGpuBox, positions: Float64Array, numbers?: Float32Array): Int32Array {
  const { places, images } = placesIn(box, positions);
  const records = new Int32Array((4 * positions.length) / 3);
  const extra = new Float32Array(records.buffer);
  for (let i = 0; i < positions.length / 3; i++) {
    for (let d = 0; d < 3; d++) records[4 * i + d] = (images[3 * i + d]! * 2 ** box.bits[d]! + places[3 * i + d]!) | 0;
    if (numbers) extra[4 * i + 3] = numbers[i]!;
  }
  return records;
}

/** Neighbors of an atom to make room for, at uniform density and a third more. */
export function roomFor({ cell }: WebGpuBox, pbc: Structure["pbc"], count: number, reach: number): number {
  if (!pbc.every(Boolean)) return Math.min(64, Math.max(8, count));
  const [a, b, c] = [cell.subarray(0, 3), cell.subarray(3, 6), cell.subarray(6, 9)];
  const volume = Math.abs(
    a[0]! * (b[1]! * c[2]! - b[2]! * c[1]!) +
      a[1]! * (b[2]! * c[0]! - b[0]! * c[2]!) +
      a[2]! * (b[0]! * c[1]! - b[1]! * c[0]!),
  );
  return Math.ceil((1.33 * (4 / 3) * Math.PI * reach ** 3 * count) / volume) + 8;
}

/**
 * The box of places: the cell, and where it is open the atoms with room around them. A cell that changes leaves room for
 * heights of `least` times what they are.
 */
export function boxAround(
  { cell, inverse, heights }: PeriodicFrame,
  pbc: Structure["pbc"],
  positions: Float64Array,
  reach: number,
  least: number,
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
    const ratio = (reach + 2 * LARGEST_MOVE) / (least * height) + 1;
    bits.push(Math.min(30, 31 - Math.ceil(Math.log2(Math.max(2, ratio)))));
    if (Math.ceil(reach / (least * height)) > MOST_SHIFTS)
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
export function gridOf(
  { inverse }: WebGpuBox,
  pbc: Structure["pbc"],
  { reach, skin, count, least }: Pick<FrameNumbers, "reach" | "skin" | "count" | "least">,
) {
  const heights = [0, 1, 2].map((d) => 1 / Math.hypot(inverse[d]!, inverse[3 + d]!, inverse[6 + d]!));
  let bins = heights.map((height) => Math.max(1, Math.min(1024, Math.floor(height / reach))));
  // Sparse atoms need no more bins than there are atoms.
  while (bins[0]! * bins[1]! * bins[2]! > 64 + count) bins = bins.map((n) => Math.max(1, Math.floor(n / 2)));
  const safe = reach * (1 + 1e-4) + 1e-4 * skin;
  const span = heights.map((height, d) => Math.ceil((safe / height) * bins[d]!));
  const most = heights.map((height, d) => (pbc[d] ? Math.ceil(safe / (least * height)) : 0));
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

/** Places of positions [3N] A, wrapped into the box. */
export function placesIn({ inverse, origin, bits }: WebGpuBox, positions: Float64Array): WebGpuPlaces {
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
