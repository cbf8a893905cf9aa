import { InputError } from "../errors.js";
import { parsePotentialExpression, type ReadFile } from "../formats/potential-expression.js";
import type { PotentialSpec } from "../potentials/potential.js";
import { randomStream } from "../random.js";
import { bcc, diamond, fcc, hcp } from "../structure/lattices.js";
import type { Structure } from "../structure/structure.js";
import { supercell } from "../structure/supercell.js";
import { BOLTZMANN, TIME_UNIT_FS } from "../units.js";

/** Finds a potential file of LAMMPS by name. */
export type PotentialFile = (name: string) => string;

/** A system that we and LAMMPS both run: the same atoms, velocities, timestep, skin and intervals. */
export interface BenchSystem {
  readonly name: string;
  readonly title: string;
  /** A cell, repeated alike in three directions. */
  readonly cell: Structure;
  readonly repeats: number;
  /** A, by which each coordinate of the lattice is moved at most. */
  readonly rattle: number;
  /** K, of the velocities that are drawn. */
  readonly temperature: number;
  /** fs. */
  readonly timestep: number;
  /** A. */
  readonly skin: number;
  readonly steps: number;
  /** Steps between two rows of thermodynamics. */
  readonly thermoEvery: number;
  /** As `parsePotentialExpression` takes it. */
  readonly potential: (file: PotentialFile) => string;
  /** LAMMPS's commands for the same potential. */
  readonly pair: (file: PotentialFile) => readonly string[];
}

/** The melt of LAMMPS's own benchmark: epsilon = 1 eV, sigma = 1 A, m = 1 amu are its reduced units. */
const melt: BenchSystem = {
  name: "lj",
  title: "Lennard-Jones melt, density 0.8442, T = 1.44, cutoff 2.5",
  cell: withMass(fcc("Ar", (4 / 0.8442) ** (1 / 3)), 1),
  repeats: 20,
  rattle: 0,
  temperature: 1.44 / BOLTZMANN,
  timestep: 0.005 * TIME_UNIT_FS,
  skin: 0.3,
  steps: 200,
  thermoEvery: 100,
  potential: () => "lj(1,1,2.5)",
  pair: () => ["pair_style lj/cut 2.5", "pair_coeff 1 1 1 1 2.5"],
};

const metal = { rattle: 0, timestep: 1, skin: 1, thermoEvery: 100 } as const;
const snap = {
  rattle: 0.05,
  temperature: 300,
  timestep: 1,
  skin: 1,
  repeats: 10,
  thermoEvery: 10,
} as const;

/** A system on one file that both programs read. */
const onFile = (style: string, file: string, element: string) => ({
  potential: (find: PotentialFile) => find(file),
  pair: (find: PotentialFile) => [`pair_style ${style}`, `pair_coeff * * ${find(file)} ${element}`],
});

const onSnap = (file: string, element: string) => ({
  potential: (find: PotentialFile) => find(`${file}.snapcoeff`),
  pair: (find: PotentialFile) => [
    "pair_style snap",
    `pair_coeff * * ${find(`${file}.snapcoeff`)} ${find(`${file}.snapparam`)} ${element}`,
  ],
});

/** The same with the ZBL core that it was fitted on top of: without it the crystal collapses within a hundred steps. */
const onSnapWithCore = (file: string, element: string, number: number) => ({
  potential: (find: PotentialFile) => `${find(`${file}.snapcoeff`)}+zbl(4,4.8)`,
  pair: (find: PotentialFile) => [
    "pair_style hybrid/overlay zbl 4 4.8 snap",
    `pair_coeff 1 1 zbl ${number} ${number}`,
    `pair_coeff * * snap ${find(`${file}.snapcoeff`)} ${find(`${file}.snapparam`)} ${element}`,
  ],
});

/** Every system of the bench, in the order of the table. */
export const BENCH_SYSTEMS: readonly BenchSystem[] = [
  melt,
  {
    ...metal,
    name: "eam",
    title: "copper of Mishin 2001 (EAM), 1600 K at the start",
    cell: fcc("Cu", 3.615),
    repeats: 20,
    temperature: 1600,
    timestep: 5,
    steps: 100,
    ...onFile("eam/alloy", "Cu_mishin1.eam.alloy", "Cu"),
  },
  {
    ...metal,
    name: "sw",
    title: "silicon of Stillinger and Weber, 1000 K at the start",
    cell: diamond("Si", 5.431),
    repeats: 10,
    temperature: 1000,
    steps: 200,
    ...onFile("sw", "Si.sw", "Si"),
  },
  {
    ...metal,
    name: "tersoff",
    title: "silicon of Tersoff, 1000 K at the start",
    cell: diamond("Si", 5.431),
    repeats: 10,
    temperature: 1000,
    steps: 100,
    ...onFile("tersoff", "Si.tersoff", "Si"),
  },
  {
    ...metal,
    name: "meam-ti",
    title: "titanium of Hennig 2008 (spline MEAM and SW), 600 K at the start",
    cell: hcp("Ti", 2.95, 4.68),
    repeats: 13,
    temperature: 600,
    steps: 100,
    ...onFile("meam/sw/spline", "Ti.meam.sw.spline", "Ti"),
  },
  {
    ...snap,
    name: "snap-ta06a",
    title: "tantalum, SNAP Ta06A (2J = 6) with its ZBL core, 300 K at the start",
    cell: bcc("Ta", 3.316),
    steps: 20,
    ...onSnapWithCore("Ta06A", "Ta", 73),
  },
  {
    ...snap,
    name: "snap-w2940",
    title: "tungsten, SNAP W_2940_2017_2 (2J = 8) with its ZBL core, 300 K at the start",
    cell: bcc("W", 3.1803),
    steps: 10,
    ...onSnapWithCore("W_2940_2017_2", "W", 74),
  },
  {
    ...snap,
    name: "qsnap-mo",
    title: "molybdenum, quadratic SNAP of Zuo 2020, 300 K at the start",
    cell: bcc("Mo", 3.16),
    steps: 20,
    ...onSnap("Mo_Zuo_JPCA2020.quadratic", "Mo"),
  },
];

/** Systems by name, all of them without names. */
export function benchSystems(names: readonly string[]): readonly BenchSystem[] {
  if (names.length === 0) return BENCH_SYSTEMS;
  return names.map((name) => {
    const system = BENCH_SYSTEMS.find((one) => one.name === name);
    if (system) return system;
    throw new InputError({
      what: "unknown system",
      value: name,
      expected: `one of ${BENCH_SYSTEMS.map((one) => one.name).join(", ")}`,
    });
  });
}

/** The same system with about so many atoms, and steps for about as much work. */
export function resize(system: BenchSystem, atoms: number): BenchSystem {
  const each = system.cell.numbers.length;
  const repeats = Math.max(1, Math.round((atoms / each) ** (1 / 3)));
  const work = (system.repeats / repeats) ** 3;
  const steps = Math.max(1, Math.round((system.steps * work) / 10)) * 10;
  return { ...system, name: `${system.name}@${each * repeats ** 3}`, repeats, steps: Math.min(steps, 2000) };
}

/** Atoms where both programs start. */
export function benchStructure({ cell, repeats, rattle }: BenchSystem): Structure {
  const structure = supercell(cell, [repeats, repeats, repeats]);
  const stream = randomStream(1, "rattle");
  const moved = structure.positions.map((x) => x + rattle * (2 * stream.uniform() - 1));
  return rattle > 0 ? { ...structure, positions: moved } : structure;
}

export const benchPotential = (system: BenchSystem, file: PotentialFile, read: ReadFile): PotentialSpec =>
  parsePotentialExpression(system.potential(file), read);

function withMass(structure: Structure, mass: number): Structure {
  const values = new Float64Array(structure.numbers.length).fill(mass);
  return { ...structure, arrays: { masses: { kind: "real", width: 1, values } } };
}
