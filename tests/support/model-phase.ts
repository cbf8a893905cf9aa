import type { PhaseData } from "../../src/phase-diagram/phase-data.js";
import { randomStream } from "../../src/random.js";
import { BOLTZMANN, GPA_PER_EV_A3 } from "../../src/units.js";

export interface ModelPhase {
  readonly name: string;
  gibbs(temperature: number, pressure: number): number;
  volume(temperature: number, pressure: number): number;
  enthalpy(temperature: number, pressure: number): number;
}

export interface ModelParameters {
  /** eV/atom, A^3/atom, GPa at rest, and B'. */
  readonly energy: number;
  readonly volume: number;
  readonly bulk: number;
  readonly slope: number;
  /** K, of classical oscillators, and Grueneisen's parameter. */
  readonly theta: number;
  readonly gruneisen: number;
  /** eV/K^2: - anharmonic T^2. */
  readonly anharmonic?: number;
  /** eV/K^0.6: - T^(3/5), as the potential energy of liquids goes (Rosenfeld and Tarazona). */
  readonly liquid?: number;
}

/**
 * A made-up phase that is thermodynamically exact and no polynomial: Murnaghan's equation of state with classical
 * quasi-harmonic vibrations of theta = theta0 (V0/V)^gamma,
 * F = E(V) + 3kT ln(theta / T) - a T^2 - b T^(3/5).
 */
export function modelPhase(name: string, m: ModelParameters): ModelPhase {
  const { energy, volume: v0, slope, theta, gruneisen, anharmonic = 0, liquid = 0 } = m;
  const bulk = m.bulk / GPA_PER_EV_A3;
  const pressureAt = (v: number, t: number): number =>
    (bulk / slope) * ((v0 / v) ** slope - 1) + (3 * BOLTZMANN * t * gruneisen) / v;
  const volume = (t: number, p: number): number => {
    const wanted = p / GPA_PER_EV_A3;
    let v = v0;
    for (let step = 0; step < 200; step++) {
      const rise = (-bulk * (v0 / v) ** slope) / v - (3 * BOLTZMANN * t * gruneisen) / v ** 2;
      const move = (wanted - pressureAt(v, t)) / rise;
      v += Math.max(-0.1 * v, Math.min(0.1 * v, move));
      if (Math.abs(move) < 1e-13 * v) break;
    }
    return v;
  };
  const cold = (v: number): number =>
    energy + ((bulk * v) / slope) * ((v0 / v) ** slope / (slope - 1) + 1) - (bulk * v0) / (slope - 1);
  const helmholtz = (v: number, t: number): number =>
    cold(v) +
    3 * BOLTZMANN * t * (Math.log(theta / t) + gruneisen * Math.log(v0 / v)) -
    anharmonic * t ** 2 -
    liquid * t ** 0.6;
  // E = F + T S, with S = -(dF/dT) at constant V.
  const energyAt = (v: number, t: number): number =>
    cold(v) + 3 * BOLTZMANN * t + anharmonic * t ** 2 - 0.4 * liquid * t ** 0.6;
  const work = (v: number, p: number): number => (p / GPA_PER_EV_A3) * v;
  return {
    name,
    volume,
    gibbs: (t, p) => helmholtz(volume(t, p), t) + work(volume(t, p), p),
    enthalpy: (t, p) => energyAt(volume(t, p), t) + work(volume(t, p), p),
  };
}

/** Errors that measurements of a model phase are given: eV/atom, A^3/atom. */
export interface ModelNoise {
  readonly gibbs: number;
  readonly volume: number;
  readonly enthalpy: number;
}

/** A phase as it would be measured, with normal errors. */
export function measureModel(
  phase: ModelPhase,
  places: {
    readonly gibbs?: readonly (readonly [number, number])[];
    readonly states?: readonly (readonly [number, number])[];
  },
  noise: ModelNoise,
  seed: number,
): PhaseData {
  const random = randomStream(seed, "rattle");
  const drawn = (value: number, error: number) => ({ value: value + error * random.normal(), error });
  return {
    gibbs: (places.gibbs ?? []).map(([temperature, pressure]) => ({
      ...{ temperature, pressure, gibbs: drawn(phase.gibbs(temperature, pressure), noise.gibbs) },
    })),
    states: (places.states ?? []).map(([temperature, pressure]) => ({
      temperature,
      pressure,
      volume: drawn(phase.volume(temperature, pressure), noise.volume),
      enthalpy: drawn(phase.enthalpy(temperature, pressure), noise.enthalpy),
    })),
  };
}

/** All pairs of temperatures and pressures. */
export const grid = (temperatures: readonly number[], pressures: readonly number[]): [number, number][] =>
  temperatures.flatMap((t) => pressures.map((p): [number, number] => [t, p]));
