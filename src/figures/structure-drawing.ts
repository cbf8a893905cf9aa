import { allPairs } from "../neighbors/all-pairs.js";
import { invertCell, timesMatrix } from "../structure/cell.js";
import { symbolOf } from "../structure/elements.js";
import type { Structure } from "../structure/structure.js";
import type { Figure } from "./figure.js";
import { colorBy, styledFigure } from "./theme.js";

export interface DrawnStructure {
  readonly title: string;
  readonly structure: Structure;
  /** A, atoms closer than this are joined; none by default. */
  readonly bond?: number;
}

/** Degrees: turned about z, then tilted towards the reader. */
const TURN = 24;
const TILT = 14;
const SIZE = 210;

/** Structures side by side, seen from one direction far away: atoms, bonds, cell; atoms on faces are drawn on both. */
export function structureFigure(options: {
  readonly name: string;
  readonly caption: string;
  readonly structures: readonly DrawnStructure[];
}): Figure {
  const drawings = options.structures.map(draw);
  const span = Math.max(...drawings.map(({ extent }) => extent));
  const symbols = [...new Set(drawings.flatMap(({ atoms }) => atoms.map(({ symbol }) => symbol)))].sort();
  return styledFigure(options, {
    spacing: 28,
    hconcat: drawings.map((drawing) => panel(drawing, span, symbols)),
  });
}

interface Drawing {
  readonly title: string;
  readonly extent: number;
  readonly atoms: readonly { x: number; y: number; depth: number; symbol: string }[];
  readonly bonds: readonly Segment[];
  readonly edges: readonly Segment[];
}
interface Segment {
  readonly x: number;
  readonly y: number;
  readonly x2: number;
  readonly y2: number;
  readonly depth: number;
}

function draw({ title, structure, bond = 0 }: DrawnStructure): Drawing {
  const shown = withFaces(structure);
  const corner = timesMatrix([0.5, 0.5, 0.5], structure.cell);
  const seen = (r: ArrayLike<number>, k: number) =>
    project([0, 1, 2].map((d) => r[3 * k + d]! - corner[d]!) as [number, number, number]);
  const atoms = Array.from(shown.numbers, (z, k) => ({ ...seen(shown.positions, k), symbol: symbolOf(z) }));
  const bonds: Segment[] = [];
  if (bond > 0) {
    const list = allPairs({ ...shown, pbc: [false, false, false] }, bond);
    for (let i = 0; i < atoms.length; i++)
      for (let k = list.offsets[i]!; k < list.offsets[i + 1]!; k++) {
        const j = list.neighbors[k]!;
        if (i < j) bonds.push(segment(atoms[i]!, atoms[j]!));
      }
  }
  const edges = cellEdges().map(([from, to]) => {
    const ends = timesMatrix([...from, ...to], structure.cell);
    return segment(seen(ends, 0), seen(ends, 1));
  });
  const all = [
    ...atoms,
    ...edges.flatMap(({ x, y, x2, y2 }) => [
      { x, y },
      { x: x2, y: y2 },
    ]),
  ];
  const extent = Math.max(...all.map(({ x, y }) => Math.max(Math.abs(x), Math.abs(y))));
  return { title, extent, bonds, edges, atoms: [...atoms].sort((a, b) => a.depth - b.depth) };
}

/** Atoms of the cell, and those on its faces once more on the faces opposite. */
function withFaces({ cell, pbc, numbers, positions }: Structure): Structure {
  const fractions = timesMatrix(positions, invertCell(cell)).map((s) => s - Math.floor(s + 1e-6));
  const shown: { z: number; s: number[] }[] = [];
  for (let i = 0; i < numbers.length; i++) {
    const s = [...fractions.slice(3 * i, 3 * i + 3)];
    const copies = s.map((x, d) => (pbc[d] && Math.abs(x) < 1e-6 ? [0, 1] : [0]));
    for (const a of copies[0]!)
      for (const b of copies[1]!)
        for (const c of copies[2]!) shown.push({ z: numbers[i]!, s: [s[0]! + a, s[1]! + b, s[2]! + c] });
  }
  return {
    cell,
    pbc,
    numbers: Uint8Array.from(shown, ({ z }) => z),
    positions: timesMatrix(
      shown.flatMap(({ s }) => s),
      cell,
    ),
  };
}

const segment = (a: { x: number; y: number; depth: number }, b: { x: number; y: number; depth: number }): Segment => ({
  x: a.x,
  y: a.y,
  x2: b.x,
  y2: b.y,
  depth: (a.depth + b.depth) / 2,
});

/** Orthographic: x to the right, y up on the page, depth towards the reader. */
function project([x, y, z]: readonly [number, number, number]): { x: number; y: number; depth: number } {
  const [turn, tilt] = [(TURN * Math.PI) / 180, (TILT * Math.PI) / 180];
  const right = Math.cos(turn) * x + Math.sin(turn) * y;
  const into = -Math.sin(turn) * x + Math.cos(turn) * y;
  return {
    x: round(right),
    y: round(Math.cos(tilt) * z + Math.sin(tilt) * into),
    depth: round(Math.sin(tilt) * z - Math.cos(tilt) * into),
  };
}

const round = (value: number): number => Math.round(1e4 * value) / 1e4;

const CORNERS = [0, 1, 2, 3, 4, 5, 6, 7].map((n) => [n & 1, (n >> 1) & 1, (n >> 2) & 1] as const);

const cellEdges = () =>
  CORNERS.flatMap((from) =>
    [0, 1, 2]
      .filter((d) => from[d] === 0)
      .map((d) => [from, from.map((x, k) => (k === d ? 1 : x)) as unknown as typeof from] as const),
  );

function panel({ title, atoms, bonds, edges }: Drawing, span: number, symbols: readonly string[]) {
  const scale = { domain: [-1.06 * span, 1.06 * span], nice: false, zero: false };
  const place = (field: string) => ({ field, type: "quantitative", axis: null, scale });
  const line = { x: place("x"), y: place("y"), x2: { field: "x2" }, y2: { field: "y2" } };
  const size = (SIZE / span) ** 2;
  return {
    width: SIZE,
    height: SIZE,
    title: { text: title, anchor: "middle" },
    view: { stroke: null },
    layer: [
      { data: { values: edges }, mark: { type: "rule", color: "#b6bec7", strokeWidth: 1 }, encoding: line },
      { data: { values: bonds }, mark: { type: "rule", color: "#6e7781", strokeWidth: 2 }, encoding: line },
      {
        data: { values: atoms },
        mark: { type: "circle", stroke: "#ffffff", strokeWidth: 0.8, opacity: 1, size: Math.min(420, 0.22 * size) },
        encoding: {
          x: place("x"),
          y: place("y"),
          color: { ...colorBy("symbol", symbols), legend: symbols.length > 1 ? { orient: "bottom" } : null },
        },
      },
    ],
  };
}
