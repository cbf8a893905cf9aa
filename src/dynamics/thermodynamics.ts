import { BOLTZMANN, GPA_PER_EV_A3 } from "../units.js";
import type { DynamicsPlan } from "./dynamics-spec.js";

/** One row of a run. */
export interface Thermodynamics {
  readonly step: number;
  /** fs. */
  readonly time: number;
  /** K, of the kinetic energy. */
  readonly temperature: number;
  /** eV, of the potential and of the reference system, each without its factor. */
  readonly potentialEnergy: number;
  readonly referenceEnergy: number;
  /** eV. */
  readonly kineticEnergy: number;
  /** eV, kinetic and a U_potential + b U_reference. */
  readonly totalEnergy: number;
  /** eV, less what thermostat and switching have put in: constant but for the error of the steps where the cell is fixed. */
  readonly conservedEnergy: number;
  /** GPa, with the kinetic part; not a number, like stress and volume, unless all directions are periodic. */
  readonly pressure: number;
  /** [6] eV/A^3 with the kinetic part, positive is tension, xx yy zz yz xz xy. */
  readonly stress: Float64Array;
  /** A^3. */
  readonly volume: number;
  /** [9] A, rows. */
  readonly cell: Float64Array;
  readonly potentialFactor: number;
  readonly referenceFactor: number;
  /** eV, work done so far by changing the factor of the potential, of the reference system, and of P V. */
  readonly potentialWork: number;
  readonly referenceWork: number;
  readonly volumeWork: number;
  /** eV/A. */
  readonly largestForce: number;
}

/** Reads a row of the engine's ring; see sampling.as.ts for its order. */
export function readRow(row: Float64Array, plan: DynamicsPlan): Thermodynamics {
  const [step, potential, reference, kinetic, cellVolume, a, b, heat, work0, work1, work2, force] = row as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const volume = plan.periodic ? cellVolume : Number.NaN;
  const stress = Float64Array.from({ length: 6 }, (_, k) => -(row[12 + k]! + row[18 + k]!) / volume);
  const total = kinetic + a * potential + b * reference;
  return {
    step,
    time: step * plan.timestep,
    temperature: (2 * kinetic) / (plan.degrees * BOLTZMANN),
    potentialEnergy: potential,
    referenceEnergy: reference,
    kineticEnergy: kinetic,
    totalEnergy: total,
    conservedEnergy: total - heat - work0 - work1,
    pressure: (-(stress[0]! + stress[1]! + stress[2]!) / 3) * GPA_PER_EV_A3,
    stress,
    volume,
    cell: row.slice(24, 33),
    potentialFactor: a,
    referenceFactor: b,
    potentialWork: work0,
    referenceWork: work1,
    volumeWork: work2,
    largestForce: force,
  };
}
