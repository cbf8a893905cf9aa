import { InputError } from "../errors.js";
import type { QuasiHarmonicGrid, QuasiHarmonicPoint } from "../free-energy/quasi-harmonic.js";
import { fitLinear } from "../math/least-squares.js";
import { type Oscillator, quantumPart } from "./gibbs-basis.js";
import { fitGibbsSurface, type GibbsSurface, type GibbsSurfaceSettings } from "./gibbs-surface.js";
import type { PhaseData } from "./phase-data.js";

/** eV/atom and A^3/atom: beyond what the equations of state of the grid leave, and what the surface may differ by. */
const LEAST_ERROR = 1e-5;
const VOLUME_ERROR = 1e-3;

/** What a quasi-harmonic grid says of a phase, as data of a surface; errors are those of its equations of state. */
export function quasiHarmonicData({ points, residual }: QuasiHarmonicGrid): PhaseData {
  const error = Math.max(LEAST_ERROR, residual);
  return {
    gibbs: points.map(({ temperature, pressure, gibbs }) => ({
      ...{ temperature, pressure, gibbs: { value: gibbs, error } },
    })),
    states: points.map(({ temperature, pressure, gibbs, entropy, volume }) => ({
      temperature,
      pressure,
      volume: { value: volume, error: VOLUME_ERROR },
      enthalpy: { value: gibbs + temperature * entropy, error: 2 * error },
    })),
  };
}

/**
 * G(T, P) of a crystal from its quasi-harmonic grid, classical or quantum: lines and triple points of crystals follow from
 * phonons alone. Of a quantum grid the part that is not expanded is that of a few oscillators, fitted to the entropy.
 */
export function quasiHarmonicSurface(
  phase: string,
  grid: QuasiHarmonicGrid,
  settings: Omit<GibbsSurfaceSettings, "oscillators"> = {},
): GibbsSurface {
  if (grid.points.length === 0)
    throw new InputError({ what: `quasi-harmonic grid of ${phase}`, value: "no points", expected: "at least one" });
  return fitGibbsSurface(phase, quasiHarmonicData(grid), {
    ...settings,
    ...(grid.statistics === "quantum" ? { oscillators: oscillatorsOf(grid.points) } : {}),
  });
}

/** Frequencies, as h nu / k over the mean of the crystal. */
const LEVELS = [0.2, 0.35, 0.6, 0.9, 1.3, 1.8];

/**
 * Oscillators with the entropy of the grid at its middle pressure, by least squares that keeps close to three at the mean
 * frequency: S at the highest temperature T gives that by S = 3k (1 - ln(theta / T)).
 */
function oscillatorsOf(points: readonly QuasiHarmonicPoint[]): Oscillator[] {
  const pressures = points.map(({ pressure }) => pressure).toSorted((a, b) => a - b);
  const middle = pressures[Math.floor(pressures.length / 2)]!;
  const along = points.filter(({ pressure, temperature }) => pressure === middle && temperature > 0);
  const mean = meanLevel(along);
  const levels = LEVELS.map((level) => level * mean);
  const entropy = (level: number, temperature: number): number =>
    quantumPart([{ temperature: level, count: 1 }], "entropy", temperature);
  const start = 3 / levels.length;
  const rows = [
    ...along.map(({ temperature }) => levels.map((level) => entropy(level, temperature) * 1e5)),
    // Weak: only keeps apart what the entropy cannot tell apart.
    ...levels.map((_, k) => levels.map((_, m) => (k === m ? 1e-2 : 0))),
  ];
  const target = [
    ...along.map(
      (point) =>
        1e5 * (point.entropy - levels.reduce((sum, level) => sum + start * entropy(level, point.temperature), 0)),
    ),
    ...levels.map(() => 0),
  ];
  const { parameters } = fitLinear(Float64Array.from(rows.flat()), target);
  return levels.map((temperature, k) => ({ temperature, count: start + parameters[k]! }));
}

/** h nu / k [K] of three equal oscillators with the entropy of the warmest point. */
function meanLevel(points: readonly QuasiHarmonicPoint[]): number {
  const { temperature, entropy } = points.reduce((a, b) => (b.temperature > a.temperature ? b : a));
  let [low, high] = [1e-3 * temperature, 100 * temperature];
  for (let step = 0; step < 80; step++) {
    const level = Math.sqrt(low * high);
    if (quantumPart([{ temperature: level, count: 3 }], "entropy", temperature) > entropy) low = level;
    else high = level;
  }
  return low;
}
