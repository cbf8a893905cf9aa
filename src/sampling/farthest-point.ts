import type { Descriptor, DescriptorEngine } from "../descriptors/descriptor.js";
import { InputError } from "../errors.js";
import { randomStream } from "../random.js";
import type { Structure } from "../structure/structure.js";

export interface FarthestPointOptions {
  /** How many to choose. */
  readonly count: number;
  /** Draws the first point, where none is given. */
  readonly seed: number;
  /** Points that are chosen already, and are not counted: what the data holds. */
  readonly chosen?: readonly number[];
}

/**
 * Chooses points [P x dimension] that cover the space: each next one is the farthest (Euclidean) from all chosen so
 * far; of equals the first (Gonzalez, Theor. Comput. Sci. 38 (1985) 293). Returns indices in the order of choice.
 */
export function farthestPoints(
  points: Float64Array,
  dimension: number,
  { count, seed, chosen = [] }: FarthestPointOptions,
): number[] {
  const total = points.length / dimension;
  if (!Number.isInteger(count) || count < 1 || count > total - chosen.length)
    throw new InputError({
      what: "number of farthest points",
      value: count,
      expected: `an integer from 1 to ${total - chosen.length}`,
    });
  const distance = new Float64Array(total).fill(Number.POSITIVE_INFINITY);
  const update = (center: number): void => {
    for (let p = 0; p < total; p++) {
      let square = 0;
      for (let k = 0; k < dimension; k++) square += (points[p * dimension + k]! - points[center * dimension + k]!) ** 2;
      distance[p] = Math.min(distance[p]!, square);
    }
    distance[center] = -1;
  };
  for (const index of chosen) update(index);
  const picked: number[] = [];
  while (picked.length < count) {
    const first = picked.length === 0 && chosen.length === 0;
    let next = first ? randomStream(seed, "farthestPoint").integer(total) : 0;
    if (!first) for (let p = 1; p < total; p++) if (distance[p]! > distance[next]!) next = p;
    picked.push(next);
    update(next);
  }
  return picked;
}

/**
 * Chooses structures that differ most in the mean of their atoms' descriptors, every component in units of its
 * standard deviation over all structures. Returns indices in the order of choice.
 */
export async function farthestStructures(
  descriptor: Descriptor,
  structures: readonly Structure[],
  options: FarthestPointOptions & { readonly engine?: DescriptorEngine },
): Promise<number[]> {
  const session = await descriptor.open(options.engine ?? "wasm");
  const size = descriptor.length;
  const means = new Float64Array(structures.length * size);
  try {
    for (const [index, structure] of structures.entries()) {
      const values = session.values(structure);
      const atoms = structure.numbers.length;
      for (let i = 0; i < atoms; i++)
        for (let k = 0; k < size; k++) means[index * size + k]! += values[i * size + k]! / atoms;
    }
  } finally {
    session.dispose();
  }
  for (let k = 0; k < size; k++) {
    let sum = 0;
    let square = 0;
    for (let s = 0; s < structures.length; s++) sum += means[s * size + k]!;
    const mean = sum / structures.length;
    for (let s = 0; s < structures.length; s++) square += (means[s * size + k]! - mean) ** 2;
    const deviation = Math.sqrt(square / structures.length);
    for (let s = 0; s < structures.length; s++)
      means[s * size + k] = deviation > 0 ? (means[s * size + k]! - mean) / deviation : 0;
  }
  return farthestPoints(means, size, options);
}
