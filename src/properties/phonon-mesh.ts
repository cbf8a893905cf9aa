import { InputError } from "../errors.js";
import { yieldToEvents } from "../event-loop.js";
import type { LongWork } from "../progress.js";
import type { Structure } from "../structure/structure.js";
import { type SymmetryOperation, symmetryOperations } from "../structure/symmetry-operations.js";
import type { ForceConstants } from "./force-constants.js";
import { phononModes } from "./phonons.js";

export interface MeshSettings {
  /** Points along each reciprocal vector; 60 A over the length of the cell's vector by default. */
  readonly divisions?: readonly [number, number, number];
  /** Puts Gamma between points (true, the default: sums over acoustic modes converge sooner) or on one. */
  readonly shifted?: boolean;
}

/** Frequencies over the Brillouin zone. */
export interface PhononMesh {
  readonly divisions: readonly [number, number, number];
  readonly shifted: boolean;
  /** Atoms of the cell. */
  readonly atoms: number;
  /** [3K] in reciprocal vectors of the cell: one of each set of equivalent points. */
  readonly points: Float64Array;
  /** [K], sum 1. */
  readonly weights: Float64Array;
  /** [3n K] THz, point by point; imaginary ones negative. */
  readonly frequencies: Float64Array;
}

/** Frequencies on a regular mesh (Monkhorst and Pack, Phys. Rev. B 13 (1976) 5188), reduced by symmetry and time reversal. */
export async function phononMesh(
  constants: ForceConstants,
  {
    divisions = defaultDivisions(constants.structure),
    shifted = true,
    signal,
    onProgress,
  }: MeshSettings & LongWork = {},
): Promise<PhononMesh> {
  if (!divisions.every((n) => Number.isInteger(n) && n >= 1 && n <= 1000))
    throw new InputError({ what: "divisions", value: divisions, expected: "three whole numbers from 1 on" });
  const operations = await symmetryOperations(constants.structure);
  const { points, weights } = reducedMesh(divisions, shifted ? 0.5 : 0, operations);
  const branches = 3 * constants.masses.length;
  const frequencies = new Float64Array(branches * weights.length);
  let turn = performance.now();
  for (let k = 0; k < weights.length; k++) {
    frequencies.set(phononModes(constants, points.subarray(3 * k, 3 * k + 3)).frequencies, branches * k);
    if (performance.now() - turn < 20) continue;
    onProgress?.({ task: "phonons", done: k + 1, total: weights.length });
    await yieldToEvents();
    signal?.throwIfAborted();
    turn = performance.now();
  }
  return { divisions, shifted, atoms: constants.masses.length, points, weights, frequencies };
}

function defaultDivisions({ cell }: Structure): [number, number, number] {
  const along = (row: number): number => Math.ceil(60 / Math.hypot(...cell.subarray(3 * row, 3 * row + 3)) - 1e-6);
  return [along(0), along(1), along(2)];
}

/** Points that no operation maps on an earlier one, and how many each stands for. */
function reducedMesh(
  divisions: readonly [number, number, number],
  shift: number,
  operations: readonly SymmetryOperation[],
): { points: Float64Array; weights: Float64Array } {
  const [nx, ny, nz] = divisions;
  const total = nx * ny * nz;
  const seen = new Uint8Array(total);
  const rotations = distinct(operations);
  const points: number[] = [];
  const weights: number[] = [];
  for (let index = 0; index < total; index++) {
    if (seen[index]) continue;
    const place = [Math.floor(index / (ny * nz)), Math.floor(index / nz) % ny, index % nz];
    const q = place.map((m, d) => (m + shift) / divisions[d]!);
    let members = 0;
    for (const rotation of rotations)
      for (const sign of [1, -1]) {
        let at = 0;
        for (let d = 0; d < 3 && at >= 0; d++) {
          const turned = sign * (q[0]! * rotation[d]! + q[1]! * rotation[3 + d]! + q[2]! * rotation[6 + d]!);
          const m = turned * divisions[d]! - shift;
          const whole = Math.round(m);
          // A shifted mesh need not be as symmetric as the crystal.
          at =
            Math.abs(m - whole) > 1e-6
              ? -1
              : at * divisions[d]! + (((whole % divisions[d]!) + divisions[d]!) % divisions[d]!);
        }
        if (at < 0 || seen[at]) continue;
        seen[at] = 1;
        members++;
      }
    points.push(...q);
    weights.push(members / total);
  }
  return { points: Float64Array.from(points), weights: Float64Array.from(weights) };
}

const distinct = (operations: readonly SymmetryOperation[]): (readonly number[])[] => [
  ...new Map(operations.map(({ rotation }) => [rotation.join(), rotation])).values(),
];

/** Number of modes per THz and atom, over the frequencies [THz]: 3 in all. */
export interface DensityOfStates {
  readonly frequencies: Float64Array;
  readonly values: Float64Array;
}

/** Density of states of a mesh, each mode spread by a Gaussian of standard deviation `width` THz. */
export function densityOfStates(
  { frequencies, weights, atoms }: PhononMesh,
  settings: { readonly width?: number; readonly points?: number } = {},
): DensityOfStates {
  const [low, high] = frequencies.reduce(([a, b], f) => [Math.min(a, f), Math.max(b, f)], [0, 0] as [number, number]);
  const { width = 0.013 * (high - low), points = 401 } = settings;
  if (!(width > 0) || !(points >= 2))
    throw new InputError({
      what: "density of states",
      value: { width, points },
      expected: "a width above 0, 2 points",
    });
  const [start, end] = [low < -1e-3 ? low - 4 * width : 0, high + 4 * width];
  const step = (end - start) / (points - 1);
  const axis = Float64Array.from({ length: points }, (_, k) => start + k * step);
  const values = new Float64Array(points);
  const branches = 3 * atoms;
  const norm = 1 / (width * Math.sqrt(2 * Math.PI) * atoms);
  frequencies.forEach((f, mode) => {
    const weight = weights[Math.floor(mode / branches)]! * norm;
    const first = Math.max(0, Math.ceil((f - 6 * width - start) / step));
    const last = Math.min(points - 1, Math.floor((f + 6 * width - start) / step));
    for (let k = first; k <= last; k++) values[k]! += weight * Math.exp(-0.5 * ((axis[k]! - f) / width) ** 2);
  });
  return { frequencies: axis, values };
}
