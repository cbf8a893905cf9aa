import { InputError } from "../errors.js";

/** A per-atom column that a file carried along, `width` values per atom, kept so that round trips lose nothing. */
export type AtomColumn =
  | { readonly kind: "real"; readonly width: number; readonly values: Float64Array }
  | { readonly kind: "integer"; readonly width: number; readonly values: Int32Array }
  | { readonly kind: "logical"; readonly width: number; readonly values: Uint8Array }
  | { readonly kind: "string"; readonly width: number; readonly values: readonly string[] };

/** A per-structure value that a file carried along. */
export type InfoValue =
  | number
  | string
  | boolean
  | readonly number[]
  | readonly string[]
  | readonly boolean[]
  | readonly (readonly number[])[];

/**
 * Atoms in a cell: plain data, readonly by contract. The cell's ROWS are the lattice vectors; a direction without
 * periodicity still has a row (zero when unknown). Positions are Cartesian and may lie outside the cell.
 */
export interface Structure {
  /** [9] A, row vectors a, b, c; right-handed. */
  readonly cell: Float64Array;
  readonly pbc: readonly [boolean, boolean, boolean];
  /** [N] atomic numbers. */
  readonly numbers: Uint8Array;
  /** [3N] A, interleaved xyz. */
  readonly positions: Float64Array;
  readonly arrays?: Readonly<Record<string, AtomColumn>>;
  readonly info?: Readonly<Record<string, InfoValue>>;
}

/** What a person may write for a structure: plain arrays, symbols or numbers, pbc defaulting to all periodic. */
export interface StructureSpec {
  readonly cell: ArrayLike<number> | readonly (readonly number[])[];
  readonly numbers: ArrayLike<number>;
  readonly positions: ArrayLike<number>;
  readonly pbc?: boolean | readonly [boolean, boolean, boolean];
  readonly arrays?: Readonly<Record<string, AtomColumn>>;
  readonly info?: Readonly<Record<string, InfoValue>>;
}

/** Fills defaults, copies into typed arrays, and checks lengths and finiteness. */
export function toStructure(spec: StructureSpec): Structure {
  const cell = Float64Array.from((Array.isArray(spec.cell) ? spec.cell.flat() : spec.cell) as ArrayLike<number>);
  const numbers = Uint8Array.from(spec.numbers);
  const positions = Float64Array.from(spec.positions);
  if (cell.length !== 9)
    throw new InputError({ what: "cell", value: `${cell.length} numbers`, expected: "9 (three row vectors, A)" });
  if (positions.length !== 3 * numbers.length)
    throw new InputError({
      what: "positions",
      value: `${positions.length} numbers for ${numbers.length} atoms`,
      expected: `${3 * numbers.length} (x y z per atom, A)`,
    });
  const bad = positions.findIndex((x) => !Number.isFinite(x));
  if (bad >= 0)
    throw new InputError({
      what: `position of atom ${Math.floor(bad / 3)}`,
      value: positions[bad],
      expected: "a finite number",
    });
  if (cell.some((x) => !Number.isFinite(x)))
    throw new InputError({ what: "cell", value: [...cell], expected: "finite numbers" });
  const { pbc = true } = spec;
  return {
    cell,
    pbc: typeof pbc === "boolean" ? [pbc, pbc, pbc] : [pbc[0], pbc[1], pbc[2]],
    numbers,
    positions,
    ...(spec.arrays === undefined ? {} : { arrays: spec.arrays }),
    ...(spec.info === undefined ? {} : { info: spec.info }),
  };
}
