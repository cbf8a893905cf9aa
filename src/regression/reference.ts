import { InputError } from "../errors.js";
import { allPairs } from "../neighbors/all-pairs.js";
import { createPotential } from "../potentials/create-potential.js";
import type { LawSpec } from "../potentials/potential.js";
import type { LongWork } from "../progress.js";
import { symbolOf } from "../structure/elements.js";
import type { LabeledStructure } from "../structure/labeled-structure.js";
import { predictStructures } from "./evaluation.js";

/** Distances between atoms and their nearest neighbors in a dataset. */
export interface NearestDistances {
  /** A, the smallest of all. */
  readonly smallest: number;
  /** A, the median over atoms. */
  readonly typical: number;
}

/** A; where an atom has no neighbor within this, it is taken to stand alone. */
const FARTHEST = 8;
const FIRST_REACH = 3.2;

export function nearestDistances(structures: readonly LabeledStructure[]): NearestDistances {
  const nearest = structures.flatMap((labeled) => nearestOf(labeled)).sort((a, b) => a - b);
  if (nearest.length === 0)
    throw new InputError({
      what: "training data",
      value: `no two atoms within ${FARTHEST} A`,
      expected: "atoms that interact",
    });
  return { smallest: nearest[0]!, typical: nearest[Math.floor(nearest.length / 2)]! };
}

function nearestOf({ structure }: LabeledStructure): number[] {
  const count = structure.numbers.length;
  for (let reach = FIRST_REACH; ; reach *= 1.5) {
    const { offsets, neighbors, shifts } = allPairs(structure, Math.min(reach, FARTHEST));
    const nearest: number[] = [];
    for (let i = 0; i < count; i++) {
      let least = Number.POSITIVE_INFINITY;
      for (let k = offsets[i]!; k < offsets[i + 1]!; k++) {
        let square = 0;
        for (let axis = 0; axis < 3; axis++) {
          let d = structure.positions[3 * neighbors[k]! + axis]! - structure.positions[3 * i + axis]!;
          for (let row = 0; row < 3; row++) d += shifts[3 * k + row]! * structure.cell[3 * row + axis]!;
          square += d * d;
        }
        least = Math.min(least, square);
      }
      if (Number.isFinite(least)) nearest.push(Math.sqrt(least));
    }
    if (nearest.length === count || reach >= FARTHEST) return nearest;
  }
}

/**
 * The repulsive core of nuclei where the data ends: it vanishes at the smallest distance of the data, so that it does
 * not disturb the fit, and keeps atoms apart where the fit would extrapolate.
 */
export function automaticCore({ smallest }: NearestDistances): LawSpec {
  const outer = Number(smallest.toFixed(2));
  return { kind: "ziegler-biersack-littmark", inner: Number((0.7 * outer).toFixed(3)), outer };
}

/** The labels less what reference laws say; what the fit has to add to them. */
export async function subtractReference(
  structures: readonly LabeledStructure[],
  laws: readonly LawSpec[],
  work: LongWork = {},
): Promise<LabeledStructure[]> {
  if (laws.length === 0) return [...structures];
  const predictions = await predictStructures(createPotential(laws), structures, {
    ...work,
    task: "reference potential",
  });
  return structures.map((labeled, index) => {
    const { energy, forces, stress } = predictions[index]!;
    const { stress: _, ...rest } = labeled;
    return {
      ...rest,
      ...(labeled.energy === undefined ? {} : { energy: labeled.energy - energy }),
      ...(labeled.forces ? { forces: labeled.forces.map((f, i) => f - forces[i]!) } : {}),
      ...(labeled.stress && stress ? { stress: labeled.stress.map((s, i) => s - stress[i]!) } : {}),
    };
  });
}

/** Energies less those of the isolated atoms (by symbol, eV); every element of the data must be listed. */
export function subtractIsolatedAtoms(
  structures: readonly LabeledStructure[],
  energies: Readonly<Record<string, number>>,
): LabeledStructure[] {
  return structures.map((labeled) => {
    if (labeled.energy === undefined) return labeled;
    let { energy } = labeled;
    for (const number of labeled.structure.numbers) {
      const alone = energies[symbolOf(number)];
      if (alone === undefined)
        throw new InputError({
          what: "isolatedAtoms",
          value: Object.keys(energies),
          expected: `an energy of ${symbolOf(number)} too, which the data holds`,
        });
      energy -= alone;
    }
    return { ...labeled, energy };
  });
}
