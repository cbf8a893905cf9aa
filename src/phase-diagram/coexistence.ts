import { ComputationError, InputError } from "../errors.js";
import type { Estimate } from "../math/statistics.js";
import { GPA_PER_EV_A3 } from "../units.js";
import type { CoexistencePoint, PhasePoint } from "./phase-point.js";
import type { StateSurface } from "./state-surface.js";

/** A phase whose Gibbs energy is known at a point, and its volumes around it. */
export interface PhaseBranch {
  readonly point: PhasePoint;
  readonly surface: StateSurface;
}

/** G [eV/atom] at another pressure [GPa] on the isotherm of a known point: G(P) = G(P0) + integral of V dP. */
export function gibbsAtPressure({ point, surface }: PhaseBranch, pressure: number): Estimate {
  const { value, error } = surface.volumeIntegral(point.temperature, point.pressure, pressure);
  return {
    value: point.gibbs.value + value / GPA_PER_EV_A3,
    error: Math.hypot(point.gibbs.error, error / GPA_PER_EV_A3),
  };
}

/**
 * The pressure at which two phases have the same G on an isotherm, by Newton's method with dG/dP = V. The error is
 * sigma(G1 - G2) / |V1 - V2| at the crossing.
 */
export function crossing(one: PhaseBranch, two: PhaseBranch): CoexistencePoint {
  const { temperature } = one.point;
  if (two.point.temperature !== temperature)
    throw new InputError({
      what: "temperatures of the two phases",
      value: `${temperature} K and ${two.point.temperature} K`,
      expected: "one isotherm",
    });
  let pressure = (one.point.pressure + two.point.pressure) / 2;
  for (let step = 0; step < 50; step++) {
    const [a, b] = [gibbsAtPressure(one, pressure), gibbsAtPressure(two, pressure)];
    const slope =
      (one.surface.volume(temperature, pressure).value - two.surface.volume(temperature, pressure).value) /
      GPA_PER_EV_A3;
    const move = -(a.value - b.value) / slope;
    if (Math.abs(move) < 1e-9)
      return { temperature, pressure: { value: pressure, error: Math.hypot(a.error, b.error) / Math.abs(slope) } };
    pressure += Math.max(-5, Math.min(5, move));
  }
  throw new ComputationError({
    what: `crossing of ${one.point.phase} and ${two.point.phase} at ${temperature} K`,
    value: `${pressure.toFixed(2)} GPa after 50 steps`,
    expected: "curves that cross",
    attempt: "state points over a wider range of pressure",
  });
}
