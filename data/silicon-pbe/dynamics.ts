/**
 * Makes dynamics.xyz, snapshots that plan.ts reads: beta-tin and diamond of eight atoms as the potential fitted to the
 * rest of the set moves them, so that the set holds what dynamics with such a potential meets.
 *
 *     npx tsc -p data/silicon-pbe && node results/build/data/silicon-pbe/dynamics.js
 *
 * Like liquid.xyz the snapshots are data; the set of the day (281 structures) made the potential of these.
 */
import path from "node:path";
import { formatExtxyz, parseExtxyz } from "../../src/formats/extxyz.js";
import { readText, writeText } from "../../src/formats/files.node.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { fitPotential } from "../../src/regression/fit.js";
import { dynamicsSnapshots } from "../../src/sampling/dynamics-snapshots.js";
import { shortestDistance } from "../../src/sampling/rattle.js";
import { strainStructure } from "../../src/sampling/strain.js";
import type { LabeledStructure } from "../../src/structure/labeled-structure.js";
import type { Structure } from "../../src/structure/structure.js";
import * as crystal from "./crystals.js";

const folder = path.resolve("data/silicon-pbe");
const train = parseExtxyz(readText(path.join(folder, "train.xyz"))).filter(({ group }) => !group.startsWith("md-"));
const { potential } = await fitPotential({ model: { kind: "snap", twojmax: 8 }, seed: 1 }, train);

const tin = (volume: number, matrix: readonly number[], strain: readonly number[]): Structure =>
  strainStructure(crystal.roundSupercell(crystal.tetragonal(volume, 0.543), matrix), strain);

interface Trajectory {
  readonly group: string;
  readonly structure: Structure;
  /** K. */
  readonly temperature: number;
  readonly snapshots: number;
}

const TRAJECTORIES: readonly Trajectory[] = [
  {
    group: "md-beta-tin",
    structure: tin(14.3, [2, 0, 0, 0, 2, 0, 0, 0, 1], [0.01, -0.01, 0, 0.02, 0, 0]),
    temperature: 500,
    snapshots: 2,
  },
  {
    group: "md-beta-tin",
    structure: tin(14.6, [1, 0, 0, 0, 2, 0, 0, 0, 2], [0, 0, 0.01, 0, 0, 0.02]),
    temperature: 800,
    snapshots: 3,
  },
  {
    group: "md-beta-tin",
    structure: tin(14, [1, 0, 1, 0, 2, 0, 0, 0, 2], [0.02, -0.02, 0, 0, 0, 0]),
    temperature: 800,
    snapshots: 3,
  },
  { group: "md-diamond", structure: crystal.cubicDiamond(18.8), temperature: 900, snapshots: 2 },
];

const frames: LabeledStructure[] = [];
for (const [index, { group, structure, temperature, snapshots }] of TRAJECTORIES.entries()) {
  const source = `${group}-${index + 1}`;
  const taken = await dynamicsSnapshots({
    structure,
    potential: createPotential(potential),
    ensemble: { kind: "nvt", temperature },
    seed: index + 1,
    count: snapshots,
    source,
  });
  for (const snapshot of taken) {
    const positions = snapshot.positions.map((x) => Math.round(x * 1e6) / 1e6);
    frames.push({ structure: { ...snapshot, positions }, group });
    console.log(source, shortestDistance(snapshot).toFixed(2));
  }
}
writeText(path.join(folder, "dynamics.xyz"), formatExtxyz(frames));
