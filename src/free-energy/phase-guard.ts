import type { Averages } from "../dynamics/averages.js";
import { nearestNeighborDistance } from "../properties/lattice-sites.js";
import { identifyPhase } from "../properties/phase-order.js";
import { DISORDERED } from "../properties/phase-order-references.js";
import { cellVolume, invertCell, timesMatrix, toCartesian, toFractional } from "../structure/cell.js";
import type { Structure } from "../structure/structure.js";

/** Mean cell and mean displacements. */
type MeanPlaces = Pick<Averages, "cell" | "displacements">;

/** How far mean positions may be off their sites, as shares of the nearest-neighbor distance. */
export interface SiteLimits {
  /** Of any atom. */
  readonly atom: number;
  /** Root mean square over atoms: a shuffle moves all a little. */
  readonly all: number;
}

/** For means over picoseconds, where vibrations have averaged out. */
export const LONG_MEAN: SiteLimits = { atom: 0.25, all: 0.1 };

/** For means over some vibrations near melting: an atom has left its site for another. */
export const SHORT_MEAN: SiteLimits = { atom: 0.5, all: 0.3 };

/** Largest strain that thermal expansion and softness may bring; martensitic transformations bring more. */
const STRAIN_LIMIT = 0.08;

/** Share of a liquid's atoms that may look like a crystal by chance: supercooled metals reach a few percent. */
const CRYSTAL_LIMIT = 0.3;

/**
 * What says that atoms no longer form the crystal they started as, and what they became: undefined while they do. Mean
 * positions tell a crystal from a melt, a shuffle or a diffusing defect at any temperature, since vibrations average
 * out; the mean cell tells a change of shape; order parameters of the mean structure name the new phase.
 */
export function findTransformation(
  averages: MeanPlaces,
  start: Structure,
  limits: SiteLimits = LONG_MEAN,
): string | undefined {
  const change = findChange(averages, start, limits);
  if (change === undefined) return undefined;
  const became = newPhase(averages, start);
  return became === undefined ? change : `${became}: ${change}`;
}

/** What says that a liquid froze: undefined while it is one. */
export function findFreezing(structure: Structure): string | undefined {
  const { fractions } = identifyPhase(structure);
  if (1 - fractions[DISORDERED]! < CRYSTAL_LIMIT) return undefined;
  const [name, share] = Object.entries(fractions)
    .filter(([phase]) => phase !== DISORDERED)
    .reduce((most, entry) => (entry[1] > most[1] ? entry : most));
  return `froze: ${(100 * share).toFixed(0)}% of atoms became ${name}`;
}

/** "melted", "became hcp": how the mean structure is told from the one at the start, where it can be. */
function newPhase(averages: MeanPlaces, start: Structure): string | undefined {
  if (!start.pbc.every(Boolean)) return undefined;
  const { cell } = averages;
  const sites = toCartesian(cell, toFractional(start.cell, start.positions));
  const mean = identifyPhase({ ...start, cell, positions: sites.map((x, i) => x + averages.displacements[i]!) });
  if (mean.phase === identifyPhase(start).phase) return undefined;
  if (mean.phase === DISORDERED) return "melted";
  return `became ${mean.phase} (${(100 * mean.fractions[mean.phase]!).toFixed(0)}% of atoms)`;
}

function findChange(averages: MeanPlaces, start: Structure, limits: SiteLimits): string | undefined {
  const count = start.numbers.length;
  const drift = [0, 0, 0];
  averages.displacements.forEach((u, i) => {
    drift[i % 3]! += u / count;
  });
  let [largest, atom, squares] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const off = Math.hypot(...[0, 1, 2].map((d) => averages.displacements[3 * i + d]! - drift[d]!));
    squares += off ** 2;
    if (off > largest) [largest, atom] = [off, i];
  }
  const spacing = nearestNeighborDistance(start);
  const off = Math.sqrt(squares / count);
  const neighbors = `on average (nearest neighbors ${spacing.toFixed(2)} A)`;
  if (largest > limits.atom * spacing) return `atom ${atom} moved ${largest.toFixed(2)} A off its site ${neighbors}`;
  if (off > limits.all * spacing) return `atoms moved ${off.toFixed(2)} A off their sites ${neighbors}`;
  const swelling = Math.abs(Math.cbrt(cellVolume(averages.cell) / cellVolume(start.cell)) - 1);
  const strain = Math.max(swelling, shapeStrain(start.cell, averages.cell));
  if (strain > STRAIN_LIMIT) return `the cell was strained by ${(100 * strain).toFixed(0)}%`;
  return undefined;
}

/** The averages of a run that did not start on the sites, with displacements counted from the sites. */
export function countedFromSites(averages: Averages, start: Structure, sites: Structure): Averages {
  const fractions = toFractional(sites.cell, sites.positions);
  const offset = toFractional(start.cell, start.positions).map((x, i) => x - fractions[i]!);
  const shift = toCartesian(averages.cell, offset);
  return { ...averages, displacements: averages.displacements.map((u, i) => u + shift[i]!) };
}

/** Largest strain component between two cells of the same crystal, their change of volume taken out. */
export function shapeStrain(from: Float64Array, to: Float64Array): number {
  const gradient = timesMatrix(invertCell(from), to);
  const change = Math.cbrt(cellVolume(to) / cellVolume(from));
  return gradient.reduce((most, x, i) => Math.max(most, Math.abs(x / change - (i % 4 === 0 ? 1 : 0))), 0);
}
