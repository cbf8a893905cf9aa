import { InputError } from "../errors.js";
import { toCartesian } from "./cell.js";
import { atomicNumber } from "./elements.js";
import { type Structure, toStructure } from "./structure.js";

/** Which cell of a centered lattice: the conventional one by default. */
export interface CellChoice {
  readonly primitive?: boolean;
}

type Basis = readonly (readonly [number, number, number])[];

const CORNER: Basis = [[0, 0, 0]];
const FACE_CENTERED: Basis = [
  [0, 0, 0],
  [0, 0.5, 0.5],
  [0.5, 0, 0.5],
  [0.5, 0.5, 0],
];
const BODY_CENTERED: Basis = [
  [0, 0, 0],
  [0.5, 0.5, 0.5],
];

function build(element: string | number, cell: readonly number[], basis: Basis): Structure {
  const number = typeof element === "string" ? atomicNumber(element) : element;
  return toStructure({
    cell,
    numbers: basis.map(() => number),
    positions: toCartesian(cell, basis.flat()),
  });
}

function positive(name: string, value: number): number {
  if (!(value > 0 && value < Infinity))
    throw new InputError({ what: `lattice constant ${name}`, value, expected: "a length above 0 in angstrom" });
  return value;
}

const tetragonal = (a: number, c: number): number[] => [a, 0, 0, 0, a, 0, 0, 0, c];
const hexagonal = (a: number, c: number): number[] => [a, 0, 0, -a / 2, (a * Math.sqrt(3)) / 2, 0, 0, 0, c];
const bodyCenteredPrimitive = (a: number, c: number): number[] =>
  [-a, a, c, a, -a, c, a, a, -c].map((component) => component / 2);
const faceCenteredPrimitive = (a: number): number[] => [0, a, a, a, 0, a, a, a, 0].map((component) => component / 2);

/** Simple cubic, 1 atom; a [A]. */
export const simpleCubic = (element: string | number, a: number): Structure =>
  build(element, tetragonal(positive("a", a), a), CORNER);

/** Body-centered cubic, 2 atoms (1 primitive); a [A]. */
export function bcc(element: string | number, a: number, { primitive = false }: CellChoice = {}): Structure {
  positive("a", a);
  return primitive
    ? build(element, bodyCenteredPrimitive(a, a), CORNER)
    : build(element, tetragonal(a, a), BODY_CENTERED);
}

/** Face-centered cubic, 4 atoms (1 primitive); a [A]. */
export function fcc(element: string | number, a: number, { primitive = false }: CellChoice = {}): Structure {
  positive("a", a);
  return primitive ? build(element, faceCenteredPrimitive(a), CORNER) : build(element, tetragonal(a, a), FACE_CENTERED);
}

/** Diamond, 8 atoms (2 primitive); a [A]. */
export function diamond(element: string | number, a: number, { primitive = false }: CellChoice = {}): Structure {
  positive("a", a);
  const quarter = ([x, y, z]: readonly [number, number, number]) => [x + 0.25, y + 0.25, z + 0.25] as const;
  return primitive
    ? build(element, faceCenteredPrimitive(a), [...CORNER, quarter(CORNER[0]!)])
    : build(element, tetragonal(a, a), [...FACE_CENTERED, ...FACE_CENTERED.map(quarter)]);
}

/** Hexagonal close-packed, 2 atoms; a [A], c [A] (ideal sqrt(8/3) a by default). */
export function hcp(element: string | number, a: number, c: number = a * Math.sqrt(8 / 3)): Structure {
  return build(element, hexagonal(positive("a", a), positive("c", c)), [
    [1 / 3, 2 / 3, 0.25],
    [2 / 3, 1 / 3, 0.75],
  ]);
}

/** Omega (AlB2 lattice of one element, as in titanium and zirconium), 3 atoms; a, c [A]. */
export const omega = (element: string | number, a: number, c: number): Structure =>
  build(element, hexagonal(positive("a", a), positive("c", c)), [
    [0, 0, 0],
    [1 / 3, 2 / 3, 0.5],
    [2 / 3, 1 / 3, 0.5],
  ]);

/** Simple hexagonal, 1 atom; a, c [A]. */
export const simpleHexagonal = (element: string | number, a: number, c: number): Structure =>
  build(element, hexagonal(positive("a", a), positive("c", c)), CORNER);

/** Beta-tin (I4_1/amd, body-centered tetragonal), 4 atoms (2 primitive); a, c [A]. */
export function betaTin(
  element: string | number,
  a: number,
  c: number,
  { primitive = false }: CellChoice = {},
): Structure {
  positive("a", a);
  positive("c", c);
  if (!primitive)
    return build(element, tetragonal(a, c), [
      [0, 0, 0],
      [0, 0.5, 0.25],
      [0.5, 0.5, 0.5],
      [0.5, 0, 0.75],
    ]);
  // (3/4, 1/4, 1/2) of the primitive vectors is (0, a/2, c/4).
  return build(element, bodyCenteredPrimitive(a, c), [
    [0, 0, 0],
    [0.75, 0.25, 0.5],
  ]);
}
