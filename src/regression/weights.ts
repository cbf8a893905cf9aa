import * as v from "valibot";
import { didYouMean, InputError } from "../errors.js";
import { positive } from "../recipe-entries.js";
import type { LabeledStructure } from "../structure/labeled-structure.js";

/** The three kinds of rows: energy per atom [eV], force component [eV/A], stress component [GPa]. */
export const QUANTITIES = ["energy", "forces", "stress"] as const;
export type Quantity = (typeof QUANTITIES)[number];

/** One weight per quantity. A weight MULTIPLIES its rows (the residual, not its square), as in FitSNAP. */
export type QuantityWeights = Readonly<Record<Quantity, number>>;

const weight = v.exactOptional(v.pipe(v.number(), v.finite(), v.minValue(0, "a number from 0")));

/** Weights as a person writes them: for all structures, and for groups that differ. FitSNAP's vweight [1/bar] x 1e4. */
export const weightsSchema = v.strictObject({
  energy: weight,
  forces: weight,
  stress: weight,
  /** eV/atom; see `weightsByEnergy`. */
  energyScale: v.exactOptional(positive),
  groups: v.exactOptional(v.record(v.string(), v.strictObject({ energy: weight, forces: weight, stress: weight }))),
});

export type WeightsSpec = v.InferInput<typeof weightsSchema>;

/**
 * Where nothing else is said: an energy per atom counts as much as 250 force components of the same size in eV/A (a
 * cell has 3N of those), and 1 GPa like 0.1 eV/A.
 */
export const DEFAULT_WEIGHTS: QuantityWeights = { energy: 250, forces: 1, stress: 0.1 };

/** Weights before they are searched: every row counts as it is. */
export const EQUAL_WEIGHTS: QuantityWeights = { energy: 1, forces: 1, stress: 1 };

/**
 * Structures with weights that fall with the energy above the lowest of the same composition,
 * w = 1 / (1 + (E - E_min) / (N energyScale)): what an ensemble rarely visits may be described less well. Structures
 * without an energy keep their weight.
 */
export function weightsByEnergy(
  structures: readonly LabeledStructure[],
  energyScale: number | undefined,
): LabeledStructure[] {
  if (energyScale === undefined) return [...structures];
  const lowest = new Map<string, number>();
  for (const { structure, energy } of structures)
    if (energy !== undefined) {
      const key = compositionOf(structure.numbers);
      lowest.set(key, Math.min(lowest.get(key) ?? Infinity, energy / structure.numbers.length));
    }
  return structures.map((labeled) => {
    const { structure, energy, weight = 1 } = labeled;
    if (energy === undefined) return labeled;
    const above = energy / structure.numbers.length - lowest.get(compositionOf(structure.numbers))!;
    return { ...labeled, weight: weight / (1 + above / energyScale) };
  });
}

/** Shares of the elements, as text: the same for any size of cell. */
function compositionOf(numbers: ArrayLike<number>): string {
  const counts = new Map<number, number>();
  for (const number of Array.from(numbers)) counts.set(number, (counts.get(number) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([number, count]) => `${number}:${(count / numbers.length).toFixed(4)}`)
    .join(" ");
}

/** The weights of each structure: those of its group where given, else the general ones, times `weight` of its own. */
export function structureWeights(
  structures: readonly LabeledStructure[],
  { groups = {}, energyScale: _, ...general }: WeightsSpec,
): QuantityWeights[] {
  const known = new Set(structures.map(({ group }) => group));
  const stray = Object.keys(groups).find((name) => !known.has(name));
  if (stray !== undefined) {
    const meant = didYouMean(stray, known);
    throw new InputError({
      what: "group in weights",
      value: stray,
      expected: `one of ${[...known].join(", ")}`,
      ...(meant === undefined ? {} : { attempt: meant }),
    });
  }
  return structures.map(({ group, weight = 1 }) => {
    const { energy, forces, stress } = { ...DEFAULT_WEIGHTS, ...general, ...groups[group] };
    return { energy: energy * weight, forces: forces * weight, stress: stress * weight };
  });
}

/** All weights of a spec, those of groups too, times one factor per quantity. */
export function scaleWeights({ groups, energyScale, ...general }: WeightsSpec, factor: QuantityWeights): WeightsSpec {
  const scale = (weights: Partial<QuantityWeights>): Partial<QuantityWeights> =>
    Object.fromEntries(
      QUANTITIES.filter((quantity) => weights[quantity] !== undefined).map((quantity) => [
        quantity,
        weights[quantity]! * factor[quantity],
      ]),
    );
  return {
    ...scale({ ...DEFAULT_WEIGHTS, ...general }),
    ...(energyScale === undefined ? {} : { energyScale }),
    ...(groups ? { groups: Object.fromEntries(Object.entries(groups).map(([name, own]) => [name, scale(own)])) } : {}),
  };
}
