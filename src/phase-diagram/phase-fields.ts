import { atOnce, type InPieces } from "../event-loop.js";
import type { GibbsSurface } from "./gibbs-surface.js";
import type { PhaseWindow } from "./phase-data.js";
import type { StatePlace } from "./phase-domain.js";
import { stablePhase } from "./stability.js";

/** A connected part of the diagram in which one phase is stable. */
export interface PhaseField {
  readonly phase: string;
  /** K and GPa: a place well inside, where its name can stand. */
  readonly place: StatePlace;
  /** Of the window. */
  readonly share: number;
}

/** Cells along each axis; a field smaller than four cells is not seen. */
const CELLS = 48;
const LEAST_CELLS = 4;

/** A name is about as wide, along pressure, as this multiple of its height, along temperature. */
const NAME_ASPECT = 3;

/** The fields of a diagram, largest first: the phase of lowest G on a grid, and what of it hangs together. */
export const phaseFields = (surfaces: readonly GibbsSurface[], window: PhaseWindow): PhaseField[] =>
  atOnce(fieldsInPieces(surfaces, window));

/** `phaseFields`, a row of the grid or a field at a time. */
export function* fieldsInPieces(surfaces: readonly GibbsSurface[], window: PhaseWindow): InPieces<PhaseField[]> {
  const [t0, t1] = window.temperature;
  const [p0, p1] = window.pressure;
  const placeOf = (cell: number): StatePlace => [
    t0 + ((t1 - t0) * (Math.floor(cell / CELLS) + 0.5)) / CELLS,
    p0 + ((p1 - p0) * ((cell % CELLS) + 0.5)) / CELLS,
  ];
  const stable: (string | undefined)[] = [];
  for (let cell = 0; cell < CELLS * CELLS; cell++) {
    stable.push(stablePhase(surfaces, ...placeOf(cell))?.phase);
    if (cell % CELLS === 0) yield;
  }
  const seen = new Set<number>();
  const fields: PhaseField[] = [];
  for (const [start, phase] of stable.entries()) {
    if (phase === undefined || seen.has(start)) continue;
    const cells = flood(stable, start, seen);
    if (cells.length >= LEAST_CELLS)
      fields.push({ phase, place: placeOf(innermost(cells)), share: cells.length / CELLS ** 2 });
    yield;
  }
  return fields.toSorted((a, b) => b.share - a.share);
}

const sidesOf = (cell: number): (number | undefined)[] => {
  const [x, y] = [cell % CELLS, Math.floor(cell / CELLS)];
  return [
    x > 0 ? cell - 1 : undefined,
    x + 1 < CELLS ? cell + 1 : undefined,
    y > 0 ? cell - CELLS : undefined,
    y + 1 < CELLS ? cell + CELLS : undefined,
  ];
};

function flood(stable: readonly (string | undefined)[], start: number, seen: Set<number>): number[] {
  const cells = [start];
  seen.add(start);
  for (let n = 0; n < cells.length; n++)
    for (const side of sidesOf(cells[n]!)) {
      if (side === undefined || seen.has(side) || stable[side] !== stable[start]) continue;
      seen.add(side);
      cells.push(side);
    }
  return cells;
}

/** The cell farthest from the border of the field, which the frame is part of. */
function innermost(cells: readonly number[]): number {
  const inside = new Set(cells);
  const border = cells.filter((cell) => sidesOf(cell).some((side) => side === undefined || !inside.has(side)));
  let [best, farthest] = [cells[0]!, -1];
  for (const cell of cells) {
    let nearest = Infinity;
    for (const other of border) {
      const across = ((cell % CELLS) - (other % CELLS)) / NAME_ASPECT;
      const up = Math.floor(cell / CELLS) - Math.floor(other / CELLS);
      nearest = Math.min(nearest, across ** 2 + up ** 2);
    }
    if (nearest > farthest) [best, farthest] = [cell, nearest];
  }
  return best;
}
