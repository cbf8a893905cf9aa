import { instantiateKernels } from "../engine/wasm-module.js";
import type { Structure } from "../structure/structure.js";
import type { NeighborList } from "./neighbor-list.js";
import { openNeighborhood } from "./wasm-neighborhood.js";

/**
 * The neighbor list in linear time, by the WebAssembly engine: the pairs of `allPairs`, in another order within a row.
 */
export function cellList(
  structure: Pick<Structure, "cell" | "pbc" | "positions" | "numbers">,
  cutoff: number,
  skin = 0,
): NeighborList {
  return listOf(structure, cutoff, skin, "full");
}

/**
 * Each pair once: of two atoms in one cell the row of either holds it, across cells the row whose shift comes after the
 * origin in lexicographic order (of atoms wrapped into the cell).
 */
export function halfCellList(
  structure: Pick<Structure, "cell" | "pbc" | "positions" | "numbers">,
  cutoff: number,
  skin = 0,
): NeighborList {
  return listOf(structure, cutoff, skin, "half");
}

function listOf(
  structure: Pick<Structure, "cell" | "pbc" | "positions" | "numbers">,
  cutoff: number,
  skin: number,
  kind: "full" | "half",
): NeighborList {
  const instance = instantiateKernels();
  const { memory, exports } = instance;
  const options = { cutoff, skin, full: kind === "full", half: kind === "half", scratchPerAtom: 0 };
  const { hood, system, count, settle } = openNeighborhood(instance, structure, options, () => {});
  for (let status = -1; status !== 0; ) {
    status = exports.buildNeighbors(hood.address, 1);
    if (status !== 0) settle(status);
  }
  const view = (address: number, length: number): Int32Array => new Int32Array(memory.buffer, address, length);
  const counts = view(system.get(`${kind}Counts`), count);
  const first = view(system.get(`${kind}First`), count);
  const entries = view(system.get(`${kind}Neighbors`), hood.get(`${kind}Capacity`));
  const images = view(hood.get("images"), 4 * count);
  const ghostShifts = view(hood.get("ghostShifts"), system.get("allCount"));
  const records = view(system.get("positions"), 8 * system.get("allCount"));
  const places = new Float64Array(memory.buffer, system.get("positions"), 4 * system.get("allCount"));
  const spans = [hood.get("span0"), hood.get("span1"), hood.get("span2")] as const;
  const order = view(system.get("atoms"), count);
  const placeOf = view(system.get("places"), count);
  const near = (i: number, j: number): boolean => {
    const x = places[4 * j]! - places[4 * i]!;
    const y = places[4 * j + 1]! - places[4 * i + 1]!;
    const z = places[4 * j + 2]! - places[4 * i + 2]!;
    return x * x + y * y + z * z < (cutoff + skin) ** 2;
  };
  const offsets = new Int32Array(count + 1);
  const neighbors: number[] = [];
  const shifts: number[] = [];
  for (let atom = 0; atom < count; atom++) {
    const i = placeOf[atom]!;
    // The engine's lists are generous: they are made in single precision.
    for (let k = first[i]!; k < first[i]! + counts[i]!; k++) {
      const entry = entries[k]!;
      if (!near(i, entry)) continue;
      const j = records[8 * entry + 7]!;
      const shift = entry < count ? [0, 0, 0] : shiftOf(ghostShifts[entry]!, spans);
      neighbors.push(order[j]!);
      // The list was built on wrapped atoms; the shift is told for the atoms as given.
      for (let d = 0; d < 3; d++) shifts.push(shift[d]! + images[4 * i + d]! - images[4 * j + d]!);
    }
    offsets[atom + 1] = neighbors.length;
  }
  instance.release();
  return {
    cutoff,
    skin,
    offsets,
    neighbors: Int32Array.from(neighbors),
    shifts: Int16Array.from(shifts),
    overflow: false,
  };
}

/** The three cell vectors of a shift's index: the last direction runs fastest. */
function shiftOf(index: number, [a, b, c]: readonly [number, number, number]): [number, number, number] {
  const widthC = 2 * c + 1;
  const widthB = 2 * b + 1;
  return [Math.floor(index / (widthB * widthC)) - a, (Math.floor(index / widthC) % widthB) - b, (index % widthC) - c];
}
