import type { EngineName, Potential } from "../potentials/potential.js";
import { cellVolume } from "../structure/cell.js";
import type { Labeler } from "./label.js";

/**
 * A teacher: labels by a potential instead of a first-principles code. Cheap and exact, so that sampling, fitting and
 * active learning can be tried, and tested, where the truth is known.
 */
export function analyticLabeler(potential: Potential, engine: EngineName = "reference"): Labeler {
  const name = `analytic ${potential.spec.terms.map((term) => term.kind).join("+")}`;
  return {
    name,
    fingerprint: ({ cell, pbc, numbers, positions }) =>
      JSON.stringify({
        code: name,
        engine,
        potential: potential.spec,
        pbc,
        cell: [...cell],
        numbers: [...numbers],
        positions: [...positions],
      }),
    async label(structure, signal) {
      signal?.throwIfAborted();
      const started = Date.now();
      const session = await potential.open(structure, {}, engine);
      try {
        const { energy, forces, virial } = await session.evaluate();
        signal?.throwIfAborted();
        const volume = cellVolume(structure.cell);
        // Voigt order xx yy zz yz xz xy out of the row-major virial W = -V stress.
        const stress = Float64Array.from([0, 4, 8, 5, 2, 1], (k) => -virial[k]! / volume);
        const seconds = (Date.now() - started) / 1000;
        return {
          status: "labeled",
          label: { energy, forces: forces.slice(), stress },
          code: name,
          attempts: 1,
          seconds,
        };
      } finally {
        session.dispose();
      }
    },
  };
}
