import { bispectrumComponents } from "../descriptors/bispectrum-components.js";
import { resolveBispectrum } from "../descriptors/bispectrum-spec.js";
import type { LawSpec } from "../potentials/potential.js";
import { bcc, diamond, fcc } from "../structure/lattices.js";
import type { Structure } from "../structure/structure.js";
import { BOLTZMANN, TIME_UNIT_FS } from "../units.js";

/** A system of the GPU bench: everything is in here, no file is needed. */
export interface WebGpuBenchSystem {
  readonly name: string;
  readonly title: string;
  readonly law: LawSpec;
  readonly cell: Structure;
  /** K and fs. */
  readonly temperature: number;
  readonly timestep: number;
  /** A. */
  readonly skin: number;
  /** Atoms, about: on a GPU, on a software adapter, and where forces are compared with `reference`. */
  readonly sizes: readonly number[];
  readonly tiny: number;
  readonly compared: number;
}

const many = [32_000, 256_000, 1_000_000] as const;

/** The melt of LAMMPS's benchmark: epsilon = 1 eV, sigma = 1 A, m = 1 amu are its reduced units. */
const melt: WebGpuBenchSystem = {
  name: "lj",
  title: "Lennard-Jones melt, density 0.8442, T = 1.44, cutoff 2.5",
  law: { kind: "lennard-jones", epsilon: 1, sigma: 1, cutoff: 2.5 },
  cell: withMass(fcc("Ar", (4 / 0.8442) ** (1 / 3)), 1),
  temperature: 1.44 / BOLTZMANN,
  timestep: 0.005 * TIME_UNIT_FS,
  skin: 0.3,
  sizes: many,
  tiny: 256,
  compared: 500,
};

const RADII = 2001;
const DENSITIES = 1001;

/**
 * Copper of A. P. Sutton, J. Chen, Philos. Mag. Lett. 61, 139 (1990), in tables as published EAM files have them, faded
 * out between 4.5 and 5.5 A.
 */
function suttonChen(): LawSpec {
  const [epsilon, c, a, n, m] = [1.2382e-2, 39.432, 3.61, 9, 6];
  const cutoff = 5.5;
  const fade = (r: number): number => {
    const t = Math.min(Math.max(r - 4.5, 0), 1);
    return (1 - t) ** 3 * (1 + 3 * t + 6 * t * t);
  };
  const [radialStep, densityStep] = [cutoff / (RADII - 1), 0.1];
  // Tables begin at r = 0, where no atoms are.
  const radial = (f: (r: number) => number): number[] =>
    Array.from({ length: RADII }, (_, k) => f(Math.max(k * radialStep, 0.8)));
  return {
    kind: "embedded-atom",
    form: "alloy",
    elements: ["Cu"],
    cutoff,
    radialStep,
    densityStep,
    embedding: [Array.from({ length: DENSITIES }, (_, k) => -epsilon * c * Math.sqrt(k * densityStep))],
    density: [[radial((r) => fade(r) * (a / r) ** m)]],
    pair: [radial((r) => r * fade(r) * epsilon * (a / r) ** n)],
  };
}

/** The bispectrum of a published tungsten potential with made-up coefficients: cost and rounding are the same. */
function tungstenSnap(): LawSpec {
  const bispectrum = {
    twojmax: 8,
    rcutfac: 4.73442,
    rfac0: 0.99363,
    bzeroflag: false,
    elements: [{ element: "W", radius: 0.5, weight: 1 }],
  };
  const count = bispectrumComponents(resolveBispectrum(bispectrum, "snap")).length;
  const coefficients = [Array.from({ length: 1 + count }, (_, k) => (k === 0 ? 0 : 0.02 * Math.sin(1.7 * k)))];
  return { kind: "snap", ...bispectrum, coefficients };
}

export const webGpuBenchSystems: readonly WebGpuBenchSystem[] = [
  melt,
  {
    name: "eam",
    title: "copper of Sutton and Chen in EAM tables, cutoff 5.5 A, 600 K at the start",
    law: suttonChen(),
    cell: fcc("Cu", 3.615),
    temperature: 600,
    timestep: 2,
    skin: 0.7,
    sizes: many,
    tiny: 256,
    compared: 500,
  },
  {
    name: "sw",
    title: "silicon of Stillinger and Weber, 1000 K at the start",
    law: {
      kind: "stillinger-weber",
      triplets: [
        {
          elements: ["Si", "Si", "Si"],
          ...{ epsilon: 2.1683, sigma: 2.0951, a: 1.8, lambda: 21, gamma: 1.2, cosTheta0: -1 / 3 },
          ...{ A: 7.049556277, B: 0.6022245584, p: 4, q: 0 },
        },
      ],
    },
    cell: diamond("Si", 5.431),
    temperature: 1000,
    timestep: 1,
    skin: 0.7,
    sizes: many,
    tiny: 216,
    compared: 512,
  },
  {
    name: "snap",
    title: "tungsten, SNAP of 2J = 8 with made-up coefficients, 300 K at the start",
    law: tungstenSnap(),
    cell: bcc("W", 3.1803),
    temperature: 300,
    timestep: 1,
    skin: 0.5,
    sizes: [2000, 16_000, 128_000],
    tiny: 54,
    compared: 54,
  },
];

function withMass(structure: Structure, mass: number): Structure {
  const values = new Float64Array(structure.numbers.length).fill(mass);
  return { ...structure, arrays: { masses: { kind: "real", width: 1, values } } };
}
