import { readText } from "../../src/formats/files.node.js";
import { parsePotentialExpression } from "../../src/formats/potential-expression.js";
import type { CrystalPhase } from "../../src/free-energy/crystal-phase.js";
import type { PotentialSpec } from "../../src/potentials/potential.js";
import { fcc } from "../../src/structure/lattices.js";

/** Copper of Mishin et al., Phys. Rev. B 63 (2001) 224106, of Debian's package lammps-data. */
export const mishinCopperFile = "/usr/share/lammps/potentials/Cu_mishin1.eam.alloy";

export const mishinCopper = (): PotentialSpec => parsePotentialExpression(mishinCopperFile, readText);

/** 500 atoms. */
export const fccCopper: CrystalPhase = {
  name: "fcc",
  structure: fcc("Cu", 3.65),
  repeats: [5, 5, 5],
  cell: "isotropic",
};

/** G(1200 K) [eV/atom] at pressures [GPa]: calphy, example 09, as peers.md 5 lists them. */
export const publishedCopperGibbs = [
  [0, -4.072],
  [0.5, -4.032],
  [1, -3.993],
  [1.5, -3.955],
  [2, -3.916],
] as const;

/**
 * K at GPa: melting of this potential after S. Wang, G. Zhang, H. Liu and H. Song, J. Chem. Phys. 138 (2013) 134101, as
 * calphy's example 05 gives it.
 */
export const publishedCopperMelting = (pressure: number): number => 1315 * (pressure / 15.84 + 1) ** 0.543;
