import { openRecord, type SharedRecord } from "../engine/record-layout.js";
import { Status, SYSTEM } from "../engine/system-layout.js";
import type { WasmInstance } from "../engine/wasm-module.js";
import { ComputationError, InputError } from "../errors.js";
import type { Structure } from "../structure/structure.js";
import { ListKind, NEIGHBORHOOD } from "./neighborhood-layout.js";
import { type PeriodicFrame, periodicFrame } from "./periodic-frame.js";

/** What a neighborhood in WebAssembly memory is opened for. */
export interface NeighborhoodOptions {
  /** A. */
  readonly cutoff: number;
  /** A. */
  readonly skin: number;
  readonly full: boolean;
  readonly half: boolean;
  /** Bytes per own atom for the terms. */
  readonly scratchPerAtom: number;
}

/** A structure laid out in WebAssembly memory: own atoms, room for ghosts and lists, grown when a build asks for it. */
export interface WasmNeighborhood {
  readonly system: SharedRecord<(typeof SYSTEM)["fields"]>;
  readonly hood: SharedRecord<(typeof NEIGHBORHOOD)["fields"]>;
  readonly count: number;
  /** Room for own and ghost atoms; arrays per atom that others keep have one record more, for the dummy. */
  readonly capacity: number;
  /** Distinct atomic numbers, ascending: type t is species[t]. */
  readonly species: readonly number[];
  frame(): PeriodicFrame;
  setPositions(positions: Float64Array): void;
  setCell(cell: Float64Array): void;
  /** [3N] A, unwrapped. */
  positions(): Float64Array;
  /** [N] which atom stands at each place of the arrays in memory: builds sort them. A view, valid until memory grows. */
  atoms(): Int32Array;
  /** A copy of an array that holds as many numbers for each own atom, in the order of places, as the caller numbers atoms. */
  inCallersOrder(values: Float64Array): Float64Array;
  /** The way back: writes `values` into an array in the order of places. */
  putInOrder(values: Float64Array, target: Float64Array | Int32Array): void;
  /** Grows what a status says is full, or throws where it says that something is wrong. */
  settle(status: number): void;
}

const FAR = 1e8;
const RECORD = 32;
/** Shares of the room of two lists among at most 64 partitions. */
const SEGMENTS_BYTES = 2 * 65 * 8;

/** Opens a structure: `onGrow` is told when the room for own and ghost atoms has grown. */
export function openNeighborhood(
  { memory, packer }: WasmInstance,
  { cell, pbc, numbers, positions }: Pick<Structure, "cell" | "pbc" | "numbers" | "positions">,
  { cutoff, skin, full, half, scratchPerAtom }: NeighborhoodOptions,
  onGrow: (capacity: number) => void,
): WasmNeighborhood {
  const count = numbers.length;
  if (count === 0) throw new InputError({ what: "structure", value: "no atoms", expected: "at least one atom" });
  const species = [...new Set(numbers)].sort((a, b) => a - b);
  let frame = periodicFrame(cell, pbc);
  const hood = openRecord(memory, NEIGHBORHOOD, packer.allocate(NEIGHBORHOOD.bytes));
  const system = openRecord(memory, SYSTEM, packer.allocate(SYSTEM.bytes));
  const cellAddress = packer.f64(frame.cell);
  const imageAddress = packer.allocate(16 * count);
  const identity = Int32Array.from({ length: count }, (_, i) => i);
  const atomAddress = packer.i32(identity);
  // A fixed number of bins for a number of atoms: the order of a list must not depend on how often memory grew.
  const bins = 4 * count + 512;
  let capacity = 0;

  for (const [field, value] of Object.entries({
    cutoff,
    skin,
    system: system.address,
    cell: cellAddress,
    inverse: packer.allocate(72),
    builtCell: packer.allocate(72),
    builtPositions: packer.allocate(RECORD * count),
    images: imageAddress,
    segments: packer.allocate(SEGMENTS_BYTES),
    binOwn: packer.allocate(4 * (bins + 1)),
    binAfter: packer.allocate(4 * (bins + 1)),
    ...(full ? { binBefore: packer.allocate(4 * (bins + 1)) } : {}),
    binCapacity: bins,
    periodic: pbc.reduce((bits, periodic, d) => bits | (periodic ? 1 << d : 0), 0),
    lists: (full ? ListKind.full : 0) | (half ? ListKind.half : 0),
  }))
    hood.set(field as keyof (typeof NEIGHBORHOOD)["fields"], value);
  for (const [field, value] of Object.entries({
    ownCount: count,
    allCount: count,
    cell: cellAddress,
    images: imageAddress,
    atoms: atomAddress,
    places: packer.i32(identity),
    energies: packer.allocate(8 * count),
    ...(scratchPerAtom > 0 ? { scratch: packer.allocate(scratchPerAtom * count) } : {}),
    ...(full ? { fullCounts: packer.allocate(4 * count), fullFirst: packer.allocate(4 * count) } : {}),
    ...(half ? { halfCounts: packer.allocate(4 * count), halfFirst: packer.allocate(4 * count) } : {}),
  }))
    system.set(field as keyof (typeof SYSTEM)["fields"], value);

  const growAtoms = (wanted: number): void => {
    const old = system.get("positions");
    capacity = wanted;
    const address = packer.allocate(RECORD * (capacity + 1));
    if (old !== 0) new Uint8Array(memory.buffer).copyWithin(address, old, old + RECORD * count);
    const dummy = new Float64Array(memory.buffer, address + RECORD * capacity, 3);
    dummy.fill(FAR);
    system.set("positions", address);
    system.set("allCapacity", capacity);
    system.set("dummy", capacity);
    hood.set("ghostShifts", packer.allocate(4 * capacity));
    hood.set("atomBins", packer.allocate(4 * capacity));
    const column = 16 * Math.ceil(capacity / 4 + 1);
    hood.set("columnBytes", column);
    hood.set("workspace", packer.allocate(4 * column));
    onGrow(capacity);
  };
  const growShifts = (wanted: number): void => {
    hood.set("shiftVectors", packer.allocate(RECORD * wanted));
    hood.set("shiftCapacity", wanted);
  };
  const growList = (kind: "full" | "half", wanted: number): void => {
    system.set(`${kind}Neighbors`, packer.allocate(4 * wanted));
    hood.set(`${kind}Capacity`, wanted);
  };

  /** Component of the whole cell vectors that the atom at a place was moved back by. */
  const shifts = (): ((place: number, d: number) => number) => {
    const images = new Int32Array(memory.buffer, imageAddress, 4 * count);
    const h = new Float64Array(memory.buffer, cellAddress, 9);
    return (place, d) =>
      images[4 * place]! * h[d]! + images[4 * place + 1]! * h[3 + d]! + images[4 * place + 2]! * h[6 + d]!;
  };

  const reach = cutoff + skin;
  const guess = estimate(frame, pbc, positions, reach);
  growAtoms(count + Math.ceil((guess.images - 1) * count * (full ? 1.1 : 0.6)) + 32);
  growShifts(Math.max(27, guess.shifts));
  if (full) growList("full", Math.ceil(count * (1.15 * guess.neighbors + 8)) + 64);
  if (half) growList("half", Math.ceil(count * (0.6 * guess.neighbors + 8)) + 64);

  const self: WasmNeighborhood = {
    system,
    hood,
    count,
    get capacity() {
      return capacity;
    },
    species,
    frame: () => frame,
    setPositions(values) {
      if (values.length !== 3 * count)
        throw new InputError({ what: "positions", value: `${values.length} numbers`, expected: `${3 * count}` });
      const records = new Float64Array(memory.buffer, system.get("positions"), 4 * count);
      const shift = shifts();
      self.atoms().forEach((atom, place) => {
        for (let d = 0; d < 3; d++) records[4 * place + d] = values[3 * atom + d]! - shift(place, d);
      });
    },
    setCell(next) {
      frame = periodicFrame(next, pbc);
      new Float64Array(memory.buffer, cellAddress, 9).set(frame.cell);
    },
    positions() {
      const records = new Float64Array(memory.buffer, system.get("positions"), 4 * count);
      const shift = shifts();
      const result = new Float64Array(3 * count);
      self.atoms().forEach((atom, place) => {
        for (let d = 0; d < 3; d++) result[3 * atom + d] = records[4 * place + d]! + shift(place, d);
      });
      return result;
    },
    atoms: () => new Int32Array(memory.buffer, atomAddress, count),
    inCallersOrder(values) {
      const width = values.length / count;
      const result = new Float64Array(values.length);
      self.atoms().forEach((atom, place) => {
        for (let k = 0; k < width; k++) result[width * atom + k] = values[width * place + k]!;
      });
      return result;
    },
    putInOrder(values, target) {
      const width = values.length / count;
      self.atoms().forEach((atom, place) => {
        for (let k = 0; k < width; k++) target[width * place + k] = values[width * atom + k]!;
      });
    },
    settle(status) {
      if (status & Status.notFinite) throw flownAway(self, memory);
      if (status & Status.cellCollapsed)
        throw new ComputationError({
          what: "cell",
          value: Array.from(new Float64Array(memory.buffer, cellAddress, 9)),
          expected: `a cell that is not flat against the cutoff of ${cutoff} A`,
        });
      if (status & Status.shortListFull)
        throw new ComputationError({
          what: "neighbors within the cutoff of a term",
          value: `more than it has room for, at a cutoff of ${cutoff} A`,
          expected: "atoms at physical distances",
        });
      if (status & Status.ghostsFull) {
        if (hood.get("wantedShifts") > hood.get("shiftCapacity")) growShifts(hood.get("wantedShifts"));
        if (hood.get("wantedAll") > capacity) growAtoms(Math.ceil(1.1 * hood.get("wantedAll")));
      }
      if (status & Status.listFull)
        for (const kind of ["full", "half"] as const) {
          const wanted = hood.get(kind === "full" ? "wantedFull" : "wantedHalf");
          if (wanted > 0) growList(kind, Math.ceil(1.2 * Math.max(wanted, hood.get(`${kind}Capacity`))));
        }
    },
  };
  const types = new Int32Array(memory.buffer, system.get("positions"), 8 * count);
  for (let i = 0; i < count; i++) {
    types[8 * i + 6] = species.indexOf(numbers[i]!);
    types[8 * i + 7] = i;
  }
  self.setPositions(positions);
  return self;
}

/** Periodic images per atom, shift vectors and neighbors per atom to expect at uniform density. */
function estimate(
  frame: PeriodicFrame,
  pbc: Structure["pbc"],
  positions: Float64Array,
  reach: number,
): { images: number; shifts: number; neighbors: number } {
  let [images, shifts, volume] = [1, 1, frame.volume];
  for (let d = 0; d < 3; d++) {
    const height = frame.heights[d]!;
    if (pbc[d]) {
      images *= Math.min(1 + (2 * reach) / height, 200);
      shifts *= 2 * Math.min(Math.floor(reach / height) + 1, 20) + 1;
    } else {
      let [low, high] = [Infinity, -Infinity];
      for (let i = d; i < positions.length; i += 3) {
        low = Math.min(low, positions[i]!);
        high = Math.max(high, positions[i]!);
      }
      volume *= Math.max(high - low, reach / 2);
    }
  }
  const density = Math.min(positions.length / 3 / volume, 1);
  return { images, shifts, neighbors: (4 / 3) * Math.PI * reach ** 3 * density };
}

function flownAway({ hood, system, frame, atoms }: WasmNeighborhood, memory: WebAssembly.Memory): ComputationError {
  const failed = hood.get("failedAtom");
  const place = new Float64Array(memory.buffer, system.get("positions") + RECORD * failed, 3);
  const volume = frame().volume;
  return new ComputationError({
    what: `position of atom ${atoms()[failed]}`,
    value: Array.from(place, String).join(" "),
    expected: "finite coordinates near the cell",
    ...(Number.isFinite(volume) ? {} : { attempt: "a cell of finite volume" }),
  });
}
