import { cellVolume } from "../../src/structure/cell.js";
import type { LabeledStructure } from "../../src/structure/labeled-structure.js";
import { GPA_PER_EV_A3 } from "../../src/units.js";

/** A static equation of state at the best c/a of each volume. */
export interface StaticEquation {
  /** eV per atom at a volume [A^3 per atom]. */
  energy(volume: number): number;
  /** GPa. */
  pressure(volume: number): number;
  /** A^3 per atom, smallest and largest. */
  readonly range: readonly [number, number];
  /** eV per atom, root mean square deviation of the points from the curve. */
  readonly error: number;
}

/** Coefficients of the polynomial of a degree through points, by least squares (Gauss on a few scaled columns). */
function polynomial(points: readonly (readonly [number, number])[], degree: number): (x: number) => number {
  const order = Math.min(degree, points.length - 1) + 1;
  const center = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const width = Math.max(...points.map(([x]) => Math.abs(x - center))) || 1;
  const basis = (x: number): number[] => Array.from({ length: order }, (_, k) => ((x - center) / width) ** k);
  const rows = Array.from({ length: order }, (_, i) => [
    ...Array.from({ length: order }, (_, j) => points.reduce((sum, [x]) => sum + basis(x)[i]! * basis(x)[j]!, 0)),
    points.reduce((sum, [x, y]) => sum + basis(x)[i]! * y, 0),
  ]);
  for (let i = 0; i < order; i++) {
    const pivot = rows[i]!.map((value) => value / rows[i]![i]!);
    rows.forEach((row, j) => {
      rows[j] = i === j ? pivot : row.map((value, k) => value - row[i]! * pivot[k]!);
    });
  }
  return (x) => basis(x).reduce((sum, value, k) => sum + value * rows[k]!.at(-1)!, 0);
}

/**
 * Birch-Murnaghan of third order (a cubic in V^(-2/3)) through the points; where a volume has several shapes, through
 * the minimum over c/a of a quartic. c/a is the ratio of the third to the first row's length.
 */
export function relaxedEquation(frames: readonly LabeledStructure[]): StaticEquation {
  const byVolume = new Map<string, [number, number][]>();
  for (const { structure, energy } of frames) {
    const { cell, numbers } = structure;
    const length = (i: number): number => Math.hypot(...cell.subarray(3 * i, 3 * i + 3));
    const volume = (cellVolume(cell) / numbers.length).toFixed(3);
    byVolume.set(volume, [...(byVolume.get(volume) ?? []), [length(2) / length(0), energy! / numbers.length]]);
  }
  const points = [...byVolume].map(([volume, shapes]) => [Number(volume), lowest(shapes)] as const);
  const zero = Math.min(...points.map(([, energy]) => energy));
  const curve = polynomial(
    points.map(([volume, energy]) => [volume ** (-2 / 3), energy - zero]),
    3,
  );
  const energyAt = (volume: number): number => zero + curve(volume ** (-2 / 3));
  const deviations = points.map(([volume, energy]) => (energyAt(volume) - energy) ** 2);
  return {
    energy: energyAt,
    pressure: (volume) => (-(energyAt(volume + 1e-3) - energyAt(volume - 1e-3)) / 2e-3) * GPA_PER_EV_A3,
    range: [Math.min(...points.map(([volume]) => volume)), Math.max(...points.map(([volume]) => volume))],
    error: Math.sqrt(deviations.reduce((sum, x) => sum + x, 0) / points.length),
  };
}

function lowest(shapes: readonly (readonly [number, number])[]): number {
  if (shapes.length === 1) return shapes[0]![1];
  const zero = shapes[0]![1];
  const curve = polynomial(
    shapes.map(([ratio, energy]) => [ratio, energy - zero]),
    4,
  );
  const [low, high] = [Math.min(...shapes.map(([r]) => r)), Math.max(...shapes.map(([r]) => r))];
  const scan = Array.from({ length: 201 }, (_, i) => curve(low + ((high - low) * i) / 200));
  return zero + Math.min(...scan);
}

/** GPa where the enthalpies of the two are equal, by bisection between 0 and 40. */
export function transitionPressure(low: StaticEquation, high: StaticEquation): number {
  const enthalpy = (equation: StaticEquation, pressure: number): number => {
    let [a, b] = equation.range;
    for (let i = 0; i < 60; i++) {
      const middle = (a + b) / 2;
      if (equation.pressure(middle) > pressure) a = middle;
      else b = middle;
    }
    return equation.energy(a) + (pressure * a) / GPA_PER_EV_A3;
  };
  let [below, above] = [0, 40];
  for (let i = 0; i < 60; i++) {
    const middle = (below + above) / 2;
    if (enthalpy(low, middle) < enthalpy(high, middle)) below = middle;
    else above = middle;
  }
  return below;
}
