import { parseExtxyz } from "../../src/formats/extxyz.js";
import { readText } from "../../src/formats/files.node.js";
import { rattle } from "../../src/sampling/rattle.js";
import { randomStrain, scaleToVolume, strainGrid } from "../../src/sampling/strain.js";
import type { Structure } from "../../src/structure/structure.js";
import * as crystal from "./crystals.js";

/** One structure to label. A `source` is a family; train and test never share one. */
export interface Planned {
  readonly structure: Structure;
  readonly group: string;
  readonly source: string;
}

const SEED = 20261121;

/** Evenly spaced numbers, both ends included. */
const range = (from: number, to: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));

const family = (group: string, source: string, structures: Structure[]): Planned[] =>
  structures.map((structure) => ({ structure, group, source }));

/**
 * Equations of state, volumes [A^3 per atom] from 25% compressed to 10% expanded about each phase's own minimum;
 * beta-tin and simple hexagonal with c/a scanned, denser between about 5 and 16 GPa.
 */
export const equationsOfState = (): Planned[] => [
  ...family("eos-diamond", "eos-diamond", range(15.3, 22.6, 15).map(crystal.diamond)),
  ...[0.5, 0.525, 0.54, 0.55, 0.575, 0.6].flatMap((ratio) =>
    family(
      "eos-beta-tin",
      "eos-beta-tin",
      [11.6, 12.4, 13.2, 13.6, 14.0, 14.4, 14.8, 15.4, 16.2, 17].map((volume) => crystal.betaTin(volume, ratio)),
    ),
  ),
  ...[0.9, 0.94, 0.98, 1.04].flatMap((ratio) =>
    family(
      "eos-simple-hexagonal",
      "eos-simple-hexagonal",
      [11.4, 12.2, 13, 13.6, 14.2, 14.8, 15.4, 16.4, 16.9].map((volume) => crystal.simpleHexagonal(volume, ratio)),
    ),
  ),
  ...family("eos-bcc", "eos-bcc", [...range(11, 16.2, 11), 16.6].map(crystal.bodyCentered)),
  ...family("eos-fcc", "eos-fcc", [...range(10.9, 16, 11), 16.4].map(crystal.faceCentered)),
  ...[0.25, 0.5, 0.75].flatMap((way) =>
    family(
      "eos-imma",
      "eos-imma",
      [13, 13.6, 14.2, 14.8].map((volume) => crystal.immaBetween(volume, way)),
    ),
  ),
];

/**
 * Beta-tin distorted a little towards Imma, and the other way: orthorhombic strain and shift of the rows apart, at
 * volumes of 5 to 15 GPa. The two phases are within a few meV/atom of each other, so this landscape must be right.
 */
export const orthorhombicBetaTin = (): Planned[] =>
  [13.8, 14.3, 14.8].flatMap((volume) =>
    [0.91, 0.95, 0.98, 1].flatMap((bOverA) =>
      [0.25, 0.27, 0.3].flatMap((delta) =>
        bOverA === 1 && delta === 0.25
          ? []
          : family("imma-valley", "imma-valley", [
              // c stays 0.543 of what a was before the strain.
              crystal.imma(volume, bOverA, 0.543 * Math.sqrt(bOverA), delta),
            ]),
      ),
    ),
  );

/** Diamond to beta-tin along the tetragonal path: c/a from 1.414 to 0.55 while the volume goes from 19 to 14.2. */
export const diamondToBetaTin = (): Planned[] =>
  family(
    "path",
    "path-diamond-beta-tin",
    range(1.25, 0.65, 9).map((ratio) => crystal.tetragonal(14.2 + (4.8 * (ratio - 0.55)) / (Math.SQRT2 - 0.55), ratio)),
  );

/** Diamond under one strain component at a time at zero and at high pressure: elastic constants. */
export const elastic = (): Planned[] => [
  ...family("elastic", "elastic-20.4", strainGrid(crystal.diamond(20.4), [-0.02, 0.02])),
  ...family("elastic", "elastic-18.6", strainGrid(crystal.diamond(18.6), [0.03])),
];

/** Beta-tin at about 10 GPa under one strain component at a time, atoms where the strain puts them. */
export const elasticBetaTin = (): Planned[] =>
  family("elastic-beta-tin", "elastic-beta-tin-14.3", strainGrid(crystal.betaTin(14.3, 0.543), [-0.03, 0.03]));

interface Snapshots {
  readonly group: string;
  readonly source: string;
  readonly base: Structure;
  /** A^3 per atom, one snapshot at each. */
  readonly volumes: readonly number[];
  /** A; snapshot i gets the i-th, cyclically. */
  readonly amplitudes: readonly number[];
  readonly strain: number;
  readonly seed: number;
}

const snapshots = ({ group, source, base, volumes, amplitudes, strain, seed }: Snapshots): Planned[] =>
  family(
    group,
    source,
    volumes.map((volume, index) => {
      const strained = randomStrain(scaleToVolume(base, volume), strain, SEED + seed, index);
      const amplitude = amplitudes[index % amplitudes.length]!;
      return rattle(strained, { amplitude, seed: SEED + seed, index, minimumDistance: 1.8 });
    }),
  );

/** Upper triangular integer matrices: supercells of different shapes, so that rattling samples different waves. */
const SHAPES: Readonly<Record<string, readonly number[]>> = {
  "1": [1, 0, 0, 0, 1, 0, 0, 0, 1],
  "2a": [2, 0, 0, 0, 1, 0, 0, 0, 1],
  "2c": [1, 0, 0, 0, 1, 0, 0, 0, 2],
  "2ab": [1, 1, 0, 0, 2, 0, 0, 0, 1],
  "2bc": [1, 0, 0, 0, 1, 1, 0, 0, 2],
  "3a": [3, 0, 0, 0, 1, 0, 0, 0, 1],
  "3c": [1, 0, 0, 0, 1, 0, 0, 0, 3],
  "3abc": [1, 0, 1, 0, 1, 1, 0, 0, 3],
  "4ab": [2, 0, 0, 0, 2, 0, 0, 0, 1],
  "4bc": [1, 0, 0, 0, 2, 0, 0, 0, 2],
  "4abc": [1, 0, 1, 0, 2, 0, 0, 0, 2],
};

const shaped = (base: Structure, shape: string): Structure => crystal.roundSupercell(base, SHAPES[shape]!);

/** Thermal and strained diamond, 2 to 8 atoms, from -2 to about 14 GPa. */
export const thermalDiamond = (): Planned[] => {
  const base = crystal.diamond(20);
  const one = (shape: string, seed: number, volumes: number[], amplitudes: number[], strain = 0.03): Planned[] =>
    snapshots({ group: "diamond", source: `diamond-${shape}-${seed}`, base: shaped(base, shape), volumes, amplitudes, strain, seed }); // biome-ignore format: one line
  return [
    ...one("1", 1, [20.6, 20.4, 19.8, 19, 18.2, 20.4, 21.2, 18.6], [0.03, 0.06, 0.1], 0.04),
    ...one("2a", 2, [20.5, 19.6, 18.6, 20.9, 17.9, 20.2], [0.04, 0.08, 0.12]),
    ...one("2ab", 3, [20.4, 19.2, 18.3, 21.2], [0.06, 0.1]),
    ...one("3abc", 4, [20.5, 19.8, 18.8, 20.9], [0.05, 0.08, 0.12]),
    ...one("2a", 5, [20.4, 18.9], [0.1, 0.06]),
  ];
};

/** Diamond in its cubic cell of 8 atoms, amplitudes of a crystal from 100 to 900 K. */
export const cubicDiamond = (): Planned[] => {
  const base = crystal.cubicDiamond(20);
  const one = (seed: number, volumes: number[], amplitudes: number[]): Planned[] =>
    snapshots({ group: "diamond-8", source: `diamond-8-${seed}`, base, volumes, amplitudes, strain: 0.015, seed });
  return [
    ...one(11, [20.4, 20.6, 20.1, 19.4], [0.04, 0.07, 0.1, 0.14]),
    ...one(12, [18.8, 18.2, 20.8], [0.05, 0.08, 0.12]),
    ...one(13, [20.5, 19.2, 18.5], [0.11, 0.06, 0.09]),
    ...one(14, [20.4, 19], [0.07, 0.1]),
  ];
};

/** One atom of the cubic cell of 8 taken out, the others rattled. */
export const vacancy = (): Planned[] => {
  const full = crystal.cubicDiamond(20);
  const base = { ...full, numbers: full.numbers.slice(1), positions: full.positions.slice(3) };
  const one = (seed: number, volumes: number[], amplitudes: number[]): Planned[] =>
    snapshots({
      group: "vacancy",
      source: `vacancy-${seed}`,
      base,
      volumes: volumes.map((volume) => (volume * 8) / 7),
      amplitudes,
      strain: 0.01,
      seed,
    });
  return [...one(21, [20.4, 20.2, 20, 19.6], [0.02, 0.05, 0.08, 0.11]), ...one(22, [20.3, 19.4], [0.06, 0.1])];
};

/** Strained and rattled beta-tin, Imma and simple hexagonal, 2 to 8 atoms, volumes of 5 to 16 GPa and wider. */
export const thermalMetals = (): Planned[] => {
  const tin = crystal.tetragonal(14.4, 0.55);
  const hexagonal = crystal.simpleHexagonal(14.2, 0.94);
  const [middle, late] = [crystal.immaBetween(14.2, 0.4), crystal.immaBetween(14.2, 0.75)];
  const one = (
    group: string,
    base: Structure,
    shape: string,
    seed: number,
    volumes: number[],
    amplitudes: number[],
    strain = 0.03,
  ): Planned[] => snapshots({ group, source: `${group}-${shape}-${seed}`, base: shaped(base, shape), volumes, amplitudes, strain, seed }); // biome-ignore format: one line
  const [bt, sh, im] = ["beta-tin", "simple-hexagonal", "imma"] as const;
  return [
    ...one(bt, tin, "1", 31, [14.6, 14.2, 13.8, 15, 14.4, 13.4, 15.6], [0.06, 0.1, 0.16, 0.2], 0.05),
    ...one(bt, tin, "2a", 32, [14.6, 14.2, 13.8, 15.2, 14.4, 14], [0.08, 0.05, 0.11]),
    ...one(sh, hexagonal, "2c", 51, [14.4, 13.8, 14.8, 13.3], [0.05, 0.08, 0.12], 0.04),
    ...one(bt, tin, "2c", 33, [14.5, 14.1, 13.7, 15], [0.06, 0.1, 0.14]),
    ...one(im, middle, "1", 61, [14.4, 14, 13.6, 14.8, 14.2], [0.04, 0.08, 0.12], 0.04),
    ...one(sh, hexagonal, "1", 52, [14.2, 13.6, 14.8, 13, 15.2], [0], 0.06),
    ...one(bt, tin, "2ab", 34, [14.7, 14.3, 13.9], [0.07, 0.12, 0.05]),
    ...one(im, late, "1", 62, [14.4, 13.8, 14.8, 13.4], [0.05, 0.1], 0.03),
    ...one(bt, tin, "1", 37, [14.2, 14.6, 13.6, 15], [0.04, 0.07], 0.02),
    ...one(sh, hexagonal, "3abc", 53, [14.2, 13.6, 14.8], [0.07, 0.11, 0.05]),
    ...one(bt, tin, "3c", 35, [14.6, 14.1, 13.7, 15.1], [0.06, 0.1, 0.14], 0.02),
    ...one(bt, tin, "3abc", 36, [14.5, 14, 14.8], [0.08, 0.12, 0.05], 0.02),
    ...one(sh, hexagonal, "4bc", 54, [14.4, 13.8, 13.4, 14.8], [0.06, 0.1, 0.14], 0.02),
  ];
};

/** Beta-tin, Imma and simple hexagonal in cells of 8 atoms. */
export const largeMetals = (): Planned[] => {
  const tin = crystal.tetragonal(14.4, 0.55);
  const hexagonal = crystal.simpleHexagonal(14.2, 0.94);
  const one = (group: string, base: Structure, shape: string, seed: number, volumes: number[], amplitudes: number[]) =>
    snapshots({ group, source: `${group}-${shape}-${seed}`, base: shaped(base, shape), volumes, amplitudes, strain: 0.015, seed }); // biome-ignore format: one line
  return [
    ...one("beta-tin-8", tin, "4ab", 71, [14.6, 14.2, 13.8, 15.1], [0.06, 0.1, 0.14]),
    ...one("imma-8", crystal.immaBetween(14.2, 0.5), "2c", 81, [14.4, 13.9], [0.07, 0.12]),
    ...one("beta-tin-8", tin, "4bc", 72, [14.5, 14, 14.9], [0.08, 0.13, 0.05]),
    ...one("simple-hexagonal-8", shaped(hexagonal, "4ab"), "2c", 91, [14.2, 13.7], [0.07, 0.12]),
    ...one("beta-tin-8", tin, "4abc", 73, [14.6, 14.1, 13.6, 15.2], [0.11, 0.07, 0.15]),
  ];
};

/** Close-packed and body-centered cells, strained and rattled. */
export const compactMetals = (): Planned[] => {
  const one = (group: string, base: Structure, shape: string, seed: number, volumes: number[]): Planned[] =>
    snapshots({ group, source: `${group}-${shape}-${seed}`, base: shaped(base, shape), volumes, amplitudes: [0.06, 0.12], strain: 0.05, seed }); // biome-ignore format: one line
  return [
    ...one("bcc", crystal.bodyCentered(14), "2ab", 101, [14.2, 13.4, 12.6, 15]),
    ...one("fcc", crystal.faceCentered(14), "2a", 102, [14.2, 13.4, 12.6, 15]),
    ...one("bcc", crystal.bodyCentered(14), "3abc", 103, [14, 13]),
    ...one("fcc", crystal.faceCentered(14), "3c", 104, [14, 13]),
  ];
};

/** Unlabeled snapshots of a file, by the source that each names. */
const snapshotsOf = (file: string): Planned[] =>
  parseExtxyz(readText(`data/silicon-pbe/${file}`)).map(({ structure: { info, ...structure }, group }) => ({
    structure,
    group,
    source: String(info?.source),
  }));

/** Molten Stillinger-Weber silicon at five densities, made by liquid.ts. */
export const liquid = (): Planned[] => snapshotsOf("liquid.xyz");

/** Beta-tin and diamond as a potential fitted to the rest moves them, made by dynamics.ts. */
export const dynamics = (): Planned[] => snapshotsOf("dynamics.xyz");
