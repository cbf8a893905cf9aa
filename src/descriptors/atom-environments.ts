import { allPairs } from "../neighbors/all-pairs.js";
import { periodicFrame } from "../neighbors/periodic-frame.js";
import type { Structure } from "../structure/structure.js";
import { type BispectrumParameters, elementIndices, largestCutoff, pairCutoff } from "./bispectrum-spec.js";

/** The atoms of a structure with the neighbors that each one sees, in compressed rows. */
export interface AtomEnvironments {
  readonly count: number;
  /** A^3. */
  readonly volume: number;
  /** [N] index in the elements of the descriptor. */
  readonly elements: Int32Array;
  /** [N+1]. */
  readonly offsets: Int32Array;
  /** [P] atom that the neighbor is, or is an image of. */
  readonly atoms: Int32Array;
  /** [3P] A, from the atom to its neighbor. */
  readonly vectors: Float64Array;
}

/** Lists the neighbors of every atom within the cutoff of the pair. */
export function atomEnvironments(
  structure: Structure,
  parameters: BispectrumParameters,
  what: string,
): AtomEnvironments {
  const { cell, pbc, numbers, positions } = structure;
  const species = [...new Set(numbers)];
  const indices = elementIndices(parameters, species, what);
  const elements = Int32Array.from(numbers, (number) => indices[species.indexOf(number)]!);
  const list = allPairs(structure, largestCutoff(parameters));
  const offsets = new Int32Array(numbers.length + 1);
  const atoms = new Int32Array(list.neighbors.length);
  const vectors = new Float64Array(3 * list.neighbors.length);
  const limits = parameters.elements.map((a) => parameters.elements.map((b) => pairCutoff(parameters, a, b) ** 2));
  let count = 0;
  for (let i = 0; i < numbers.length; i++) {
    for (let k = list.offsets[i]!; k < list.offsets[i + 1]!; k++) {
      const j = list.neighbors[k]!;
      let square = 0;
      for (let axis = 0; axis < 3; axis++) {
        let distance = positions[3 * j + axis]! - positions[3 * i + axis]!;
        for (let row = 0; row < 3; row++) distance += list.shifts[3 * k + row]! * cell[3 * row + axis]!;
        vectors[3 * count + axis] = distance;
        square += distance ** 2;
      }
      if (square >= limits[elements[i]!]![elements[j]!]!) continue;
      atoms[count++] = j;
    }
    offsets[i + 1] = count;
  }
  const { volume } = periodicFrame(cell, pbc);
  return {
    count: numbers.length,
    volume,
    elements,
    offsets,
    atoms: atoms.slice(0, count),
    vectors: vectors.slice(0, 3 * count),
  };
}
