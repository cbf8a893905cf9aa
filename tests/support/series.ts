/** Mean and standard error of a series, by blocks long enough to be independent. */
export function blockMean(values: readonly number[], blocks = 20): { mean: number; error: number } {
  const length = Math.floor(values.length / blocks);
  const means = Array.from(
    { length: blocks },
    (_, b) => values.slice(b * length, (b + 1) * length).reduce((sum, x) => sum + x, 0) / length,
  );
  const mean = means.reduce((sum, x) => sum + x, 0) / blocks;
  const variance = means.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (blocks - 1);
  return { mean, error: Math.sqrt(variance / blocks) };
}
