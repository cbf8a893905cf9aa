import { BOLTZMANN, GPA_PER_EV_A3 } from "../units.js";

/** What can be read off G(T, P) by a linear functional. */
export type GibbsQuantity = "gibbs" | "volume" | "enthalpy" | "entropy" | "heatCapacity";

/** Powers of the scaled temperature and pressure. */
export type GibbsTerm = readonly [temperature: number, pressure: number];

/**
 * The functions that G(T, P) is expanded in: t^i q^j with t = T / temperature and q = (u(P) - center) / width, where
 * u = ln(1 + s P) / s. A crystal of constant B' has G proportional to exp((1 - 1/B') s u) with s = B'/B (Murnaghan), which
 * few powers of u describe over pressures at which powers of P itself hardly converge.
 */
export interface GibbsBasis {
  readonly terms: readonly GibbsTerm[];
  /** K. */
  readonly temperature: number;
  /** s, 1/GPa. */
  readonly softness: number;
  /** GPa, of u. */
  readonly center: number;
  readonly width: number;
  /** Of quantum motion: the oscillators whose G is the part that is not expanded. Classical motion without. */
  readonly oscillators?: readonly Oscillator[];
}

/** Quantum oscillators of one frequency. */
export interface Oscillator {
  /** h nu / k [K]. */
  readonly temperature: number;
  /** How many per atom; need not be whole, nor above 0. */
  readonly count: number;
}

/** A number that is linear in the coefficients: offset + row . coefficients. */
export interface GibbsFunctional {
  readonly row: Float64Array;
  readonly offset: number;
}

/** Terms up to this total degree: more than the data of a phase determine, which the widths of the coefficients settle. */
const DEGREE = 5;

export const gibbsTerms: readonly GibbsTerm[] = Array.from({ length: DEGREE + 1 }, (_, i) =>
  Array.from({ length: DEGREE + 1 - i }, (_, j): GibbsTerm => [i, j]),
).flat();

/** u [GPa], the pressure as the expansion sees it. */
export const scaledPressure = (softness: number, pressure: number): number =>
  softness === 0 ? pressure : Math.log1p(softness * pressure) / softness;

/**
 * The functional of a quantity at T [K] and P [GPa]; eV, A^3, eV/K per atom. The offset is that of classical motion without
 * anything else: G = -3 kT ln(T / temperature), hence S = 3k (1 + ln(T / temperature)), H = 3 kT, C_P = 3k. With it
 * G(T, P) of a classical crystal is analytic in T down to T = 0, where it is the enthalpy at rest. Of quantum motion the
 * offset is that of the oscillators of the basis.
 */
export function gibbsFunctional(
  basis: GibbsBasis,
  quantity: GibbsQuantity,
  temperature: number,
  pressure: number,
): GibbsFunctional {
  const { t, q, slope } = scaledPlace(basis, temperature, pressure);
  const { terms } = basis;
  const [ts, qs] = [powers(t), powers(q)];
  const row = new Float64Array(terms.length);
  for (let k = 0; k < row.length; k++) {
    const [i, j] = terms[k]!;
    if (quantity === "gibbs") row[k] = ts[i]! * qs[j]!;
    else if (quantity === "volume") row[k] = j === 0 ? 0 : ts[i]! * j * qs[j - 1]! * slope * GPA_PER_EV_A3;
    else if (quantity === "enthalpy") row[k] = (1 - i) * ts[i]! * qs[j]!;
    else if (quantity === "entropy") row[k] = i === 0 ? 0 : (-i * ts[i - 1]! * qs[j]!) / basis.temperature;
    else row[k] = i < 2 ? 0 : (-i * (i - 1) * ts[i - 1]! * qs[j]!) / basis.temperature;
  }
  return { row, offset: fixedPart(basis, quantity, temperature) };
}

const fixedPart = ({ oscillators, temperature: scale }: GibbsBasis, quantity: GibbsQuantity, temperature: number) =>
  oscillators === undefined
    ? classicalPart(quantity, temperature, temperature / scale)
    : quantumPart(oscillators, quantity, temperature);

/** G [eV/atom] at T [K] and P [GPa] for given coefficients: what `gibbsFunctional` gives, without the row. */
export function gibbsOfCoefficients(
  basis: GibbsBasis,
  coefficients: Float64Array,
  temperature: number,
  pressure: number,
): number {
  const { t, q } = scaledPlace(basis, temperature, pressure);
  const [ts, qs] = [powers(t), powers(q)];
  let sum = fixedPart(basis, "gibbs", temperature);
  for (let k = 0; k < coefficients.length; k++) {
    const [i, j] = basis.terms[k]!;
    sum += coefficients[k]! * ts[i]! * qs[j]!;
  }
  return sum;
}

function scaledPlace(basis: GibbsBasis, temperature: number, pressure: number) {
  return {
    t: temperature / basis.temperature,
    q: (scaledPressure(basis.softness, pressure) - basis.center) / basis.width,
    /** dq/dP. */
    slope: 1 / ((1 + basis.softness * pressure) * basis.width),
  };
}

const COLDEST = 1e-12;

/** x^0 to x^5. */
function powers(x: number): Float64Array {
  const all = new Float64Array(DEGREE + 1);
  all[0] = 1;
  for (let k = 1; k <= DEGREE; k++) all[k] = all[k - 1]! * x;
  return all;
}

function classicalPart(quantity: GibbsQuantity, temperature: number, t: number): number {
  switch (quantity) {
    case "gibbs":
      return temperature === 0 ? 0 : -3 * BOLTZMANN * temperature * Math.log(t);
    case "volume":
      return 0;
    case "enthalpy":
      return 3 * BOLTZMANN * temperature;
    case "entropy":
      // Minus infinity at T = 0, of which differences of phases must still be numbers.
      return 3 * BOLTZMANN * (1 + Math.log(Math.max(t, COLDEST)));
    case "heatCapacity":
      return 3 * BOLTZMANN;
  }
}

/** Of oscillators with x = h nu / kT: F = h nu / 2 + kT ln(1 - exp(-x)). */
export function quantumPart(oscillators: readonly Oscillator[], quantity: GibbsQuantity, temperature: number): number {
  let sum = 0;
  for (const { temperature: level, count } of oscillators) {
    const x = level / Math.max(temperature, COLDEST * level);
    const heat = BOLTZMANN * temperature;
    const zero = (BOLTZMANN * level) / 2;
    const occupied = 1 / Math.expm1(x);
    if (quantity === "gibbs") sum += count * (zero + heat * Math.log(-Math.expm1(-x)));
    else if (quantity === "enthalpy") sum += count * (zero + BOLTZMANN * level * occupied);
    else if (quantity === "entropy") sum += count * BOLTZMANN * (x * occupied - Math.log(-Math.expm1(-x)));
    else if (quantity === "heatCapacity") sum += count * BOLTZMANN * (x / 2 / Math.sinh(Math.min(x / 2, 300))) ** 2;
  }
  return sum;
}
