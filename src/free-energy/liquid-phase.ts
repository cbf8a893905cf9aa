import { InputError } from "../errors.js";
import type { Structure } from "../structure/structure.js";
import { supercell } from "../structure/supercell.js";

/** A liquid whose free energy is wanted. */
export interface LiquidPhase {
  readonly name: string;
  readonly state: "liquid";
  /** Any cell of the composition, roughly at the density of the liquid: it is melted. */
  readonly structure: Structure;
  /** Repeats along the cell's vectors, for the runs; 250 atoms or more are advisable. */
  readonly repeats: readonly [number, number, number];
}

/** The atoms that runs use, still as they were given. */
export function runLiquid({ name, structure, repeats }: LiquidPhase): Structure {
  const large = supercell(structure, repeats);
  if (large.numbers.length < 50)
    throw new InputError({
      what: `repeats of ${name}`,
      value: repeats,
      expected: "a supercell of at least 50 atoms (250 or more for numbers to publish)",
    });
  return large;
}
