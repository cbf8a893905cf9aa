import { InputError } from "../errors.js";
import { fitLinear } from "../math/least-squares.js";

/** A function of volume as a polynomial in Birch's finite strain. */
export interface FiniteStrainFit {
  /** A^3/atom, where the strain is zero. */
  readonly volume: number;
  /** [5] of the powers 0 to 4 of x = (volume/V)^(2/3) - 1. */
  readonly coefficients: Float64Array;
  /** Root mean square deviation of the points. */
  readonly residual: number;
}

const TERMS = 5;

/**
 * Least squares of values at volumes [A^3/atom] by powers of x = (V0/V)^(2/3) - 1, the Eulerian strain but for a factor: for
 * an energy the Birch-Murnaghan equation of state to fourth order (Birch, J. Geophys. Res. 57 (1952) 227). The fit is
 * linear, so that the fit of a derivative is the derivative of the fit.
 */
export function fitFiniteStrain(volumes: ArrayLike<number>, values: ArrayLike<number>): FiniteStrainFit {
  const count = volumes.length;
  if (count <= TERMS || values.length !== count)
    throw new InputError({
      what: "finite strain",
      value: `${count} volumes, ${values.length} values`,
      expected: `at least ${TERMS + 1} volumes, one value each`,
    });
  const volume = Array.from(volumes).sort((a, b) => a - b)[Math.floor(count / 2)]!;
  const design = Float64Array.from({ length: count * TERMS }, (_, k) => {
    const x = (volume / volumes[Math.floor(k / TERMS)]!) ** (2 / 3) - 1;
    return x ** (k % TERMS);
  });
  // Against the first value, so that thousands of eV of core electrons do not cost digits.
  const offset = values[0]!;
  const { parameters, chiSquared } = fitLinear(
    design,
    Array.from(values, (value) => value - offset),
  );
  parameters[0]! += offset;
  return { volume, coefficients: parameters, residual: Math.sqrt(chiSquared / count) };
}

/** Value, first and second derivative by volume at a volume [A^3/atom]. */
export function finiteStrainAt(
  { volume, coefficients }: FiniteStrainFit,
  at: number,
): { readonly value: number; readonly slope: number; readonly curvature: number } {
  const x = (volume / at) ** (2 / 3) - 1;
  let [value, first, second] = [0, 0, 0];
  for (let power = TERMS - 1; power >= 0; power--) {
    second = second * x + 2 * first;
    first = first * x + value;
    value = value * x + coefficients[power]!;
  }
  const dx = (-2 / 3) * ((x + 1) / at);
  const ddx = (10 / 9) * ((x + 1) / at ** 2);
  return { value, slope: first * dx, curvature: second * dx * dx + first * ddx };
}
