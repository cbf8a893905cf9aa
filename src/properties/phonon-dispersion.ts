import { InputError } from "../errors.js";
import { yieldToEvents } from "../event-loop.js";
import type { LongWork } from "../progress.js";
import { invertCell } from "../structure/cell.js";
import type { ForceConstants } from "./force-constants.js";
import type { PhononPath } from "./phonon-path.js";
import { phononModes } from "./phonons.js";

/** Frequencies along a path. */
export interface PhononDispersion {
  /** [K] 1/A, the way along the path, 2 pi included. */
  readonly distances: Float64Array;
  /** [3K] in reciprocal vectors of the cell. */
  readonly points: Float64Array;
  /** [3n K] THz, point by point, ascending; imaginary ones negative. */
  readonly frequencies: Float64Array;
  /** Number of branches, 3n. */
  readonly branches: number;
  /** Named points; where the path jumps, both names: `U|K`. */
  readonly ticks: readonly { readonly label: string; readonly distance: number }[];
  /** The first sample of each line. */
  readonly starts: readonly number[];
}

/** Phonons along a path, `samples` in all (300 by default), evenly spaced between named points. */
export async function phononDispersion(
  constants: ForceConstants,
  path: PhononPath,
  { samples = 300, signal, onProgress }: { readonly samples?: number } & LongWork = {},
): Promise<PhononDispersion> {
  if (path.length === 0 || path.some((line) => line.length < 2))
    throw new InputError({
      what: "path",
      value: path.map((line) => line.length),
      expected: "lines of two points or more",
    });
  const inverse = invertCell(constants.structure.cell);
  const length = (from: readonly number[], to: readonly number[]): number =>
    2 *
    Math.PI *
    Math.hypot(
      ...[0, 1, 2].map((d) => [0, 1, 2].reduce((sum, k) => sum + inverse[3 * d + k]! * (to[k]! - from[k]!), 0)),
    );
  const legs = path.map((line) => line.slice(1).map(({ q }, k) => length(line[k]!.q, q)));
  const spacing = legs.flat().reduce((sum, leg) => sum + leg, 0) / samples;
  const points: number[] = [];
  const distances: number[] = [];
  const ticks: { label: string; distance: number }[] = [];
  const starts: number[] = [];
  let way = 0;
  path.forEach((line, l) => {
    const [first, last] = [line[0]!, ticks.at(-1)];
    if (last === undefined) ticks.push({ label: first.label, distance: way });
    else last.label += `|${first.label}`;
    starts.push(distances.length);
    points.push(...first.q);
    distances.push(way);
    line.slice(1).forEach(({ label, q }, k) => {
      const [from, leg] = [line[k]!.q, legs[l]![k]!];
      const steps = Math.max(2, Math.round(leg / spacing));
      for (let step = 1; step <= steps; step++) {
        points.push(...q.map((x, d) => from[d]! + (step / steps) * (x - from[d]!)));
        distances.push(way + (step / steps) * leg);
      }
      way += leg;
      ticks.push({ label, distance: way });
    });
  });
  const branches = 3 * constants.masses.length;
  const frequencies = new Float64Array(branches * distances.length);
  let turn = performance.now();
  for (let k = 0; k < distances.length; k++) {
    frequencies.set(phononModes(constants, points.slice(3 * k, 3 * k + 3)).frequencies, branches * k);
    if (performance.now() - turn < 20) continue;
    onProgress?.({ task: "phonons", done: k + 1, total: distances.length });
    await yieldToEvents();
    signal?.throwIfAborted();
    turn = performance.now();
  }
  return {
    distances: Float64Array.from(distances),
    points: Float64Array.from(points),
    frequencies,
    branches,
    ticks,
    starts,
  };
}

/** 1/A: small against the zone, large against rounding. */
const LONG_WAVE = 0.02;

/** Velocities [3] m/s of the three sound waves along a Cartesian direction, ascending: omega/q for q to 0. */
export function soundVelocities(constants: ForceConstants, direction: readonly [number, number, number]): Float64Array {
  const { cell } = constants.structure;
  const norm = Math.hypot(...direction);
  if (!(norm > 0)) throw new InputError({ what: "direction", value: direction, expected: "a vector that is not zero" });
  const at = (size: number): Float64Array => {
    const q = [0, 1, 2].map(
      (row) =>
        [0, 1, 2].reduce((sum, d) => sum + cell[3 * row + d]! * direction[d]!, 0) * (size / (2 * Math.PI * norm)),
    );
    // THz to 1/fs: 2 pi / 1000; A/fs to m/s: 1e5.
    return phononModes(constants, q)
      .frequencies.subarray(0, 3)
      .map((f) => (200 * Math.PI * f) / size);
  };
  const [long, longer] = [at(LONG_WAVE), at(LONG_WAVE / 2)];
  return longer.map((v, k) => (4 * v - long[k]!) / 3);
}
