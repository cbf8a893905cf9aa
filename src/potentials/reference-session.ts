import { allPairs } from "../neighbors/all-pairs.js";
import type { NeighborList } from "../neighbors/neighbor-list.js";
import type { Structure } from "../structure/structure.js";
import type { Evaluation, Outputs, Session } from "./potential.js";
import { firstNotFinite, moved } from "./session.js";
import type { Term } from "./term.js";

/** Opens the terms in plain TypeScript: slow, readable, and what the other engines are compared with. */
export function openReferenceSession(terms: readonly Term[], structure: Structure, outputs: Outputs): Session {
  let current = structure;
  return {
    engine: "reference",
    async evaluate(move = {}) {
      current = moved(current, move);
      return evaluateTerms(terms, current, outputs);
    },
    dispose() {},
  };
}

/** The sum of the terms for one structure. */
export function evaluateTerms(terms: readonly Term[], structure: Structure, outputs: Outputs = {}): Evaluation {
  const { numbers, positions, cell } = structure;
  const count = numbers.length;
  const species = [...new Set(numbers)].sort((a, b) => a - b);
  const types = Int32Array.from(numbers, (number) => species.indexOf(number));
  const cutoff = Math.max(...terms.map((term) => term.cutoff));
  const list = cutoff > 0 ? allPairs(structure, cutoff) : emptyList(count);
  const energies = new Float64Array(count);
  const forces = new Float64Array(3 * count);
  const atomVirials = new Float64Array(9 * count);
  for (const term of terms)
    term.evaluate({ count, positions, cell, types, species, list }, { energies, forces, atomVirials });
  const energy = energies.reduce((sum, value) => sum + value, 0);
  if (!Number.isFinite(energy) || !forces.every(Number.isFinite)) throw firstNotFinite(energy, energies, forces);
  const virial = new Float64Array(9);
  for (let k = 0; k < atomVirials.length; k++) virial[k % 9]! += atomVirials[k]!;
  return {
    energy,
    forces,
    virial,
    ...(outputs.energies ? { energies } : {}),
    ...(outputs.atomVirials ? { atomVirials } : {}),
  };
}

const emptyList = (count: number): NeighborList => ({
  cutoff: 0,
  skin: 0,
  offsets: new Int32Array(count + 1),
  neighbors: new Int32Array(0),
  shifts: new Int16Array(0),
  overflow: false,
});
