import { minimize } from "../dynamics/minimize.js";
import { ComputationError } from "../errors.js";
import { cholesky, solveCholesky } from "../math/linear-algebra.js";
import type { EngineName, Potential } from "../potentials/potential.js";
import { virialToStress } from "../potentials/stress.js";
import type { LongWork } from "../progress.js";
import { deform, strainGradient } from "../structure/cell.js";
import type { Structure } from "../structure/structure.js";
import { GPA_PER_EV_A3 } from "../units.js";

export interface ElasticSettings {
  /** Largest strain component of the central differences. 1e-3 by default. */
  readonly strain?: number;
  /** Lets the atoms relax inside each strained cell; true by default. */
  readonly relaxed?: boolean;
  /** eV/A, for relaxing the atoms. */
  readonly forceTolerance?: number;
  readonly engine?: EngineName;
}

/** Elastic constants of a crystal. */
export interface ElasticConstants {
  /** [36] GPa, row major, Voigt order xx yy zz yz xz xy, symmetrized: C_ij = d stress_i / d strain_j. */
  readonly constants: Float64Array;
  /** GPa, Voigt, Reuss and Voigt-Reuss-Hill averages. */
  readonly bulkModulus: Averages;
  readonly shearModulus: Averages;
  /** GPa, largest |C_ij - C_ji| / 2 before symmetrizing: a measure of the numerical error. */
  readonly asymmetry: number;
  /** True when all strains cost energy (Born): the matrix is positive definite. */
  readonly stable: boolean;
}

export interface Averages {
  readonly voigt: number;
  readonly reuss: number;
  readonly hill: number;
}

/**
 * Elastic constants by central differences of the stress over six strains, each with its atoms relaxed, extrapolated
 * to zero strain from two strains (Richardson), so that the error is of fourth order in the strain. `structure` is
 * taken as the reference state: minimize it first. Under pressure these are the stress-strain coefficients.
 */
export async function elasticConstants(
  potential: Potential,
  structure: Structure,
  settings: ElasticSettings & LongWork = {},
): Promise<ElasticConstants> {
  const { strain = 1e-3, signal, onProgress } = settings;
  const raw = new Float64Array(36);
  for (let j = 0; j < 6; j++) {
    const slopes = [];
    for (const size of [strain, strain / 2]) {
      signal?.throwIfAborted();
      const up = await strainedStress(potential, structure, j, size, settings);
      const down = await strainedStress(potential, structure, j, -size, settings);
      slopes.push(up.map((s, i) => ((s - down[i]!) / (2 * size)) * GPA_PER_EV_A3));
    }
    const [wide, narrow] = slopes as [Float64Array, Float64Array];
    for (let i = 0; i < 6; i++) raw[6 * i + j] = (4 * narrow[i]! - wide[i]!) / 3;
    onProgress?.({ task: "elastic constants", done: j + 1, total: 6 });
  }
  return summarize(raw);
}

/** Stress [6] eV/A^3 of the structure under one Voigt strain component (engineering shear), atoms relaxed. */
async function strainedStress(
  potential: Potential,
  structure: Structure,
  component: number,
  size: number,
  { relaxed = true, forceTolerance = 1e-7, engine = "wasm", signal }: ElasticSettings & LongWork,
): Promise<Float64Array> {
  const voigt = new Float64Array(6);
  voigt[component] = size;
  const { evaluation, volume } = await minimize(potential, deform(structure, strainGradient(voigt)), {
    forceTolerance: relaxed ? forceTolerance : Infinity,
    engine,
    ...(signal ? { signal } : {}),
  });
  return virialToStress(evaluation.virial, volume);
}

function summarize(raw: Float64Array): ElasticConstants {
  const constants = raw.map((c, n) => (c + raw[6 * (n % 6) + Math.floor(n / 6)]!) / 2);
  const asymmetry = raw.reduce((most, c, n) => Math.max(most, Math.abs(c - constants[n]!)), 0);
  const c = (i: number, j: number): number => constants[6 * i + j]!;
  const voigtBulk = (c(0, 0) + c(1, 1) + c(2, 2) + 2 * (c(0, 1) + c(0, 2) + c(1, 2))) / 9;
  const voigtShear =
    (c(0, 0) + c(1, 1) + c(2, 2) - c(0, 1) - c(0, 2) - c(1, 2) + 3 * (c(3, 3) + c(4, 4) + c(5, 5))) / 15;
  const compliance = invert(constants);
  const s = (i: number, j: number): number => compliance?.[6 * i + j] ?? Number.NaN;
  const reussBulk = 1 / (s(0, 0) + s(1, 1) + s(2, 2) + 2 * (s(0, 1) + s(0, 2) + s(1, 2)));
  const reussShear =
    15 / (4 * (s(0, 0) + s(1, 1) + s(2, 2) - s(0, 1) - s(0, 2) - s(1, 2)) + 3 * (s(3, 3) + s(4, 4) + s(5, 5)));
  const averages = (voigt: number, reuss: number): Averages => ({ voigt, reuss, hill: (voigt + reuss) / 2 });
  return {
    constants,
    bulkModulus: averages(voigtBulk, reussBulk),
    shearModulus: averages(voigtShear, reussShear),
    asymmetry,
    stable: compliance !== undefined,
  };
}

/** Inverse of a positive definite 6 x 6 matrix; undefined where it is not. */
function invert(matrix: Float64Array): Float64Array | undefined {
  const factor = matrix.slice();
  try {
    cholesky(factor, 6);
  } catch (error) {
    if (error instanceof ComputationError) return undefined;
    throw error;
  }
  const inverse = new Float64Array(36);
  for (let j = 0; j < 6; j++) {
    const unit = new Float64Array(6);
    unit[j] = 1;
    inverse.set(solveCholesky(factor, 6, unit), 6 * j);
  }
  return inverse;
}

/** C11, C12 and C44 [GPa] of a crystal with cubic axes along x, y and z, averaged over equivalent entries. */
export function cubicConstants({ constants }: ElasticConstants): { c11: number; c12: number; c44: number } {
  const average = (indices: readonly number[]): number =>
    indices.reduce((sum, i) => sum + constants[i]!, 0) / indices.length;
  return { c11: average([0, 7, 14]), c12: average([1, 2, 8]), c44: average([21, 28, 35]) };
}
