/** Directions of a limited-memory quasi-Newton search. */
export interface SearchDirection {
  /** A descent direction for this gradient. */
  next(gradient: Float64Array): Float64Array;
  /** What a step taught: its displacement and the change of the gradient along it. */
  learn(displacement: Float64Array, change: Float64Array): void;
  /** Back to steepest descent. */
  forget(): void;
}

/**
 * L-BFGS two-loop recursion (Nocedal and Wright, Numerical Optimization, 2nd ed., algorithm 7.4) over `size` unknowns,
 * remembering `memory` steps; before the first, the gradient times `firstScale`.
 */
export function openSearchDirection(size: number, memory: number, firstScale: number): SearchDirection {
  let steps: { s: Float64Array; y: Float64Array; curvature: number }[] = [];
  const dot = (a: Float64Array, b: Float64Array): number => {
    let sum = 0;
    for (let i = 0; i < size; i++) sum += a[i]! * b[i]!;
    return sum;
  };
  const add = (to: Float64Array, factor: number, what: Float64Array): void => {
    for (let i = 0; i < size; i++) to[i]! += factor * what[i]!;
  };
  return {
    next(gradient) {
      const direction = gradient.map((g) => -g);
      const weights: number[] = [];
      for (let k = steps.length - 1; k >= 0; k--) {
        const { s, y, curvature } = steps[k]!;
        weights[k] = dot(s, direction) / curvature;
        add(direction, -weights[k]!, y);
      }
      const last = steps.at(-1);
      const scale = last ? last.curvature / dot(last.y, last.y) : firstScale;
      for (let i = 0; i < size; i++) direction[i]! *= scale;
      steps.forEach(({ s, y, curvature }, k) => {
        add(direction, weights[k]! - dot(y, direction) / curvature, s);
      });
      if (dot(direction, gradient) < 0) return direction;
      steps = [];
      return gradient.map((g) => -g * firstScale);
    },
    learn(displacement, change) {
      const curvature = dot(displacement, change);
      // Only steps with positive curvature keep the approximate Hessian positive definite.
      if (curvature <= 1e-10 * Math.sqrt(dot(displacement, displacement) * dot(change, change))) return;
      steps.push({ s: displacement, y: change, curvature });
      if (steps.length > memory) steps.shift();
    },
    forget() {
      steps = [];
    },
  };
}
