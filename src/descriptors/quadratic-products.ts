/**
 * The components B followed by their products in LAMMPS's order, B_0^2/2, B_0 B_1, ..., B_1^2/2, B_1 B_2, ...: linear
 * coefficients of these numbers are those of E = beta . B + 1/2 B^T alpha B.
 */
export function appendProducts(components: ArrayLike<number>): Float64Array {
  const count = components.length;
  const values = new Float64Array(count + (count * (count + 1)) / 2);
  values.set(components);
  let next = count;
  for (let k = 0; k < count; k++) {
    values[next++] = components[k]! ** 2 / 2;
    for (let l = k + 1; l < count; l++) values[next++] = components[k]! * components[l]!;
  }
  return values;
}

/** dE/dB [components] of E = coefficients . appendProducts(B); without products just the coefficients. */
export function effectiveCoefficients(coefficients: ArrayLike<number>, components: ArrayLike<number>): Float64Array {
  const count = components.length;
  const effective = Float64Array.from({ length: count }, (_, k) => coefficients[k]!);
  if (coefficients.length === count) return effective;
  let next = count;
  for (let k = 0; k < count; k++) {
    effective[k]! += coefficients[next++]! * components[k]!;
    for (let l = k + 1; l < count; l++) {
      const coefficient = coefficients[next++]!;
      effective[k]! += coefficient * components[l]!;
      effective[l]! += coefficient * components[k]!;
    }
  }
  return effective;
}

/** The derivative of `appendProducts` along a change `slope` of the components. */
export function appendProductSlopes(components: ArrayLike<number>, slope: ArrayLike<number>): Float64Array {
  const count = components.length;
  const values = new Float64Array(count + (count * (count + 1)) / 2);
  values.set(slope);
  let next = count;
  for (let k = 0; k < count; k++)
    for (let l = k; l < count; l++)
      values[next++] = k === l ? components[k]! * slope[k]! : components[k]! * slope[l]! + components[l]! * slope[k]!;
  return values;
}
