import { ComputationError, InputError } from "../errors.js";
import { symbolOf } from "../structure/elements.js";
import type { Structure } from "../structure/structure.js";
import type { Move } from "./potential.js";
import type { Term } from "./term.js";

/** Throws one line where some term has no numbers for an element that is there, or numbers for other atoms. */
export function checkTerms(terms: readonly Term[], numbers: Uint8Array): void {
  const present = new Set(numbers);
  for (const { kind, elements, atoms } of terms) {
    if (atoms !== undefined && atoms !== numbers.length)
      throw new InputError({
        what: `${kind} potential`,
        value: `made for ${atoms} atoms`,
        expected: `the ${numbers.length} atoms of the structure`,
      });
    if (elements === "any") continue;
    for (const number of present)
      if (!elements.includes(number))
        throw new InputError({
          what: `${kind} potential`,
          value: `no parameters for ${symbolOf(number)}`,
          expected: `only ${elements.map(symbolOf).join(", ")} in the structure`,
        });
  }
}

/** The structure after a move, whose lengths are checked. */
export function moved(structure: Structure, move: Move): Structure {
  const { positions = structure.positions, cell = structure.cell } = move;
  if (positions.length !== structure.positions.length)
    throw new InputError({
      what: "positions of a move",
      value: `${positions.length} numbers`,
      expected: `${structure.positions.length}, as when the session was opened`,
    });
  const bad = positions.findIndex((x) => !Number.isFinite(x));
  if (bad >= 0)
    throw new InputError({
      what: `position of atom ${Math.floor(bad / 3)}`,
      value: String(positions[bad]),
      expected: "a finite number",
    });
  if (cell.length !== 9)
    throw new InputError({ what: "cell of a move", value: `${cell.length} numbers`, expected: "9" });
  return { ...structure, positions, cell };
}

/** Complains about the first energy or force that is no number. */
export function firstNotFinite(energy: number, energies: Float64Array, forces: Float64Array): ComputationError {
  const bad = (x: number): boolean => !Number.isFinite(x);
  const [atom, component] = [energies.findIndex(bad), forces.findIndex(bad)];
  const [what, value] =
    atom >= 0
      ? [`energy of atom ${atom}`, energies[atom]]
      : component >= 0
        ? [`force on atom ${Math.floor(component / 3)}`, forces[component]]
        : ["energy", energy];
  return new ComputationError({
    what,
    value: String(value),
    expected: "a finite number",
    attempt: "a structure without atoms on top of each other",
  });
}
