/** A browser has relaxed SIMD or has not. */
export const allowRelaxedSimd = (): void => {};
