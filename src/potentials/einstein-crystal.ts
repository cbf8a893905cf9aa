import * as v from "valibot";
import { Kernel } from "../engine/kernel-numbers.js";
import { InputError } from "../errors.js";
import { einsteinCrystalTwin } from "./einstein-crystal.wgsl.js";
import type { Law } from "./law.js";
import { real } from "./parameters.js";
import type { ReferenceResult, ReferenceSystem, Term } from "./term.js";

const schema = v.strictObject({
  kind: v.literal("einstein-crystal"),
  /** [3N] A, in the order of the atoms; displacements are measured without wrapping. */
  sites: v.array(real),
  /** [N] eV/A^2, or one number for all. */
  stiffness: v.union([v.pipe(real, v.minValue(0)), v.array(v.pipe(real, v.minValue(0)))]),
});

export type EinsteinCrystalSpec = v.InferInput<typeof schema>;

function toTerm({ kind, sites, stiffness }: v.InferOutput<typeof schema>): Term {
  const count = sites.length / 3;
  if (!Number.isInteger(count) || (typeof stiffness !== "number" && stiffness.length !== count))
    throw new InputError({
      what: "einstein-crystal",
      value: `${sites.length} numbers in sites, ${typeof stiffness === "number" ? 1 : stiffness.length} in stiffness`,
      expected: "three and one per atom",
    });
  const stiffnessOf = (i: number): number => (typeof stiffness === "number" ? stiffness : stiffness[i]!);
  const evaluate = (system: ReferenceSystem, result: ReferenceResult): void => {
    for (let i = 0; i < count; i++)
      for (let a = 0; a < 3; a++) {
        const displacement = system.positions[3 * i + a]! - sites[3 * i + a]!;
        const force = -stiffnessOf(i) * displacement;
        result.energies[i]! -= (force * displacement) / 2;
        result.forces[3 * i + a]! += force;
        for (let b = 0; b < 3; b++) result.atomVirials[9 * i + 3 * b + a]! += system.positions[3 * i + b]! * force;
      }
  };
  return {
    kind,
    cutoff: 0,
    continuity: "C2",
    elements: "any",
    atoms: count,
    evaluate,
    wasm: {
      kernel: Kernel.einsteinCrystal,
      list: "none",
      scratchPerAtom: 0,
      pack: (_species, memory) =>
        memory.f64(Array.from({ length: count }, (_, i) => [...sites.slice(3 * i, 3 * i + 3), stiffnessOf(i)]).flat()),
    },
    webgpu: () =>
      einsteinCrystalTwin(
        Float64Array.from(sites),
        Float32Array.from({ length: count }, (_, i) => stiffnessOf(i)),
      ),
  };
}

/**
 * Independent harmonic oscillators, E = sum_i k_i |x_i - s_i|^2 / 2, the reference of free-energy switching: D. Frenkel,
 * A. J. C. Ladd, J. Chem. Phys. 81, 3188 (1984). It feels translations and rotations, and its virial sum r f, taken at
 * sites that stay where they are when the cell is strained, depends on the origin.
 */
export const einsteinCrystal: Law<v.InferOutput<typeof schema>> = { kind: "einstein-crystal", schema, toTerm };
