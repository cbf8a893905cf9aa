import * as v from "valibot";
import { finite, positive, potential, seed, wholeFrom } from "../recipe-entries.js";

const count = wholeFrom(1);
const ramp = v.union([finite, v.tuple([finite, finite])], "a number, or [first, last] of a ramp");

/** What `phasecell md` runs. Files it names are relative to the recipe. */
export const mdRecipeSchema = v.strictObject({
  potential,
  /** A file with one structure, or a lattice with its constants [A]. */
  structure: v.union([
    v.string(),
    v.strictObject({
      lattice: v.picklist(["diamond", "fcc", "bcc", "simple-cubic", "beta-tin", "hcp", "simple-hexagonal"]),
      element: v.string(),
      a: positive,
      c: v.exactOptional(positive),
    }),
  ]),
  /** Repeats along the cell's vectors. */
  repeats: v.exactOptional(v.tuple([count, count, count]), [1, 1, 1]),
  ensemble: v.strictObject({
    kind: v.picklist(["nve", "nvt", "npt"]),
    /** K. */
    temperature: v.exactOptional(ramp),
    thermostat: v.exactOptional(v.picklist(["langevin", "velocity-rescaling"])),
    /** fs. */
    thermostatTime: v.exactOptional(positive),
    /** GPa. */
    pressure: v.exactOptional(ramp),
    cell: v.exactOptional(v.picklist(["isotropic", "tetragonal", "orthorhombic", "any", "uniaxial"])),
    /** fs. */
    barostatTime: v.exactOptional(positive),
  }),
  /** Where it runs: wasm by default; wasm-relaxed, wasm-mixed (SNAP) or webgpu. */
  engine: v.exactOptional(v.picklist(["wasm", "wasm-relaxed", "wasm-mixed", "webgpu"])),
  /** K, of the first velocities; the ensemble's temperature by default. */
  initialTemperature: v.exactOptional(v.pipe(finite, v.minValue(0, "a number from 0"))),
  /** fs. */
  timestep: v.exactOptional(positive, 1),
  steps: count,
  /** Steps between two rows of thermodynamics. */
  sampleEvery: v.exactOptional(count, 10),
  /** Steps between two frames of the trajectory; none without it. */
  frameEvery: v.exactOptional(count),
  /** Steps between two checkpoints; a tenth of the run without it. */
  checkpointEvery: v.exactOptional(count),
  seed: v.exactOptional(seed, 0),
  /** Ranges of atoms that threads may run at once: the bits of the run depend on their number. */
  partitions: v.exactOptional(count),
  /** Threads; results do not depend on them. */
  threads: v.exactOptional(v.union([v.literal("auto"), count], '"auto" or a whole number from 1')),
});

export type MdRecipe = v.InferOutput<typeof mdRecipeSchema>;
