import { InputError } from "../errors.js";
import { type RandomStream, randomStream } from "../random.js";
import type { LabeledStructure } from "../structure/labeled-structure.js";

/** How much there is of each label in one group or in all. */
export interface DatasetCount {
  readonly structures: number;
  readonly atoms: number;
  /** Structures with an energy, with forces, with a stress. */
  readonly energies: number;
  readonly forces: number;
  readonly stresses: number;
}

/** What a set of labels holds, over all and per group. */
export interface DatasetSummary extends DatasetCount {
  /** Atomic numbers, ascending. */
  readonly elements: readonly number[];
  readonly groups: Readonly<Record<string, DatasetCount>>;
}

function count(structures: readonly LabeledStructure[]): DatasetCount {
  const having = (key: "energy" | "forces" | "stress"): number =>
    structures.filter((labeled) => labeled[key] !== undefined).length;
  return {
    structures: structures.length,
    atoms: structures.reduce((sum, { structure }) => sum + structure.numbers.length, 0),
    energies: having("energy"),
    forces: having("forces"),
    stresses: having("stress"),
  };
}

export function summarizeDataset(structures: readonly LabeledStructure[]): DatasetSummary {
  const elements = new Set(structures.flatMap(({ structure }) => [...new Set(structure.numbers)]));
  return {
    ...count(structures),
    elements: [...elements].sort((a, b) => a - b),
    groups: Object.fromEntries([...byGroup(structures)].map(([group, members]) => [group, count(members)])),
  };
}

/** The structures of each group, in the order of first appearance. */
export function byGroup(structures: readonly LabeledStructure[]): Map<string, LabeledStructure[]> {
  const groups = new Map<string, LabeledStructure[]>();
  for (const labeled of structures) {
    const members = groups.get(labeled.group);
    if (members) members.push(labeled);
    else groups.set(labeled.group, [labeled]);
  }
  return groups;
}

/** Throws where a label cannot be used: nothing to fit, a length that does not match, a number that is not finite. */
export function checkDataset(structures: readonly LabeledStructure[], what = "training data"): void {
  if (structures.length === 0) throw new InputError({ what, value: "no structures", expected: "at least one" });
  for (const [index, { structure, energy, forces, stress, group }] of structures.entries()) {
    const place = `${what}, structure ${index} (${group})`;
    if (forces && forces.length !== structure.positions.length)
      throw new InputError({
        what: `${place}: forces`,
        value: forces.length,
        expected: `${structure.positions.length}`,
      });
    if (stress && stress.length !== 6)
      throw new InputError({ what: `${place}: stress`, value: stress.length, expected: "6 numbers" });
    if ([energy ?? 0, ...(stress ?? [])].some((x) => !Number.isFinite(x)) || forces?.some((x) => !Number.isFinite(x)))
      throw new InputError({ what: `${place}: labels`, value: "not finite", expected: "finite numbers" });
  }
  if (structures.every(({ energy, forces, stress }) => energy === undefined && !forces && !stress))
    throw new InputError({ what, value: "no labels", expected: "energies, forces or stresses" });
}

/** Contiguous runs that a group without sources is cut into, per fold, so that neighbors in time stay together. */
const RUNS_PER_FOLD = 4;

/**
 * Units that must not be divided between training and validation: all structures of one group and one source
 * (`provenance.source` or `info.source`: a trajectory); without sources, runs of neighbors in the order of the file.
 */
function units(structures: readonly LabeledStructure[], folds: number): number[][] {
  const result: number[][] = [];
  const groups = new Map<string, number[]>();
  const sources = new Map<string, number[]>();
  for (const [index, { structure, group, provenance }] of structures.entries()) {
    const source = provenance?.source ?? structure.info?.source;
    const [map, key] = source === undefined ? [groups, group] : [sources, `${group}\0${source}`];
    const members = map.get(key);
    if (members) members.push(index);
    else map.set(key, [index]);
  }
  result.push(...sources.values());
  for (const members of groups.values()) {
    const length = Math.max(1, Math.floor(members.length / (RUNS_PER_FOLD * folds)));
    for (let begin = 0; begin < members.length; begin += length) result.push(members.slice(begin, begin + length));
  }
  return result;
}

const shuffled = <T>(items: readonly T[], random: RandomStream): T[] =>
  Array.from(random.permutation(items.length), (i) => items[i]!);

/**
 * A fold number for each structure: every group is dealt evenly over the folds in whole units (group and source), so
 * that correlated frames never straddle. The same seed gives the same folds.
 */
export function assignFolds(structures: readonly LabeledStructure[], folds: number, seed: number): Int32Array {
  if (!Number.isInteger(folds) || folds < 2)
    throw new InputError({ what: "folds", value: folds, expected: "an integer from 2" });
  const random = randomStream(seed, "crossValidation");
  const fold = new Int32Array(structures.length);
  const dealt = units(structures, folds);
  const groups = new Map<string, number[][]>();
  for (const unit of dealt) {
    const group = structures[unit[0]!]!.group;
    groups.set(group, [...(groups.get(group) ?? []), unit]);
  }
  const sizes = new Float64Array(folds);
  for (const members of groups.values()) {
    const inGroup = new Float64Array(folds);
    // Large units first, each to the fold that has least of this group, then least of all.
    const order = shuffled(members, random).sort((a, b) => b.length - a.length);
    for (const unit of order) {
      let target = 0;
      for (let f = 1; f < folds; f++)
        if (inGroup[f]! < inGroup[target]! || (inGroup[f] === inGroup[target] && sizes[f]! < sizes[target]!))
          target = f;
      for (const index of unit) fold[index] = target;
      inGroup[target]! += unit.length;
      sizes[target]! += unit.length;
    }
  }
  return fold;
}

/** A fold number for each structure on its own, as if no two were related: for comparison with `assignFolds`. */
export function randomFolds(count: number, folds: number, seed: number): Int32Array {
  const fold = new Int32Array(count);
  for (const [place, index] of randomStream(seed, "crossValidation").permutation(count).entries())
    fold[index] = place % folds;
  return fold;
}

/** Divides a dataset by whole units (see `assignFolds`) so that about `testFraction` of it is held out. */
export function splitDataset(
  structures: readonly LabeledStructure[],
  testFraction: number,
  seed: number,
): { readonly train: LabeledStructure[]; readonly test: LabeledStructure[] } {
  if (!(testFraction > 0 && testFraction < 1))
    throw new InputError({ what: "test fraction", value: testFraction, expected: "a number between 0 and 1" });
  const folds = Math.max(2, Math.round(1 / Math.min(testFraction, 1 - testFraction)));
  const fold = assignFolds(structures, folds, seed);
  const inSmall = (_: LabeledStructure, index: number): boolean => fold[index] === 0;
  const [small, large] = [structures.filter(inSmall), structures.filter((x, i) => !inSmall(x, i))];
  return testFraction <= 0.5 ? { train: large, test: small } : { train: small, test: large };
}
