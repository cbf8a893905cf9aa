import { InputError } from "../errors.js";
import type { FreeEnergyRecipe } from "../free-energy/free-energy-recipe.js";
import { type PhaseRecipe, toPhase } from "../free-energy/phase-recipe.js";
import type { Estimate } from "../math/statistics.js";
import type { Structure } from "../structure/structure.js";
import { supercell } from "../structure/supercell.js";
import { lammpsPotentialFile } from "./bench-peers.node.js";

/** A free energy that we and LAMMPS both compute: the same potential file, phase, temperature and lengths. */
export interface FreeEnergyCase {
  readonly name: string;
  readonly title: string;
  readonly phase: PhaseRecipe;
  /** K, at zero pressure. */
  readonly temperature: number;
  /** K: G is followed to there by reversible scaling. */
  readonly finalTemperature?: number;
  /** A potential file of LAMMPS, which is also how we call the potential. */
  readonly file: string;
  /** LAMMPS's name of the law, and what stands after the file in `pair_coeff`. */
  readonly pairStyle: string;
  readonly element: string;
}

/** eV/atom, with what one switching dissipates: few works say little about each other where it is many kT of all atoms. */
export interface SwitchedEnergy extends Estimate {
  /** eV/atom. */
  readonly dissipation: number;
}

/** Steps of 1 fs, calphy's default. */
export interface FreeEnergyLengths {
  readonly equilibration: number;
  /** Of the isothermal-isobaric average and of the displacements. */
  readonly sampling: number;
  /** Each way. */
  readonly switching: number;
  readonly replicas: number;
}

const copper = { file: "Cu_mishin1.eam.alloy", pairStyle: "eam/alloy", element: "Cu" } as const;
const fccCopper: PhaseRecipe = { name: "fcc", lattice: "fcc", element: "Cu", a: 3.61, repeats: [5, 5, 5] };
const silicon: Omit<FreeEnergyCase, "name" | "title"> = {
  phase: { name: "diamond", lattice: "diamond", element: "Si", a: 5.431, repeats: [4, 4, 4] },
  temperature: 1000,
  file: "Si.sw",
  pairStyle: "sw",
  element: "Si",
};

export const FREE_ENERGY_CASES: readonly FreeEnergyCase[] = [
  {
    ...copper,
    name: "eam",
    title: "fcc copper of Mishin 2001 (EAM), 500 atoms, 1000 K, to the Einstein crystal and back",
    phase: fccCopper,
    temperature: 1000,
  },
  {
    ...silicon,
    name: "sw",
    title: "diamond silicon of Stillinger and Weber, 512 atoms, 1000 K, to the Einstein crystal and back",
  },
  {
    ...copper,
    name: "eam-liquid",
    title: "liquid copper of Mishin 2001 (EAM), 500 atoms, 1600 K, to the Uhlenbeck-Ford model and back",
    phase: { ...fccCopper, name: "liquid", state: "liquid", a: 3.7 },
    temperature: 1600,
  },
  {
    ...copper,
    name: "eam-isobar",
    title: "fcc copper of Mishin 2001 (EAM), 500 atoms, 1000 K as eam, then to 1200 K by reversible scaling",
    phase: fccCopper,
    temperature: 1000,
    finalTemperature: 1200,
  },
  {
    ...silicon,
    name: "sw-isobar",
    title: "diamond silicon of Stillinger and Weber, 512 atoms, 1000 K as sw, then to 1400 K by reversible scaling",
    finalTemperature: 1400,
  },
];

/** Cases by name, all of them without names. */
export function freeEnergyCases(names: readonly string[]): readonly FreeEnergyCase[] {
  if (names.length === 0) return FREE_ENERGY_CASES;
  return names.map((name) => {
    const found = FREE_ENERGY_CASES.find((one) => one.name === name);
    if (found) return found;
    throw new InputError({
      what: "unknown free energy",
      value: name,
      expected: `one of ${FREE_ENERGY_CASES.map((one) => one.name).join(", ")}`,
    });
  });
}

/** Lengths in calphy's proportions: it equilibrates half as long as it switches. */
export const lengthsOf = (switching: number, replicas: number): FreeEnergyLengths => ({
  equilibration: Math.ceil(switching / 2),
  sampling: switching,
  switching,
  replicas,
});

/** What `phasecell free-energy` reads. */
export const recipeOf = (
  { phase, temperature, finalTemperature, file }: FreeEnergyCase,
  lengths: FreeEnergyLengths,
  seed: number,
): FreeEnergyRecipe => ({
  potential: lammpsPotentialFile(file),
  phase,
  temperatures: [temperature],
  ...(finalTemperature !== undefined && { finalTemperature }),
  pressures: [0],
  seed,
  timestep: 1,
  ...lengths,
});

/** The atoms on their lattice. */
export function latticeOf({ phase }: FreeEnergyCase): Structure {
  const { structure, repeats } = toPhase(phase, "phase", () => {
    throw new InputError({ what: "phase", value: phase.file, expected: "a lattice" });
  });
  return supercell(structure, repeats);
}
