import { InputError } from "../errors.js";
import { type Estimate, meanOfIndependent } from "../math/statistics.js";

export interface MeanSquaredDisplacement {
  /** [L] fs. */
  readonly times: Float64Array;
  /** [L] A^2, averaged over atoms and time origins. */
  readonly values: Float64Array;
}

/**
 * Mean squared displacement <|r(t0 + t) - r(t0)|^2> over all time origins. `frames` are unwrapped positions [3N] A
 * every `interval` fs; drift of the center of mass is taken out. `atoms` selects some, `longest` limits the lag [frames].
 */
export function meanSquaredDisplacement(
  frames: readonly Float64Array[],
  interval: number,
  {
    atoms,
    longest = Math.floor(frames.length / 2),
  }: { readonly atoms?: readonly number[]; readonly longest?: number } = {},
): MeanSquaredDisplacement {
  if (frames.length < 2 || longest >= frames.length)
    throw new InputError({
      what: "frames",
      value: `${frames.length} for a lag of ${longest}`,
      expected: "more frames than lag",
    });
  const centered = frames.map(withoutDrift);
  const selected = atoms ?? Array.from({ length: frames[0]!.length / 3 }, (_, i) => i);
  const values = new Float64Array(longest + 1);
  for (let lag = 1; lag <= longest; lag++) {
    let sum = 0;
    for (let origin = 0; origin + lag < centered.length; origin++) {
      const [from, to] = [centered[origin]!, centered[origin + lag]!];
      for (const i of selected) for (let d = 3 * i; d < 3 * i + 3; d++) sum += (to[d]! - from[d]!) ** 2;
    }
    values[lag] = sum / ((centered.length - lag) * selected.length);
  }
  return { times: values.map((_, lag) => lag * interval), values };
}

function withoutDrift(positions: Float64Array): Float64Array {
  const center = [0, 0, 0];
  positions.forEach((x, i) => {
    center[i % 3]! += x / (positions.length / 3);
  });
  return positions.map((x, i) => x - center[i % 3]!);
}

/**
 * Diffusion coefficient [A^2/fs; times 0.1 for cm^2/s] from the slope of the mean squared displacement over 6
 * (Einstein relation), fitted from `start` fs on, with the error from independent blocks of the run.
 */
export function diffusionCoefficient(
  frames: readonly Float64Array[],
  interval: number,
  {
    start = 0,
    blocks = 5,
    atoms,
  }: { readonly start?: number; readonly blocks?: number; readonly atoms?: readonly number[] } = {},
): Estimate {
  const size = Math.floor(frames.length / blocks);
  const slopes = Array.from({ length: blocks }, (_, block) => {
    const part = frames.slice(block * size, (block + 1) * size);
    const { times, values } = meanSquaredDisplacement(part, interval, atoms ? { atoms } : {});
    const used = Array.from(times, (_, lag) => lag).filter((lag) => lag > 0 && times[lag]! >= start);
    if (used.length < 2)
      throw new InputError({
        what: "diffusion",
        value: `${size} frames a block, start ${start} fs`,
        expected: "at least two lags a block",
      });
    return slopeOf(used.map((lag) => [times[lag]!, values[lag]!]));
  });
  const { value, error } = meanOfIndependent(slopes);
  return { value: value / 6, error: error / 6 };
}

function slopeOf(points: readonly (readonly [number, number])[]): number {
  const n = points.length;
  const x = points.reduce((sum, p) => sum + p[0], 0) / n;
  const y = points.reduce((sum, p) => sum + p[1], 0) / n;
  return (
    points.reduce((sum, p) => sum + (p[0] - x) * (p[1] - y), 0) / points.reduce((sum, p) => sum + (p[0] - x) ** 2, 0)
  );
}
