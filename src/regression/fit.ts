import { createBispectrum } from "../descriptors/bispectrum.js";
import type { Descriptor } from "../descriptors/descriptor.js";
import { openTriangularFactor } from "../engine/linear-algebra.js";
import { InputError } from "../errors.js";
import { parsePotentialExpression, type ReadFile } from "../formats/potential-expression.js";
import { createPotential } from "../potentials/create-potential.js";
import type { LawSpec, PotentialSpec } from "../potentials/potential.js";
import type { LongWork } from "../progress.js";
import { parseWith } from "../schema.js";
import { symbolOf } from "../structure/elements.js";
import type { LabeledStructure } from "../structure/labeled-structure.js";
import { checkDataset, summarizeDataset } from "./dataset.js";
import { constantColumns, type DesignOptions, designColumns, designRows, weightedRows } from "./design-matrix.js";
import { datasetDigest } from "./digest.js";
import { comparePredictions, predictStructures } from "./evaluation.js";
import type { ErrorTable } from "./metrics.js";
import { bispectrumOf, toSnapModel } from "./model.js";
import { type FitSpec, fitSchema, type Trial } from "./recipe.js";
import { automaticCore, nearestDistances, subtractIsolatedAtoms, subtractReference } from "./reference.js";
import { openRidgePath, type RidgePath } from "./solvers.js";
import { tuneSnap } from "./tune.js";
import { toTuningGrid } from "./tuning-grid.js";
import {
  EQUAL_WEIGHTS,
  type QuantityWeights,
  scaleWeights,
  structureWeights,
  type WeightsSpec,
  weightsByEnergy,
} from "./weights.js";

export interface FitOptions extends LongWork {
  /** Reads files that a `reference` expression names. */
  readonly read?: ReadFile;
}

/** A fitted potential with an account of how good it is and how it came about. */
export interface FitResult {
  /** The reference laws and the fit; `training` holds the account. */
  readonly potential: PotentialSpec;
  /** Errors on the data it was fitted to. */
  readonly errors: ErrorTable;
  /** Errors of k-fold cross-validation at the settings of the fit. */
  readonly validation: ErrorTable;
  /** What was settled: A, weights of rows, ridge. */
  readonly settings: FitSettings;
  /** Settings tried by tuning, in the order of trial. */
  readonly trials: readonly Trial[];
}

export interface FitSettings {
  /** A. */
  readonly cutoff: number;
  readonly rfac0: number;
  readonly weights: WeightsSpec;
  readonly ridge: number;
}

/**
 * Fits a potential to labeled structures: subtracts isolated atoms and the reference potential, settles what the
 * recipe leaves open by cross-validation, and solves the weighted linear least squares by streaming QR.
 */
export async function fitPotential(
  given: FitSpec,
  structures: readonly LabeledStructure[],
  { read = noFiles, signal, onProgress }: FitOptions = {},
): Promise<FitResult> {
  const recipe = parseWith(fitSchema, given, "fit");
  const { seed = 1, tune = true, weights, isolatedAtoms } = recipe;
  const work: LongWork = { ...(signal ? { signal } : {}), ...(onProgress ? { onProgress } : {}) };
  checkDataset(structures);
  const summary = summarizeDataset(structures);
  const withoutConstants = isolatedAtoms !== undefined;
  const model = toSnapModel(recipe.model ?? "snap", summary.elements, withoutConstants);
  const reference = referenceLaws(recipe.reference, structures, read);
  const weighted = weightsByEnergy(structures, weights?.energyScale);
  const bound = isolatedAtoms ? subtractIsolatedAtoms(weighted, isolatedAtoms) : weighted;
  const reduced = await subtractReference(bound, reference, work);

  const relative = (part: readonly LabeledStructure[]) => structureWeights(part, weights ?? EQUAL_WEIGHTS);
  const grid = toTuningGrid(tune, reduced, {
    cutoff: model.cutoff,
    rfac0: model.rfac0,
    ridge: recipe.ridge,
    columns: designColumns(createBispectrum(bispectrumOf(model, 10))),
    weights: weights !== undefined,
  });
  const { best, trials } = await tuneSnap(model, reduced, relative, grid, { ...work, seed, withoutConstants });
  const factor: QuantityWeights = { energy: best.energyWeight, forces: 1, stress: best.stressWeight };
  const settings: FitSettings = {
    cutoff: best.cutoff,
    rfac0: best.rfac0,
    weights: scaleWeights(weights ?? EQUAL_WEIGHTS, factor),
    ridge: best.ridge,
  };

  const descriptor = createBispectrum({ ...bispectrumOf(model, best.cutoff), rfac0: best.rfac0 });
  const rowWeights = structureWeights(weighted, settings.weights);
  const path = await factorize(descriptor, reduced, rowWeights, { ...work, withoutConstants });
  const solution = path.solve(best.ridge);
  const terms = [...reference, snapLaw(descriptor, solution.coefficients, isolatedAtoms)];
  const predictions = await predictStructures(createPotential(terms), structures, { ...work, task: "training errors" });
  const errors = comparePredictions(structures, predictions);
  const training = {
    recipe,
    data: { ...summary, sha256: await datasetDigest(structures) },
    seed,
    settings,
    solution: { rank: path.rank, condition: path.condition, degreesOfFreedom: solution.degreesOfFreedom },
    errors,
    validation: best.errors,
    trials: trials.map(({ errors: _, ...trial }) => trial),
  };
  return {
    potential: { format: "phasecell-potential", version: 1, terms, training },
    errors,
    validation: best.errors,
    settings,
    trials,
  };
}

/** The weighted rows of all structures, reduced to a triangular factor one structure at a time. */
async function factorize(
  descriptor: Descriptor,
  structures: readonly LabeledStructure[],
  weights: readonly QuantityWeights[],
  options: DesignOptions,
): Promise<RidgePath> {
  const width = designColumns(descriptor) + 1;
  const factor = openTriangularFactor(width);
  try {
    for await (const structureRows of designRows(descriptor, structures, { ...options, task: "fit" }))
      for (const rows of weightedRows(structureRows, weights[structureRows.index]!)) factor.append(rows);
    return openRidgePath({ r: factor.r(), width, free: constantColumns(descriptor) });
  } finally {
    factor.dispose();
  }
}

/** The fitted law: one row of coefficients per element, led by its constant. */
function snapLaw(
  { spec, elements, length }: Descriptor,
  coefficients: Float64Array,
  isolatedAtoms: Readonly<Record<string, number>> | undefined,
): LawSpec {
  const rows = elements.map((number, element) => {
    const row = Array.from(coefficients.subarray(element * (1 + length), (element + 1) * (1 + length)));
    if (isolatedAtoms) row[0] = isolatedAtoms[symbolOf(number)] ?? 0;
    return row;
  });
  return { ...spec, kind: "snap", coefficients: rows };
}

const noFiles: ReadFile = (path) => {
  throw new InputError({ what: "reference", value: path, expected: "a law such as zbl(4.0,4.8), or laws as objects" });
};

function referenceLaws(
  reference: FitSpec["reference"],
  structures: readonly LabeledStructure[],
  read: ReadFile,
): readonly LawSpec[] {
  if (reference === undefined) return [automaticCore(nearestDistances(structures))];
  if (typeof reference !== "string") return reference as readonly LawSpec[];
  return reference === "none" ? [] : parsePotentialExpression(reference, read).terms;
}
