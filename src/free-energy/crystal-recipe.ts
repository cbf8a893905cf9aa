import * as v from "valibot";
import { InputError } from "../errors.js";
import { positive, wholeFrom } from "../recipe-entries.js";
import * as lattices from "../structure/lattices.js";
import type { Structure } from "../structure/structure.js";
import type { CrystalPhase } from "./crystal-phase.js";
import { COPPER_LENGTHS } from "./run-lengths.js";

/** fs as for copper; what is not given is as many times longer as atoms of the phase are slower than copper's. */
const time = (name: keyof typeof COPPER_LENGTHS, what: string) =>
  v.exactOptional(
    v.pipe(
      positive,
      v.description(
        `fs ${what}; by default ${COPPER_LENGTHS[name]} times slowness, which is 1 for copper and stiffer crystals`,
      ),
    ),
  );

/** Lengths of the runs, as `RunLengths`. */
export const runLengthEntries = {
  timestep: time("timestep", "of one step"),
  equilibration: time("equilibration", "before anything is measured"),
  sampling: time("sampling", "for averages of the cell"),
  switching: time("switching", "from the phase to its reference, and as long back"),
  slowness: v.exactOptional(
    v.pipe(
      positive,
      v.description(
        "How many times slower atoms move than copper's; from bulk modulus, mass and density at rest by default",
      ),
    ),
  ),
  replicas: v.exactOptional(wholeFrom(2)),
} as const;

/** As `GibbsSettings.sizes`. */
export const sizes = v.pipe(
  v.array(wholeFrom(8)),
  v.minLength(1, "at least one number of atoms"),
  v.description(
    "Atoms, about, of further cells of the shape of the phase's own (its repeats): G is measured in all of them and extrapolated to infinite size, G(N) = g + a/N",
  ),
);

const cubic = { diamond: lattices.diamond, fcc: lattices.fcc, bcc: lattices.bcc } as const;
const axial = {
  "beta-tin": lattices.betaTin,
  hcp: lattices.hcp,
  omega: lattices.omega,
  "simple-hexagonal": lattices.simpleHexagonal,
} as const;
const latticeNames = ["diamond", "fcc", "bcc", "simple-cubic", "beta-tin", "hcp", "omega", "simple-hexagonal"] as const;

/** A crystal of a recipe: a lattice with its constants, or a file. */
export const crystalSchema = v.strictObject({
  name: v.pipe(v.string(), v.minLength(1, "a name")),
  lattice: v.exactOptional(v.picklist(latticeNames)),
  element: v.exactOptional(v.string()),
  /** A, roughly: the cell relaxes. */
  a: v.exactOptional(positive),
  /** A. */
  c: v.exactOptional(positive),
  /** A structure file instead of a lattice. */
  file: v.exactOptional(v.string()),
  /** What the cell may do: by the lattice where it is one. */
  cell: v.exactOptional(v.picklist(["isotropic", "tetragonal", "orthorhombic", "any"])),
  repeats: v.tuple([wholeFrom(1), wholeFrom(1), wholeFrom(1)]),
});

export type CrystalRecipe = v.InferOutput<typeof crystalSchema>;

/** The crystal of a recipe; `readStructure` opens a file by the name in it. */
export function toCrystalPhase(
  recipe: CrystalRecipe,
  what: string,
  readStructure: (file: string) => Structure,
): CrystalPhase {
  const { name, lattice, file, repeats } = recipe;
  if ((lattice === undefined) === (file === undefined))
    throw new InputError({ what, value: recipe, expected: "either a lattice with element and a, or a file" });
  if (file !== undefined) {
    if (recipe.cell === undefined)
      throw new InputError({
        what: `${what}.cell`,
        value: "not given",
        expected: "isotropic, tetragonal (c along z), orthorhombic or any",
      });
    return { name, structure: readStructure(file), repeats, cell: recipe.cell };
  }
  const { element, a, c } = recipe;
  if (element === undefined || a === undefined)
    throw new InputError({ what, value: recipe, expected: "element and a beside the lattice" });
  if (lattice! in axial) {
    if (c === undefined)
      throw new InputError({ what: `${what}.c`, value: "not given", expected: `c of ${lattice} in A` });
    const structure = axial[lattice as keyof typeof axial](element, a, c);
    return { name, structure, repeats, cell: recipe.cell ?? "tetragonal" };
  }
  const structure =
    lattice === "simple-cubic" ? lattices.simpleCubic(element, a) : cubic[lattice as keyof typeof cubic](element, a);
  return { name, structure, repeats, cell: recipe.cell ?? "isotropic" };
}
