import { InputError } from "../errors.js";

/** How long a list with a skin serves. */
export interface ListLifetime {
  /** A. */
  readonly skin: number;
  /** [L] fs, one per list: until twice the largest displacement since it was built exceeds the skin. */
  readonly lifetimes: Float64Array;
}

/**
 * Lifetimes of neighbor lists along a trajectory: `frames` are unwrapped positions [3N] A every `interval` fs. A list
 * of range cutoff + skin is complete as long as no two atoms can have approached by more than the skin, 2 max|u| <=
 * skin (Verlet, Phys. Rev. 159, 98 (1967)); then it is built anew. The last list, which still serves, does not count.
 */
export function listLifetimes(
  frames: readonly Float64Array[],
  interval: number,
  skins: readonly number[],
): ListLifetime[] {
  if (frames.length < 2) throw new InputError({ what: "frames", value: frames.length, expected: "at least two" });
  return skins.map((skin) => {
    const lifetimes: number[] = [];
    let built = 0;
    for (let now = 1; now < frames.length; now++) {
      if (2 * largestDisplacement(frames[built]!, frames[now]!) <= skin) continue;
      lifetimes.push((now - built) * interval);
      built = now;
    }
    return { skin, lifetimes: Float64Array.from(lifetimes) };
  });
}

function largestDisplacement(from: Float64Array, to: Float64Array): number {
  let square = 0;
  for (let i = 0; i < from.length; i += 3)
    square = Math.max(
      square,
      (to[i]! - from[i]!) ** 2 + (to[i + 1]! - from[i + 1]!) ** 2 + (to[i + 2]! - from[i + 2]!) ** 2,
    );
  return Math.sqrt(square);
}
