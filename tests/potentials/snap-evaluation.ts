import { allPairs } from "../../src/neighbors/all-pairs.js";
import type { Term } from "../../src/potentials/term.js";
import type { Structure } from "../../src/structure/structure.js";

/** One term on one structure by the reference engine. */
export function evaluateReference(term: Term, structure: Structure) {
  const { cell, numbers, positions } = structure;
  const species = [...new Set(numbers)].sort((a, b) => a - b);
  const count = numbers.length;
  const result = {
    energies: new Float64Array(count),
    forces: new Float64Array(3 * count),
    atomVirials: new Float64Array(9 * count),
  };
  const types = Int32Array.from(numbers, (number) => species.indexOf(number));
  term.evaluate({ count, positions, cell, types, species, list: allPairs(structure, term.cutoff) }, result);
  const virial = new Float64Array(9);
  result.atomVirials.forEach((value, k) => {
    virial[k % 9]! += value;
  });
  return { ...result, virial, energy: result.energies.reduce((sum, value) => sum + value, 0) };
}

/** Largest deviation of two arrays. */
export const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(a, (value, k) => Math.abs(value - b[k]!)));
