import { type AveragesSettings, crystalAverages } from "../free-energy/crystal-averages.js";
import type { CrystalPhase } from "../free-energy/crystal-phase.js";
import type { LegWork } from "../free-energy/legs.js";
import type { PotentialSpec } from "../potentials/potential.js";
import { meanSpacing } from "../properties/order-neighbors.js";
import { cellHeights, toCartesian, toFractional } from "../structure/cell.js";
import type { Structure } from "../structure/structure.js";
import { supercell } from "../structure/supercell.js";
import { rotate, toTriangularCell } from "../structure/triangular-cell.js";

/** Size of a box for two phases, in units of the crystal's mean spacing (V/N)^(1/3). */
export interface TwoPhaseSize {
  /** Across, at least. 8 by default. */
  readonly width?: number;
  /** Along z, half for each phase, at least. 24 by default; 40 where half a percent of the melting temperature counts. */
  readonly length?: number;
}

/**
 * How often a crystal's cell is repeated in an elongated box. The error of a melting point goes with 1 / sqrt(area x time)
 * and not with the length, which must only keep the interfaces apart.
 */
export function elongatedRepeats(crystal: Structure, { width = 8, length = 24 }: TwoPhaseSize): number[] {
  const spacing = meanSpacing(crystal);
  const least = [width, width, length];
  return cellHeights(crystal.cell).map((height, k) => Math.ceil((least[k]! * spacing) / height - 1e-6));
}

/** The box: a and b of the crystal's cell lie in the plane of the interface, perpendicular to z. */
export function elongatedCrystal(crystal: Structure, repeats: readonly number[]): Structure {
  const { cell, rotation } = toTriangularCell(crystal.cell);
  return supercell({ ...crystal, cell, positions: rotate(crystal.positions, rotation) }, repeats);
}

/** A crystal's own cell as it is on average at a temperature [K]. */
export interface ThermalCrystal {
  readonly temperature: number;
  readonly structure: Structure;
  /** GPa, at rest. */
  readonly bulkModulus: number;
}

/** Averages a crystal at temperature and pressure; throws a PhaseLostError where it does not last. */
export async function thermalCrystal(
  spec: PotentialSpec,
  phase: CrystalPhase,
  settings: AveragesSettings,
  work: LegWork,
): Promise<ThermalCrystal> {
  const { relaxed, averages } = await crystalAverages(spec, phase, settings, work);
  const cell = averages.meanCell.map((x, k) => x / phase.repeats[Math.floor(k / 3)]!);
  const fractions = toFractional(relaxed.structure.cell, relaxed.structure.positions);
  return {
    temperature: settings.temperature,
    bulkModulus: relaxed.bulkModulus,
    structure: { ...relaxed.structure, cell, positions: toCartesian(cell, fractions) },
  };
}

/** The crystal at another temperature, on the straight line through two. */
export function crystalBetween(one: ThermalCrystal, two: ThermalCrystal, temperature: number): ThermalCrystal {
  const share = (temperature - one.temperature) / (two.temperature - one.temperature);
  const { cell, positions } = one.structure;
  const line = (x: number, y: number): number => x + share * (y - x);
  return {
    temperature,
    bulkModulus: line(one.bulkModulus, two.bulkModulus),
    structure: {
      ...one.structure,
      cell: cell.map((x, k) => line(x, two.structure.cell[k]!)),
      positions: positions.map((x, k) => line(x, two.structure.positions[k]!)),
    },
  };
}
