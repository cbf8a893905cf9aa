import type { Averages } from "../dynamics/averages.js";
import { nearestNeighborDistance } from "../properties/lattice-sites.js";
import { cellVolume, invertCell, timesMatrix } from "../structure/cell.js";
import type { Structure } from "../structure/structure.js";

/** Share of the nearest-neighbor distance by which a site's mean position may be off before the crystal is another one. */
const SITE_LIMIT = 0.2;

/** Largest strain that thermal expansion and softness may bring; martensitic transformations bring more. */
const STRAIN_LIMIT = 0.08;

/**
 * What says that atoms no longer form the crystal they started as: undefined while they do. Mean positions tell a
 * crystal from a melt, a shuffle or a diffusing defect at any temperature, since vibrations average out; the mean cell
 * tells a change of shape.
 */
export function findTransformation(averages: Averages, start: Structure): string | undefined {
  const count = start.numbers.length;
  const drift = [0, 0, 0];
  averages.displacements.forEach((u, i) => {
    drift[i % 3]! += u / count;
  });
  let [largest, atom] = [0, 0];
  for (let i = 0; i < count; i++) {
    const off = Math.hypot(...[0, 1, 2].map((d) => averages.displacements[3 * i + d]! - drift[d]!));
    if (off > largest) [largest, atom] = [off, i];
  }
  const spacing = nearestNeighborDistance(start);
  if (largest > SITE_LIMIT * spacing)
    return `atom ${atom} moved ${largest.toFixed(2)} A off its site on average (nearest neighbors ${spacing.toFixed(2)} A)`;
  const swelling = Math.abs(Math.cbrt(cellVolume(averages.cell) / cellVolume(start.cell)) - 1);
  const strain = Math.max(swelling, shapeStrain(start.cell, averages.cell));
  if (strain > STRAIN_LIMIT) return `the cell was strained by ${(100 * strain).toFixed(0)}%`;
  return undefined;
}

/** Largest strain component between two cells of the same crystal, their change of volume taken out. */
export function shapeStrain(from: Float64Array, to: Float64Array): number {
  const gradient = timesMatrix(invertCell(from), to);
  const change = Math.cbrt(cellVolume(to) / cellVolume(from));
  return gradient.reduce((most, x, i) => Math.max(most, Math.abs(x / change - (i % 4 === 0 ? 1 : 0))), 0);
}
