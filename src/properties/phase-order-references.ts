import { randomStream } from "../random.js";
import { cellHeights, cellVolume } from "../structure/cell.js";
import { bcc, betaTin, diamond, fcc, hcp, omega, simpleCubic, simpleHexagonal } from "../structure/lattices.js";
import { type Structure, toStructure } from "../structure/structure.js";
import { supercell } from "../structure/supercell.js";
import { bondsWithin, meanSpacing } from "./order-neighbors.js";
import { springVibrations } from "./phase-order-springs.js";

/** A crystal that atoms are compared with. */
export interface PhaseReference {
  readonly name: string;
  /** Any cell of the crystal, of any size: only its shape counts. */
  readonly structure: Structure;
  /** Snapshots at a finite temperature; without them vibrations are drawn at random around the sites. */
  readonly snapshots?: readonly Structure[];
}

/** What atoms are called that look like no crystal. */
export const DISORDERED = "disordered";

/** The crystals that elements like best. */
export function commonCrystals(): PhaseReference[] {
  return [
    { name: "fcc", structure: fcc("Cu", 1) },
    { name: "bcc", structure: bcc("Cu", 1) },
    { name: "hcp", structure: hcp("Cu", 1) },
    // c/a of titanium, beta-tin silicon and simple hexagonal silicon under pressure.
    { name: "omega", structure: omega("Cu", 1, 0.613) },
    { name: "diamond", structure: diamond("Cu", 1) },
    { name: "beta-tin", structure: betaTin("Cu", 1, 0.55) },
    { name: "simple hexagonal", structure: simpleHexagonal("Cu", 1, 0.94) },
    { name: "simple cubic", structure: simpleCubic("Cu", 1) },
  ];
}

/**
 * Standard deviations of vibrations, components in units of the mean spacing: of atoms on their own, and of neighbors that
 * move along, which disturb less and go farther before a crystal melts.
 */
const INDEPENDENT = [0.05, 0.09];
const CORRELATED = [0.04, 0.08, 0.11];

/** Heights of the cells that vibrate, in units of the mean spacing. */
const LEAST_HEIGHT = 5;

/** A crystal with vibrations of different strength, each atom on its own, then with neighbors moving along. */
export function vibratingCrystal(structure: Structure, seed: number): Structure[] {
  const spacing = meanSpacing(structure);
  const repeats = cellHeights(structure.cell).map((height) => Math.ceil((LEAST_HEIGHT * spacing) / height));
  const sites = supercell(structure, repeats);
  const moved = (displacements: Float64Array): Structure => ({
    ...sites,
    positions: sites.positions.map((x, k) => x + displacements[k]!),
  });
  const random = randomStream(seed, "rattle");
  return [
    ...INDEPENDENT.map((amplitude) => moved(sites.positions.map(() => amplitude * spacing * random.normal()))),
    ...CORRELATED.map((amplitude) => moved(springVibrations(sites, amplitude * spacing, random))),
  ];
}

/** Shortest distances of the packings in units of the mean spacing: open melts to a dense one at its freezing point. */
const DIAMETERS = [0.75, 0.86, 0.97, 1.03];
const PACKED_ATOMS = 250;

/** Disorder without any potential: points drawn at random and pushed apart until no two are closer than a diameter. */
export const disorderedPackings = (seed: number): Structure[] => DIAMETERS.map((d, n) => packing(d, seed, n));

function packing(diameter: number, seed: number, index: number): Structure {
  const length = Math.cbrt(PACKED_ATOMS);
  const random = randomStream(seed, "structureSearch", index);
  let structure = toStructure({
    cell: [length, 0, 0, 0, length, 0, 0, 0, length],
    numbers: new Array(PACKED_ATOMS).fill(1),
    positions: Array.from({ length: 3 * PACKED_ATOMS }, () => length * random.uniform()),
  });
  for (let round = 0; round < 300; round++) {
    const { offsets, distances, directions } = bondsWithin(structure, diameter);
    if (distances.every((r) => r > 0.97 * diameter)) break;
    const positions = structure.positions.slice();
    for (let i = 0; i < PACKED_ATOMS; i++)
      for (let k = offsets[i]!; k < offsets[i + 1]!; k++)
        for (let d = 0; d < 3; d++) positions[3 * i + d]! -= 0.4 * (diameter - distances[k]!) * directions[3 * k + d]!;
    structure = { ...structure, positions };
  }
  return structure;
}

/** The structure scaled to one atom per unit volume. */
export function atUnitDensity(structure: Structure): Structure {
  const scale = Math.cbrt(structure.numbers.length / cellVolume(structure.cell));
  return {
    ...structure,
    cell: structure.cell.map((x) => x * scale),
    positions: structure.positions.map((x) => x * scale),
  };
}
