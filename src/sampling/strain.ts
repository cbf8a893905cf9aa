import { randomStream } from "../random.js";
import { cellVolume, deform, strainGradient } from "../structure/cell.js";
import type { Structure } from "../structure/structure.js";

/** The structure under a homogeneous Voigt strain [6]: xx yy zz yz xz xy, engineering shears, no rotation. */
export const strainStructure = (structure: Structure, strain: ArrayLike<number>): Structure =>
  deform(structure, strainGradient(strain));

/**
 * Every one of the six strains alone, at each of `amplitudes` (both signs are the caller's to give): what elastic
 * constants are fitted to. Order: xx at all amplitudes, then yy, ...
 */
export const strainGrid = (structure: Structure, amplitudes: readonly number[]): Structure[] =>
  Array.from({ length: 6 }, (_, component) =>
    amplitudes.map((amplitude) =>
      strainStructure(
        structure,
        Array.from({ length: 6 }, (_, i) => (i === component ? amplitude : 0)),
      ),
    ),
  ).flat();

/** A strain with all six components uniform in [-amplitude, amplitude] (shear: engineering), from seed and index. */
export function randomStrain(structure: Structure, amplitude: number, seed: number, index = 0): Structure {
  const random = randomStream(seed, "strain", index);
  return strainStructure(
    structure,
    Array.from({ length: 6 }, () => amplitude * (2 * random.uniform() - 1)),
  );
}

/** The structure scaled to a volume [A^3 per atom], shape kept. */
export function scaleToVolume(structure: Structure, volumePerAtom: number): Structure {
  const factor = ((volumePerAtom * structure.numbers.length) / cellVolume(structure.cell)) ** (1 / 3);
  return deform(structure, [factor, 0, 0, 0, factor, 0, 0, 0, factor]);
}
