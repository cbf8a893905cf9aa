import { decode } from "../engine/wasm-module.js";
import { InputError } from "../errors.js";
import { cholesky } from "../math/linear-algebra.js";
import type { Structure } from "../structure/structure.js";
import { COMMON_CLASSIFIER } from "./phase-order-common.js";
import { FEATURE_COUNT, phaseFeatures } from "./phase-order-features.js";
import { DISORDERED, disorderedPackings, type PhaseReference, vibratingCrystal } from "./phase-order-references.js";

/** What tells phases apart, learned from references: plain data. */
export interface PhaseClassifier {
  /** Names of the phases, "disordered" last. */
  readonly names: readonly string[];
  /** [F x F] lower triangular factor of the covariance of features within phases. */
  readonly factor: Float64Array;
  /** [K x F] whitened centers, */
  readonly centers: Float64Array;
  /** [K] and the phase that each belongs to. */
  readonly phaseOf: Int32Array;
}

export interface ClassifierSettings {
  /** Snapshots of the melt; random packings of hard spheres by default. */
  readonly disordered?: readonly Structure[];
  /** Of the drawn vibrations. 1 by default. */
  readonly seed?: number;
}

/** Share of the variances added to the diagonal: a feature may be the same in all samples. */
const RIDGE = 1e-3;

/**
 * Learns to tell crystals from one another and from disorder: mixture discriminant analysis (T. Hastie, R. Tibshirani,
 * J. R. Stat. Soc. B 58 (1996) 155) with one center per snapshot and the covariance within snapshots shared. The
 * references themselves, vibrating up to about their melting point, set where one phase ends and another begins.
 */
export function trainPhaseClassifier(
  references: readonly PhaseReference[],
  { disordered, seed = 1 }: ClassifierSettings = {},
): PhaseClassifier {
  const names = [...references.map(({ name }) => name), DISORDERED];
  if (new Set(names).size < names.length || references.length === 0)
    throw new InputError({
      what: "references",
      value: names,
      expected: `crystals of different names, none "${DISORDERED}"`,
    });
  const groups = [
    ...references.map(({ structure, snapshots }) => snapshots ?? vibratingCrystal(structure, seed)),
    disordered ?? disorderedPackings(seed),
  ];
  const means: Float64Array[] = [];
  const phaseOf: number[] = [];
  const covariance = new Float64Array(FEATURE_COUNT ** 2);
  groups.forEach((snapshots, phase) => {
    for (const snapshot of snapshots) {
      const features = phaseFeatures(snapshot);
      means.push(addCovariance(features, covariance));
      phaseOf.push(phase);
    }
  });
  for (let i = 0; i < FEATURE_COUNT; i++) covariance[i * FEATURE_COUNT + i]! *= 1 + RIDGE;
  cholesky(covariance, FEATURE_COUNT);
  const centers = new Float64Array(means.length * FEATURE_COUNT);
  means.forEach((center, k) => {
    centers.set(whiten(covariance, center, 0), k * FEATURE_COUNT);
  });
  return { names, factor: covariance, centers, phaseOf: Int32Array.from(phaseOf) };
}

/** Which phase each atom belongs to, and all of them. */
export interface PhaseIdentity {
  /** That of most atoms; "disordered" for a melt. */
  readonly phase: string;
  /** Share of atoms in each phase. */
  readonly fractions: Readonly<Record<string, number>>;
  /** [N] numbers in the classifier's names. */
  readonly atoms: Int32Array;
}

/** The phase of each atom: that of the nearest center in the metric of the classifier. Meant for periodic structures. */
export function identifyPhase(
  structure: Structure,
  classifier: PhaseClassifier | readonly PhaseReference[] = commonClassifier(),
): PhaseIdentity {
  const { names, factor, centers, phaseOf } =
    "factor" in classifier ? classifier : trainPhaseClassifier(classifier as readonly PhaseReference[]);
  const features = phaseFeatures(structure);
  const atoms = Int32Array.from({ length: structure.numbers.length }, (_, i) => {
    const z = whiten(factor, features, i * FEATURE_COUNT);
    let nearest = 0;
    let best = Number.POSITIVE_INFINITY;
    for (let k = 0; k < phaseOf.length; k++) {
      let square = 0;
      for (let n = 0; n < FEATURE_COUNT; n++) square += (z[n]! - centers[k * FEATURE_COUNT + n]!) ** 2;
      if (square < best) [nearest, best] = [k, square];
    }
    return phaseOf[nearest]!;
  });
  const counts = new Float64Array(names.length);
  for (const phase of atoms) counts[phase]!++;
  const most = counts.reduce((top, n, k) => (n > counts[top]! ? k : top), 0);
  return {
    phase: names[most]!,
    fractions: Object.fromEntries(names.map((name, k) => [name, counts[k]! / atoms.length])),
    atoms,
  };
}

/** Share of atoms that see a crystal, one of the common ones unless a classifier is given. */
export const crystallinity = (structure: Structure, classifier?: PhaseClassifier): number =>
  1 - identifyPhase(structure, classifier).fractions[DISORDERED]!;

/** Whether less than half of the atoms see a crystal. */
export const isDisordered = (structure: Structure, classifier?: PhaseClassifier): boolean =>
  crystallinity(structure, classifier) < 0.5;

let common: PhaseClassifier | undefined;

/** The classifier of `commonCrystals`, as scripts/common-classifier.mjs trained it: training takes seconds. */
export function commonClassifier(): PhaseClassifier {
  if (common) return common;
  const { names, phaseOf, factor: triangle, centers } = COMMON_CLASSIFIER;
  const factor = new Float64Array(FEATURE_COUNT ** 2);
  const rows = numbersOf(triangle);
  for (let i = 0, from = 0; i < FEATURE_COUNT; from += ++i)
    factor.set(rows.subarray(from, from + i + 1), i * FEATURE_COUNT);
  common = { names, factor, centers: numbersOf(centers), phaseOf: Int32Array.from(phaseOf) };
  return common;
}

const numbersOf = (base64: string): Float64Array => new Float64Array(decode(base64).buffer);

/** Adds the mean covariance of rows of features to `covariance`; their mean. */
function addCovariance(features: Float64Array, covariance: Float64Array): Float64Array {
  const count = features.length / FEATURE_COUNT;
  const mean = new Float64Array(FEATURE_COUNT);
  features.forEach((x, k) => {
    mean[k % FEATURE_COUNT]! += x / count;
  });
  for (let i = 0; i < count; i++)
    for (let a = 0; a < FEATURE_COUNT; a++)
      for (let b = 0; b <= a; b++) {
        const product = (features[i * FEATURE_COUNT + a]! - mean[a]!) * (features[i * FEATURE_COUNT + b]! - mean[b]!);
        covariance[a * FEATURE_COUNT + b]! += product / count;
      }
  return mean;
}

/** L^-1 of a row of features. */
function whiten(factor: Float64Array, features: Float64Array, at: number): Float64Array {
  const z = new Float64Array(FEATURE_COUNT);
  for (let i = 0; i < FEATURE_COUNT; i++) {
    let rest = features[at + i]!;
    for (let j = 0; j < i; j++) rest -= factor[i * FEATURE_COUNT + j]! * z[j]!;
    z[i] = rest / factor[i * FEATURE_COUNT + i]!;
  }
  return z;
}
