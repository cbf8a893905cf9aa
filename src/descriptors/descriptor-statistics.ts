import { InputError } from "../errors.js";

/** Mean and standard deviation of each component. */
export interface ComponentStatistics {
  /** [K]. */
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
}

/** Statistics of descriptors [N x K] row major over their N environments. */
export function componentStatistics(values: Float64Array, length: number): ComponentStatistics {
  const count = environments(values, length);
  const mean = new Float64Array(length);
  const deviation = new Float64Array(length);
  for (let i = 0; i < values.length; i++) mean[i % length]! += values[i]! / count;
  for (let i = 0; i < values.length; i++) deviation[i % length]! += (values[i]! - mean[i % length]!) ** 2 / count;
  return { mean, deviation: deviation.map(Math.sqrt) };
}

/**
 * How many independent directions descriptors [N x K] really span: (sum l)^2 / sum l^2 over the eigenvalues l of the
 * correlation matrix R of the components, which is K^2 / sum R_kl^2. Between 1 and K; components that do not vary are
 * left out.
 */
export function effectiveDimension(values: Float64Array, length: number): number {
  const count = environments(values, length);
  const { mean, deviation } = componentStatistics(values, length);
  const varying = Array.from(deviation, (_, k) => k).filter((k) => deviation[k]! > 1e-12 * (1 + Math.abs(mean[k]!)));
  let squares = 0;
  for (const k of varying)
    for (const l of varying) {
      let sum = 0;
      for (let i = 0; i < count; i++)
        sum += (values[i * length + k]! - mean[k]!) * (values[i * length + l]! - mean[l]!);
      squares += (sum / (count * deviation[k]! * deviation[l]!)) ** 2;
    }
  return varying.length === 0 ? 0 : varying.length ** 2 / squares;
}

function environments(values: Float64Array, length: number): number {
  if (!(length >= 1) || values.length < length || values.length % length !== 0)
    throw new InputError({
      what: "descriptors",
      value: `${values.length} numbers`,
      expected: `a multiple of ${length} components`,
    });
  return values.length / length;
}
