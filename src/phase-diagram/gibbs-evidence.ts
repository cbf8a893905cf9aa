import { fitLinear, type SmallFit } from "../math/least-squares.js";
import { appendRows } from "../math/linear-algebra.js";
import type { GibbsBasis } from "./gibbs-basis.js";
import { type PriorScales, priorWidths } from "./gibbs-prior.js";
import type { GibbsMeasurement } from "./gibbs-rows.js";

/** Rows, values without offsets, and errors. */
export interface LinearSystem {
  readonly rows: readonly Float64Array[];
  readonly values: readonly number[];
  readonly errors: readonly number[];
  /** eV/atom, taken off the constant term so that thousands of eV of core electrons cost no digits. */
  readonly origin: number;
}

/** eV/atom: no error is smaller, or rounding would speak. */
const LEAST_ERROR = 1e-7;

export function toSystem(basis: GibbsBasis, measurements: readonly GibbsMeasurement[]): LinearSystem {
  const functionals = measurements.map(({ functional }) => functional(basis));
  const values = measurements.map(({ value }, n) => value - functionals[n]!.offset);
  const absolute = values.find((_, n) => functionals[n]!.row[0] === 1);
  const origin = absolute ?? 0;
  return {
    rows: functionals.map(({ row }) => row),
    values: values.map((value, n) => value - origin * functionals[n]!.row[0]!),
    errors: measurements.map(({ error, kind }) => Math.max(error, kind === "isobar" ? 0 : LEAST_ERROR)),
    origin,
  };
}

const SCALES = [0.25, 0.5, 1, 2, 4, 8];

export interface LikelyFit {
  readonly fit: SmallFit;
  readonly scales: PriorScales;
}

/** The fit with the scales of the prior that make the data most likely, scales far from 1 counting against. */
export function likeliest(
  basis: GibbsBasis,
  measurements: readonly GibbsMeasurement[],
  { rows, values }: LinearSystem,
  errors: readonly number[],
): LikelyFit {
  const size = basis.terms.length;
  const factor = triangularFactor(rows, values, errors);
  const widthsAt = (scales: PriorScales) => priorWidths(basis, measurements, scales);
  const surpriseOf = (scales: PriorScales): number =>
    minusTwiceLogEvidence(factor, widthsAt(scales)) + Math.log(scales.compression) ** 2 + Math.log(scales.thermal) ** 2;
  const scales = SCALES.flatMap((compression) => SCALES.map((thermal) => ({ compression, thermal })))
    .map((each) => ({ each, surprise: surpriseOf(each) }))
    .reduce((best, other) => (other.surprise < best.surprise ? other : best)).each;
  const design = new Float64Array((2 * size + 1) * size);
  for (let i = 0; i <= size; i++) design.set(factor.subarray(i * (size + 1), i * (size + 1) + size), i * size);
  for (let k = 0; k < size; k++) design[(size + 1 + k) * size + k] = 1;
  const target = Array.from({ length: 2 * size + 1 }, (_, i) => (i <= size ? factor[i * (size + 1) + size]! : 0));
  const sigma = [...new Array<number>(size + 1).fill(1), ...widthsAt(scales)];
  return { fit: fitLinear(design, target, sigma), scales };
}

/** R of all rows and values over their errors, [K + 1] square: worth the same, so that each prior costs little. */
function triangularFactor(
  rows: readonly Float64Array[],
  values: readonly number[],
  errors: readonly number[],
): Float64Array {
  const width = rows[0]!.length + 1;
  const weighted = new Float64Array(rows.length * width);
  rows.forEach((row, n) => {
    weighted.set(
      [...row, values[n]!].map((x) => x / errors[n]!),
      n * width,
    );
  });
  const r = new Float64Array(width * width);
  appendRows(r, width, weighted, rows.length);
  return r;
}

/** -2 ln p(data | widths), but for a constant: chi^2 of data and prior + ln det(posterior precision) - ln det(prior precision). */
function minusTwiceLogEvidence(factor: Float64Array, widths: Float64Array): number {
  const size = widths.length;
  const r = factor.slice();
  const prior = new Float64Array(size * (size + 1));
  for (let k = 0; k < size; k++) prior[k * (size + 1) + k] = 1 / widths[k]!;
  appendRows(r, size + 1, prior, size);
  let sum = r[(size + 1) ** 2 - 1]! ** 2;
  for (let k = 0; k < size; k++) sum += 2 * Math.log(Math.abs(r[k * (size + 2)]!)) + 2 * Math.log(widths[k]!);
  return sum;
}
