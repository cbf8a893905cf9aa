import { BOLTZMANN, GPA_PER_EV_A3 } from "../units.js";
import { type GibbsBasis, gibbsTerms, scaledPressure } from "./gibbs-basis.js";
import type { GibbsMeasurement } from "./gibbs-rows.js";
import type { PhaseWindow } from "./phase-data.js";

/** How wild a phase may be: factors on the widths of the higher terms. */
export interface PriorScales {
  /** Of the powers of pressure alone: how the crystal is compressed. */
  readonly compression: number;
  /** Of the powers of temperature from the second on, and of all mixed terms: anharmonicity and thermal pressure. */
  readonly thermal: number;
}

/** B' of metals, semiconductors and rare-gas crystals is 4 to 8. */
const TYPICAL_SLOPE = 5;

/** Where nothing says how large an atom is, A^3. */
const TYPICAL_VOLUME = 20;

/** Scales of the expansion from the window and from how the measured volumes depend on pressure. */
export function gibbsBasis(measurements: readonly GibbsMeasurement[], window?: PhaseWindow): GibbsBasis {
  const range = (d: 0 | 1, of: readonly [number, number] | undefined): [number, number] => {
    const all = [...measurements.map(({ place }) => place[d]), ...(of ?? [])];
    return [Math.min(...all), Math.max(...all)];
  };
  const temperature = range(0, window?.temperature)[1] || 1;
  const [low, high] = range(1, window?.pressure);
  const middle = (low + high) / 2;
  const half = (high - low) / 2 || 1;
  const bulk = bulkModulus(measurements, half / 10);
  // 1 + s P stays well above 0 under all tension that was measured.
  const softest = Math.max(half / 2, -1.5 * low);
  const offset = Math.max(bulk === undefined ? 2 * half - low : bulk.value / TYPICAL_SLOPE - bulk.pressure, softest);
  const softness = 1 / offset;
  const [from, to] = [low, high].map((p) => scaledPressure(softness, p)) as [number, number];
  return {
    terms: gibbsTerms,
    temperature,
    softness,
    center: to > from ? (from + to) / 2 : scaledPressure(softness, middle),
    width: to > from ? (to - from) / 2 : 1,
  };
}

/** GPa, roughly: -dP / d ln V of all volumes at their mean pressure, temperature being another straight line. */
function bulkModulus(
  measurements: readonly GibbsMeasurement[],
  spread: number,
): { readonly value: number; readonly pressure: number } | undefined {
  const volumes = volumesOf(measurements);
  if (volumes.length < 2) return undefined;
  const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
  const centered = (values: readonly number[]): number[] => values.map((x) => x - mean(values));
  const product = (a: readonly number[], b: readonly number[]): number => mean(a.map((x, i) => x * b[i]!));
  const t = centered(volumes.map(({ place }) => place[0]));
  const p = centered(volumes.map(({ place }) => place[1]));
  const y = centered(volumes.map(({ value }) => Math.log(value)));
  const share = product(t, t) > 0 ? product(t, p) / product(t, t) : 0;
  const free = product(p, p) - share * product(t, p);
  if (!(free > spread ** 2)) return undefined;
  const slope = (product(p, y) - share * product(t, y)) / free;
  return slope < 0 ? { value: -1 / slope, pressure: mean(volumes.map(({ place }) => place[1])) } : undefined;
}

const volumesOf = (measurements: readonly GibbsMeasurement[]): GibbsMeasurement[] =>
  measurements.filter(({ kind, value }) => (kind === "volume" || kind === "static volume") && value > 0);

/**
 * Widths [eV/atom] of the coefficients before anything is measured, around zero: what G of solids and liquids looks like. Energy,
 * entropy and volume are as good as free; compression falls off as Murnaghan's does, anharmonicity and thermal pressure
 * as in simple metals, twice as wide. Where data are few this keeps the surface from bending at will and says how far it may bend,
 * which is what error bars away from the data are made of.
 */
export function priorWidths(
  basis: GibbsBasis,
  measurements: readonly GibbsMeasurement[],
  { compression, thermal }: PriorScales,
): Float64Array {
  const sizes = volumesOf(measurements).map(({ value }) => value);
  const volume = sizes.toSorted((a, b) => a - b)[Math.floor(sizes.length / 2)] ?? TYPICAL_VOLUME;
  const { softness, center, width, temperature } = basis;
  const heat = BOLTZMANN * temperature;
  // dG/dq at the center; dP/du = exp(s u).
  const work = (volume * Math.exp(softness * center) * width) / GPA_PER_EV_A3;
  const ratio = Math.max(0.25, (1 - 1 / TYPICAL_SLOPE) * softness * width);
  return Float64Array.from(basis.terms, ([i, j]) => {
    if (i === 0 && j === 0) return 100 + 10 * work;
    if (i === 0 && j === 1) return 10 * work;
    if (i === 1 && j === 0) return 100 * heat;
    if (i === 0) return (compression * 2 * work * ratio ** (j - 1)) / factorial(j);
    return thermal * (j === 0 ? 1 : 3) * heat * 0.5 ** Math.max(0, i - 2) * ratio ** j;
  });
}

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
