import { massesOf } from "../dynamics/velocities.js";
import { InputError } from "../errors.js";
import { yieldToEvents } from "../event-loop.js";
import type { EngineName, Potential, Session } from "../potentials/potential.js";
import type { LongWork } from "../progress.js";
import { cellHeights } from "../structure/cell.js";
import type { Structure } from "../structure/structure.js";
import { supercell } from "../structure/supercell.js";
import { symmetryOperations } from "../structure/symmetry-operations.js";
import { type ForceConstantBlock, folded, symmetrized } from "./force-constant-blocks.js";
import {
  completeBlocks,
  type DisplacedForces,
  independentDisplacements,
  keepingSupercell,
} from "./force-constant-symmetry.js";

export interface ForceConstantSettings {
  /**
   * A, how far force constants reach: the supercell is at least twice as high in every direction. Twice the cutoff by
   * default, which is exact for energies of atoms that see their neighbors within the cutoff.
   */
  readonly range?: number;
  /** Repeats of the cell instead of `range`. */
  readonly repeats?: readonly [number, number, number];
  /** A, the larger of the two displacements. 0.01 by default. */
  readonly displacement?: number;
  /** False displaces every atom in every direction. True by default. */
  readonly symmetry?: boolean;
  readonly engine?: EngineName;
}

/** Second derivatives of the energy of a crystal at its sites. */
export interface ForceConstants {
  /** The cell as given. */
  readonly structure: Structure;
  readonly repeats: readonly [number, number, number];
  /** [n] amu. */
  readonly masses: Float64Array;
  /**
   * Each 3 x 3 block couples atom `from` of the first cell to an image of atom `to`; where several images of a supercell
   * are equally near, each has its share.
   */
  readonly blocks: readonly ForceConstantBlock[];
  /** Displaced supercells that were evaluated. */
  readonly evaluations: number;
  /** eV/A^2, what the acoustic sum rule and the exchange of the two atoms had to correct: the numerical error. */
  readonly drift: number;
  readonly asymmetry: number;
}

/** eV/A, more than rounding and a loose minimization leave. */
const LARGEST_FORCE = 1e-2;

/**
 * Force constants by finite displacements in a supercell (Parlinski, Li and Kawazoe, Phys. Rev. Lett. 78 (1997) 4063):
 * symmetrically inequivalent displacements up and down, of two sizes, extrapolated to zero (Richardson), so that the error
 * is of fourth order; symmetry completes them. The acoustic sum rule and the exchange of atoms are then made exact.
 */
export async function forceConstants(
  potential: Potential,
  structure: Structure,
  settings: ForceConstantSettings & LongWork = {},
): Promise<ForceConstants> {
  const { displacement = 0.01, symmetry = true, engine = "wasm", signal, onProgress } = settings;
  if (!structure.pbc.every(Boolean))
    throw new InputError({ what: "phonons", value: structure.pbc, expected: "a crystal periodic in three directions" });
  if (!(displacement > 0 && displacement < 1))
    throw new InputError({ what: "displacement", value: displacement, expected: "a small length above 0 A" });
  const repeats = settings.repeats ?? repeatsFor(structure, settings.range ?? 2 * potential.cutoff);
  const large = supercell(structure, repeats);
  const operations = keepingSupercell(await symmetryOperations(structure), repeats);
  const used = symmetry ? operations : operations.slice(0, 1);
  const displacements = independentDisplacements(structure, used);
  let turn = performance.now();
  const pause = async (): Promise<void> => {
    if (performance.now() - turn < 20) return;
    await yieldToEvents();
    signal?.throwIfAborted();
    turn = performance.now();
  };
  const session = await potential.open(large, {}, engine);
  try {
    await requireRest(session);
    const measured: DisplacedForces[] = [];
    for (const [k, { atom, direction }] of displacements.entries()) {
      const at = async (size: number): Promise<Float64Array> => {
        signal?.throwIfAborted();
        await yieldToEvents();
        const positions = large.positions.slice();
        for (let d = 0; d < 3; d++) positions[3 * atom + d]! += size * direction[d]!;
        return (await session.evaluate({ positions })).forces;
      };
      // Forces per length of displacement; even orders cancel against the opposite one.
      const wide = await at(displacement);
      const narrow = await at(displacement / 2);
      const forces = wide.map((f, i) => (8 * narrow[i]! - f) / 3 / displacement);
      measured.push({ atom, direction, forces });
      onProgress?.({ task: "force constants", done: k + 1, total: displacements.length });
    }
    const full = await completeBlocks(structure, repeats, used, measured, pause);
    const { values, drift, asymmetry } = symmetrized(full, structure.numbers.length, repeats);
    return {
      structure,
      repeats,
      masses: massesOf(structure),
      blocks: await folded(structure, large, values, pause),
      evaluations: 2 * displacements.length,
      drift,
      asymmetry,
    };
  } finally {
    session.dispose();
  }
}

/** Repeats that make a supercell at least twice `range` A high. */
function repeatsFor(structure: Structure, range: number): [number, number, number] {
  if (!(range > 0 && range < Infinity))
    throw new InputError({ what: "range of force constants", value: range, expected: "a length above 0 A" });
  // Rounding must not give a and b of one hexagon different repeats.
  const [a, b, c] = cellHeights(structure.cell).map((height) => Math.ceil((2 * range) / height - 1e-6));
  return [a!, b!, c!];
}

async function requireRest(session: Session): Promise<void> {
  const { forces } = await session.evaluate();
  const largest = forces.reduce((most, f) => Math.max(most, Math.abs(f)), 0);
  if (!(largest < LARGEST_FORCE))
    throw new InputError({
      what: "phonons",
      value: `a force of ${largest.toPrecision(2)} eV/A on an atom`,
      expected: "a crystal at rest",
      attempt: "minimize first",
    });
}
