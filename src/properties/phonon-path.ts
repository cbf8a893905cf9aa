import { InputError } from "../errors.js";
import { cellParameters, invertCell, timesMatrix } from "../structure/cell.js";
import type { Symmetry } from "../structure/symmetry.js";

/** A point of the Brillouin zone; `q` in reciprocal vectors of the cell. */
export interface PathPoint {
  readonly label: string;
  readonly q: readonly [number, number, number];
}

/** Lines through the Brillouin zone, each from point to point; the path jumps from one line to the next. */
export type PhononPath = readonly (readonly PathPoint[])[];

type Points = Readonly<Record<string, readonly [number, number, number]>>;

interface Zone {
  /** In reciprocal vectors of the conventional cell. */
  readonly points: Points;
  readonly lines: string;
}

const HALF = 1 / 2;
const THIRD = 1 / 3;
const TETRAGONAL: Points = {
  X: [0, HALF, 0],
  M: [HALF, HALF, 0],
  Z: [0, 0, HALF],
  R: [0, HALF, HALF],
  A: [HALF, HALF, HALF],
};

/** By Pearson's first two letters and the lattice constants [A]. */
const ZONES: Readonly<Record<string, (a: number, c: number) => Zone>> = {
  cP: () => ({
    points: { X: [0, HALF, 0], M: [HALF, HALF, 0], R: [HALF, HALF, HALF] },
    lines: "Γ X M Γ R X|M R",
  }),
  cF: () => ({
    points: { X: [0, 1, 0], U: [1 / 4, 1, 1 / 4], K: [3 / 4, 3 / 4, 0], L: [HALF, HALF, HALF], W: [HALF, 1, 0] },
    lines: "Γ X U|K Γ L W X",
  }),
  cI: () => ({
    points: { H: [0, 1, 0], N: [HALF, HALF, 0], P: [HALF, HALF, HALF] },
    lines: "Γ H N Γ P H|P N",
  }),
  hP: () => ({
    points: {
      M: [HALF, 0, 0],
      K: [THIRD, THIRD, 0],
      A: [0, 0, HALF],
      L: [HALF, 0, HALF],
      H: [THIRD, THIRD, HALF],
    },
    lines: "Γ M K Γ A L H A|L M|K H",
  }),
  tP: () => ({ points: TETRAGONAL, lines: "Γ X M Γ Z R A Z|X R|M A" }),
  tI: (a, c) => (c < a ? flatCentered(a, c) : tallCentered(a, c)),
  oP: () => ({
    points: {
      X: [HALF, 0, 0],
      S: [HALF, HALF, 0],
      Y: [0, HALF, 0],
      Z: [0, 0, HALF],
      U: [HALF, 0, HALF],
      R: [HALF, HALF, HALF],
      T: [0, HALF, HALF],
    },
    lines: "Γ X S Y Γ Z U R T Z|Y T|U X|S R",
  }),
};

/** Body-centered tetragonal, c < a: beta-tin. */
function flatCentered(a: number, c: number): Zone {
  const eta = (1 + (c / a) ** 2) / 4;
  return {
    points: {
      M: [1, 0, 0],
      N: [HALF, 0, HALF],
      P: [HALF, HALF, HALF],
      X: [HALF, HALF, 0],
      Z: [0, 0, 2 * eta],
      "Z₁": [1, 0, 1 - 2 * eta],
    },
    lines: "Γ X M Γ Z P N Z₁ M|X P",
  };
}

/** Body-centered tetragonal, c > a. */
function tallCentered(a: number, c: number): Zone {
  const eta = (1 + (a / c) ** 2) / 4;
  const zeta = (a / c) ** 2 / 2;
  return {
    points: {
      N: [HALF, 0, HALF],
      P: [HALF, HALF, HALF],
      Σ: [2 * eta, 0, 0],
      "Σ₁": [1 - 2 * eta, 0, 1],
      X: [HALF, HALF, 0],
      Y: [HALF + zeta, HALF - zeta, 0],
      "Y₁": [HALF - zeta, HALF - zeta, 1],
      Z: [0, 0, 1],
    },
    lines: "Γ X Y Σ Γ Z Σ₁ N P Y₁ Z|X P",
  };
}

/**
 * The standard path of a crystal's lattice, for `symmetry.primitive`: cubic, hexagonal, tetragonal and simple
 * orthorhombic lattices, with the names and lines of Setyawan and Curtarolo, Comput. Mater. Sci. 49 (2010) 299.
 */
export function standardPath(symmetry: Symmetry): PhononPath {
  const { pearson, conventional, primitive } = symmetry;
  const zone = ZONES[pearson.slice(0, 2)];
  if (zone === undefined)
    throw new InputError({
      what: "path through the Brillouin zone",
      value: `${pearson}, ${symmetry.symbol}`,
      expected: `a lattice with a standard path here: ${Object.keys(ZONES).join(", ")}`,
      attempt: "a path of your own",
    });
  const [a, , c] = cellParameters(conventional.cell).lengths;
  const { points, lines } = zone(a, c);
  // q.x is the same number in both cells: reciprocal coordinates go with the rows of the cell.
  const rows = timesMatrix(primitive.cell, invertCell(conventional.cell));
  const point = (label: string): PathPoint => {
    const [x, y, z] = label === "Γ" ? [0, 0, 0] : points[label]!;
    const along = (row: number): number => rows[3 * row]! * x + rows[3 * row + 1]! * y + rows[3 * row + 2]! * z;
    return { label, q: [along(0), along(1), along(2)] };
  };
  return lines.split("|").map((line) => line.split(" ").map(point));
}
