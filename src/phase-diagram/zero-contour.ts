import type { PhaseWindow } from "./phase-data.js";
import type { StatePlace } from "./phase-domain.js";

/** A curve on which a function is zero: from border to border of the window, or closed. */
export interface ZeroCurve {
  readonly places: readonly StatePlace[];
  /** The last place is a neighbor of the first. */
  readonly closed: boolean;
}

/** Cells along each axis of the window: a component smaller than one cell is not seen. */
const CELLS = 64;

/**
 * All curves of zero in a window, whichever way they run: signs on a grid say which edges of its cells they cross, the place
 * on an edge is solved for (Illinois), and cells say which crossings belong together. Where a cell has four, the sign
 * in its middle decides. `values` are those on the grid where they are known.
 */
export function zeroContour(
  of: (temperature: number, pressure: number) => number,
  window: PhaseWindow,
  values = valuesOnGrid(of, window),
): ZeroCurve[] {
  const [ts, ps] = gridOf(window);
  const side = CELLS + 1;
  const positive = (n: number): boolean => values[n]! >= 0;
  const neighbors = new Map<number, number[]>();
  const join = (a: number, b: number): void => {
    neighbors.set(a, [...(neighbors.get(a) ?? []), b]);
    neighbors.set(b, [...(neighbors.get(b) ?? []), a]);
  };
  for (let j = 0; j < CELLS; j++)
    for (let i = 0; i < CELLS; i++) {
      const n = j * side + i;
      // Edge 2 n runs from node n to n + 1, edge 2 n + 1 from n to n + side. In order around the cell.
      const corners = [n, n + 1, n + 1 + side, n + side];
      const edges = [2 * n, 2 * (n + 1) + 1, 2 * (n + side), 2 * n + 1];
      const crossed = edges.filter((_, k) => positive(corners[k]!) !== positive(corners[(k + 1) % 4]!));
      if (crossed.length === 2) join(crossed[0]!, crossed[1]!);
      if (crossed.length < 4) continue;
      const middle = of((ts[i]! + ts[i + 1]!) / 2, (ps[j]! + ps[j + 1]!) / 2) >= 0;
      // Where the middle is as corners 0 and 2, corners 1 and 3 are cut off.
      const turn = middle === positive(n) ? 0 : 1;
      join(edges[turn]!, edges[turn + 1]!);
      join(edges[turn + 2]!, edges[(turn + 3) % 4]!);
    }
  const place = (edge: number): StatePlace => {
    const n = edge >> 1;
    const [i, j] = [n % side, Math.floor(n / side)];
    return edge % 2 === 0
      ? [root((t) => of(t, ps[j]!), ts[i]!, ts[i + 1]!, values[n]!, values[n + 1]!), ps[j]!]
      : [ts[i]!, root((p) => of(ts[i]!, p), ps[j]!, ps[j + 1]!, values[n]!, values[n + side]!)];
  };
  return chains(neighbors).map(({ edges, closed }) => ({ places: edges.map(place), closed }));
}

/** Values at all corners of the cells, temperature running first. */
export function valuesOnGrid(of: (temperature: number, pressure: number) => number, window: PhaseWindow): Float64Array {
  const [ts, ps] = gridOf(window);
  const side = CELLS + 1;
  return Float64Array.from({ length: side * side }, (_, n) => of(ts[n % side]!, ps[Math.floor(n / side)]!));
}

function gridOf({ temperature, pressure }: PhaseWindow): [number[], number[]] {
  const axis = ([from, to]: readonly [number, number]): number[] =>
    Array.from({ length: CELLS + 1 }, (_, i) => (i === CELLS ? to : from + ((to - from) * i) / CELLS));
  return [axis(temperature), axis(pressure)];
}

/** Edges in the order of the curves they are on: open ones from an end, then closed ones. */
function chains(neighbors: ReadonlyMap<number, readonly number[]>): { edges: number[]; closed: boolean }[] {
  const left = new Set([...neighbors.keys()].toSorted((a, b) => a - b));
  const walk = (start: number): number[] => {
    const edges: number[] = [];
    for (let next: number | undefined = start; next !== undefined; ) {
      left.delete(next);
      edges.push(next);
      next = neighbors.get(next)!.find((edge) => left.has(edge));
    }
    return edges;
  };
  const ends = [...left].filter((edge) => neighbors.get(edge)!.length === 1);
  const open = ends.flatMap((edge) => (left.has(edge) ? [{ edges: walk(edge), closed: false }] : []));
  const closed: { edges: number[]; closed: boolean }[] = [];
  for (const edge of [...left]) if (left.has(edge)) closed.push({ edges: walk(edge), closed: true });
  return [...open, ...closed];
}

/** Where f changes its sign between a and b (Illinois' regula falsi), to rounding. */
export function root(f: (x: number) => number, a: number, b: number, fa = f(a), fb = f(b)): number {
  let [low, high, atLow, atHigh] = [a, b, fa, fb];
  for (let step = 0; step < 100; step++) {
    const x = high - (atHigh * (high - low)) / (atHigh - atLow);
    const y = f(x);
    if (y === 0 || Math.abs(high - low) <= 1e-14 * Math.abs(b - a)) return x;
    if (y > 0 === atHigh > 0) atLow /= 2;
    else [low, atLow] = [high, atHigh];
    if (x === high) return x;
    [high, atHigh] = [x, y];
  }
  return high;
}
