import { InputError } from "../errors.js";
import type { Structure } from "../structure/structure.js";
import { supercell } from "../structure/supercell.js";

/** The atoms that runs of a phase use, in a cell as it was given: `least` of them, more for numbers to publish. */
export function runAtoms(
  { name, structure, repeats }: { name: string; structure: Structure; repeats: readonly [number, number, number] },
  { least, publish }: { readonly least: number; readonly publish: number },
): Structure {
  const large = supercell(structure, repeats);
  if (large.numbers.length < least)
    throw new InputError({
      what: `repeats of ${name}`,
      value: repeats,
      expected: `a supercell of at least ${least} atoms (${publish} or more for numbers to publish)`,
    });
  return large;
}
