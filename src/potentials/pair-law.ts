import { InputError } from "../errors.js";
import { symbolOf } from "../structure/elements.js";
import { addVectorGradient, neighborsWithin } from "./reference-neighbors.js";
import type { ReferenceResult, ReferenceSystem } from "./term.js";

/** The energy of two atoms (eV) and its slope dE/dr (eV/A) at a distance r < cutoff (A). */
export interface PairFunction {
  readonly cutoff: number;
  at(r: number): { readonly energy: number; readonly slope: number };
}

/** The function of two elements, given by atomic number; throws where there is none. */
export type PairFunctionOf<F extends PairFunction> = (a: number, b: number) => F;

/** Numbers for one pair of elements, in either order. */
export interface PairEntry {
  readonly elements: readonly [number, number];
}

/** Looks a pair of elements up in either order; `otherwise` serves pairs that are not listed. */
export function pairLookup<E extends PairEntry, T>(
  law: string,
  entries: readonly E[],
  make: (entry: E) => T,
  otherwise?: T,
): (a: number, b: number) => T {
  const key = (a: number, b: number): number => 256 * Math.min(a, b) + Math.max(a, b);
  const known = new Map<number, T>();
  for (const entry of entries) {
    const [a, b] = entry.elements;
    if (known.has(key(a, b)))
      throw new InputError({
        what: `${law} pairs`,
        value: `${symbolOf(a)} ${symbolOf(b)} twice`,
        expected: "each once",
      });
    known.set(key(a, b), make(entry));
  }
  return (a, b) => {
    const found = known.get(key(a, b)) ?? otherwise;
    if (found === undefined)
      throw new InputError({
        what: law,
        value: `no parameters for the pair ${symbolOf(a)} ${symbolOf(b)}`,
        expected: "an entry in pairs for every pair of elements of the structure",
      });
    return found;
  };
}

/** Adds E = sum over pairs of E_ab(r), half of each to either atom. */
export function evaluatePairs(
  system: ReferenceSystem,
  result: ReferenceResult,
  largest: number,
  functionOf: PairFunctionOf<PairFunction>,
): void {
  const { species, types } = system;
  const table = species.map((a) => species.map((b) => functionOf(a, b)));
  for (let i = 0; i < system.count; i++)
    for (const neighbor of neighborsWithin(system, i, largest)) {
      const pair = table[types[i]!]![neighbor.type]!;
      if (neighbor.r >= pair.cutoff) continue;
      const { energy, slope } = pair.at(neighbor.r);
      const half = slope / (2 * neighbor.r);
      result.energies[i]! += energy / 2;
      addVectorGradient(result, i, neighbor, half * neighbor.x, half * neighbor.y, half * neighbor.z);
    }
}
