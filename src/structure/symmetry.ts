import type { MoyoDataset } from "@spglib/moyo-wasm";
import { symmetryModule } from "#host";
import { InputError } from "../errors.js";
import { toCartesian, toFractional } from "./cell.js";
import { type Structure, toStructure } from "./structure.js";

/** The space group of a structure and its standard cells. */
export interface Symmetry {
  /** 1 to 230. */
  readonly number: number;
  /** Hermann-Mauguin symbol: `F d -3 m`. */
  readonly symbol: string;
  /** 1 to 530: the setting. */
  readonly hallNumber: number;
  /** `cF8`. */
  readonly pearson: string;
  /** [N] Wyckoff letter of each atom. */
  readonly wyckoffs: readonly string[];
  /** [N] first atom that symmetry makes equal to each. */
  readonly orbits: readonly number[];
  /** Number of symmetry operations of the cell as given. */
  readonly order: number;
  /** The standardized conventional cell (International Tables' standard setting). */
  readonly conventional: Structure;
  /** The primitive cell of the standardized one. */
  readonly primitive: Structure;
}

/** Finds the space group of a periodic structure within a `tolerance` of positions [A], by moyo. */
export async function findSymmetry(structure: Structure, tolerance = 1e-4): Promise<Symmetry> {
  const found = await analyzeSymmetry(structure, tolerance);
  return {
    number: found.number,
    symbol: found.hm_symbol,
    hallNumber: found.hall_number,
    pearson: found.pearson_symbol,
    wyckoffs: found.wyckoffs,
    orbits: found.orbits,
    order: found.operations.length,
    conventional: fromMoyo(found.std_cell),
    primitive: fromMoyo(found.prim_std_cell),
  };
}

function fromMoyo(cell: { lattice: { basis: number[] }; positions: number[][]; numbers: number[] }): Structure {
  const { basis } = cell.lattice;
  return toStructure({
    cell: basis,
    numbers: cell.numbers,
    positions: toCartesian(basis, cell.positions.flat()),
  });
}

/** All that moyo says of a periodic structure. */
export async function analyzeSymmetry(structure: Structure, tolerance: number): Promise<MoyoDataset> {
  if (!structure.pbc.every(Boolean))
    throw new InputError({
      what: "symmetry",
      value: structure.pbc,
      expected: "a structure periodic in three directions",
    });
  const { analyze_cell } = await symmetryModule();
  const fractional = Array.from(toFractional(structure.cell, structure.positions));
  const cell = {
    lattice: { basis: [...structure.cell] },
    positions: Array.from(structure.numbers, (_, n) => fractional.slice(3 * n, 3 * n + 3)),
    numbers: [...structure.numbers],
  };
  try {
    return analyze_cell(JSON.stringify(cell), tolerance, "Standard");
  } catch (cause) {
    throw new InputError(
      {
        what: "symmetry",
        value: String(cause),
        expected: "atoms that symmetry can map on each other",
        attempt: `a tolerance other than ${tolerance} A`,
      },
      { cause },
    );
  }
}
