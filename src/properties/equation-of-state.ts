import { InputError } from "../errors.js";
import { cubeRoot, exponential } from "../math/elementary.js";
import { fitNonlinear } from "../math/least-squares.js";
import { GPA_PER_EV_A3 } from "../units.js";

export type EquationOfStateForm = "birch-murnaghan" | "vinet";

/** Energy of a phase as a function of volume, all per atom. */
export interface EquationOfState {
  readonly form: EquationOfStateForm;
  /** eV/atom, at the minimum. */
  readonly energy: number;
  /** A^3/atom, at the minimum. */
  readonly volume: number;
  /** GPa, at the minimum. */
  readonly bulkModulus: number;
  /** dB/dP at the minimum. */
  readonly bulkModulusDerivative: number;
  /** [16] row major: covariance of energy, volume, bulkModulus, bulkModulusDerivative, in the units above. */
  readonly covariance: Float64Array;
  /** eV/atom, root mean square deviation of the points from the curve. */
  readonly residual: number;
}

type Shape = Pick<EquationOfState, "form" | "energy" | "volume" | "bulkModulus" | "bulkModulusDerivative">;

/**
 * Energy [eV/atom] at a volume [A^3/atom].
 *
 * Birch-Murnaghan, third order (Birch, Phys. Rev. 71 (1947) 809), with x = (V0/V)^(2/3):
 *   E = E0 + 9/16 B0 V0 [ (x-1)^3 B0' + (x-1)^2 (6-4x) ].
 * Vinet (J. Phys. C 19 (1986) L467), with y = (V/V0)^(1/3), h = 3/2 (B0'-1):
 *   E = E0 + 9 B0 V0 / h^2 [ 1 - (1 - h(1-y)) exp(h(1-y)) ].
 */
export function energyAtVolume(
  { form, energy, volume, bulkModulus, bulkModulusDerivative }: Shape,
  at: number,
): number {
  const scale = (bulkModulus / GPA_PER_EV_A3) * volume;
  if (form === "birch-murnaghan") {
    const root = cubeRoot(volume / at);
    const x = root * root;
    const strain = x - 1;
    return energy + (9 / 16) * scale * strain * strain * (strain * bulkModulusDerivative + 6 - 4 * x);
  }
  const h = 1.5 * (bulkModulusDerivative - 1);
  const z = h * (1 - cubeRoot(at / volume));
  return energy + ((9 * scale) / (h * h)) * (1 - (1 - z) * exponential(z));
}

/** Pressure [GPa] -dE/dV at a volume [A^3/atom]. */
export function pressureAtVolume({ form, volume, bulkModulus, bulkModulusDerivative }: Shape, at: number): number {
  if (form === "birch-murnaghan") {
    const root = cubeRoot(volume / at);
    const x = root * root;
    return 1.5 * bulkModulus * x * x * root * (x - 1) * (1 + 0.75 * (bulkModulusDerivative - 4) * (x - 1));
  }
  const y = cubeRoot(at / volume);
  return ((3 * bulkModulus * (1 - y)) / (y * y)) * exponential(1.5 * (bulkModulusDerivative - 1) * (1 - y));
}

/** Volume [A^3/atom] at a pressure [GPa], on the branch that is stable against volume changes. */
export function volumeAtPressure(state: Shape, pressure: number): number {
  let low = 0.2 * state.volume;
  let high = state.volume;
  // Under tension the pressure falls to its minimum, the spinodal; past it there is no stable volume.
  while (pressureAtVolume(state, high) > pressure) {
    const next = high * 1.01;
    if (pressureAtVolume(state, next) >= pressureAtVolume(state, high))
      throw new InputError({
        what: "pressure",
        value: pressure,
        expected: "one above the spinodal of the equation of state",
      });
    high = next;
  }
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (pressureAtVolume(state, middle) > pressure) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Enthalpy E + P V [eV/atom] at a pressure [GPa]. */
export function enthalpyAtPressure(state: Shape, pressure: number): number {
  const volume = volumeAtPressure(state, pressure);
  return energyAtVolume(state, volume) + (pressure / GPA_PER_EV_A3) * volume;
}

/** Fits energies [eV/atom] at volumes [A^3/atom]; `sigma` [eV/atom] weighs them and sets the scale of the covariance. */
export function fitEquationOfState(
  volumes: ArrayLike<number>,
  energies: ArrayLike<number>,
  { form = "birch-murnaghan", sigma }: { readonly form?: EquationOfStateForm; readonly sigma?: ArrayLike<number> } = {},
): EquationOfState {
  const count = volumes.length;
  if (count < 5 || energies.length !== count)
    throw new InputError({
      what: "equation of state",
      value: `${count} volumes, ${energies.length} energies`,
      expected: "at least 5 volumes, one energy each",
    });
  const lowest = Array.from(energies).indexOf(Math.min(...Array.from(energies)));
  const start = startingShape(volumes, energies, lowest);
  const shape = (p: ArrayLike<number>): Shape => ({
    form,
    energy: p[0]!,
    volume: p[1]!,
    bulkModulus: p[2]!,
    bulkModulusDerivative: p[3]!,
  });
  // The energy is fitted against its lowest value, so that thousands of eV of core electrons do not cost digits.
  const offset = energies[lowest]!;
  const relative = Array.from(energies, (e) => e - offset);
  const fit = fitNonlinear((v, p) => energyAtVolume(shape(p), v), volumes, relative, [1e-6, ...start], sigma);
  const found = shape(fit.parameters);
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (relative[i]! - energyAtVolume(found, volumes[i]!)) ** 2;
  return {
    ...found,
    energy: found.energy + offset,
    covariance: fit.covariance,
    residual: Math.sqrt(squares / count),
  };
}

/** V0, B0, B0' from a parabola through the lowest point and its neighbors; a guess where the minimum is at an end. */
function startingShape(volumes: ArrayLike<number>, energies: ArrayLike<number>, lowest: number): number[] {
  const order = Array.from(volumes, (_, i) => i).sort((a, b) => volumes[a]! - volumes[b]!);
  const at = Math.min(Math.max(order.indexOf(lowest), 1), order.length - 2);
  const [i, j, k] = [order[at - 1]!, order[at]!, order[at + 1]!];
  const [x, y, z] = [volumes[i]!, volumes[j]!, volumes[k]!];
  const left = (energies[j]! - energies[i]!) / (y - x);
  const right = (energies[k]! - energies[j]!) / (z - y);
  const curvature = (2 * (right - left)) / (z - x);
  const slope = left + (curvature * (y - x)) / 2;
  const vertex = curvature > 0 ? y - slope / curvature : volumes[lowest]!;
  const volume = Math.min(Math.max(vertex, 0.7 * y), 1.4 * y);
  return [volume, curvature > 0 ? curvature * volume * GPA_PER_EV_A3 : 100, 4.5];
}
