/**
 * Makes liquid.xyz, the liquid-like snapshots that plan.ts reads: eight atoms of Stillinger-Weber silicon (PRB 31,
 * 5262, 1985), melted from a random arrangement and cooled by Langevin dynamics, one trajectory per density.
 *
 *     npx tsc -p data/silicon-pbe && node results/build/data/silicon-pbe/liquid.js
 *
 * Chaotic motion differs between hosts in the end, so the snapshots are data; this shows how they were made.
 */
import path from "node:path";
import { formatExtxyz } from "../../src/formats/extxyz.js";
import { writeText } from "../../src/formats/files.node.js";
import { createPotential } from "../../src/potentials/create-potential.js";
import { randomStream } from "../../src/random.js";
import { shortestDistance } from "../../src/sampling/rattle.js";
import { massOf } from "../../src/structure/elements.js";
import type { LabeledStructure } from "../../src/structure/labeled-structure.js";
import { type Structure, toStructure } from "../../src/structure/structure.js";
import { BOLTZMANN, TIME_UNIT_FS } from "../../src/units.js";

const silicon = createPotential({
  kind: "stillinger-weber",
  triplets: [
    {
      elements: ["Si", "Si", "Si"],
      epsilon: 2.1683,
      sigma: 2.0951,
      a: 1.8,
      lambda: 21,
      gamma: 1.2,
      cosTheta0: -1 / 3,
      A: 7.049556277,
      B: 0.6022245584,
      p: 4,
      q: 0,
    },
  ],
});

const ATOMS = 8;
const STEP = 1.5 / TIME_UNIT_FS;
const FRICTION = 0.01 * TIME_UNIT_FS;
const MASS = massOf(14);

/** Densities as A^3 per atom: 18 is the liquid at zero pressure, 14.5 near 12 GPa. Angles make cells unlike. */
const TRAJECTORIES = [
  { volume: 18.2, skew: 0.1, snapshots: 4 },
  { volume: 17, skew: -0.15, snapshots: 4 },
  { volume: 15.8, skew: 0.2, snapshots: 4 },
  { volume: 16.4, skew: 0, snapshots: 4 },
  { volume: 14.7, skew: -0.1, snapshots: 4 },
];

const frames: LabeledStructure[] = [];
for (const [index, { volume, skew, snapshots }] of TRAJECTORIES.entries())
  for (const structure of await trajectory(volume, skew, snapshots, index + 1))
    frames.push({ structure: { ...structure, info: { source: `liquid-${index + 1}` } }, group: "liquid" });
writeText(path.resolve("data/silicon-pbe/liquid.xyz"), formatExtxyz(frames));

async function trajectory(volume: number, skew: number, snapshots: number, seed: number): Promise<Structure[]> {
  const edge = (volume * ATOMS) ** (1 / 3);
  const start = scattered([edge, 0, 0, skew * edge, edge, 0, 0, skew * edge, edge], seed);
  const random = randomStream(seed, "langevin");
  const positions = start.positions.slice();
  const velocities = positions.map(() => Math.sqrt((BOLTZMANN * 3500) / MASS) * random.normal());
  const session = await silicon.open(start);
  let { forces } = await session.evaluate();
  const taken: Structure[] = [];
  const length = 1000 + 500 * snapshots;
  for (let step = 1; step <= length; step++) {
    const temperature = 3500 - (1700 * step) / length;
    const keep = Math.exp(-FRICTION * STEP);
    const kick = Math.sqrt((1 - keep * keep) * ((BOLTZMANN * temperature) / MASS));
    for (let i = 0; i < positions.length; i++) {
      velocities[i]! += (STEP * forces[i]!) / (2 * MASS);
      positions[i]! += (STEP / 2) * velocities[i]!;
      velocities[i] = keep * velocities[i]! + kick * random.normal();
      positions[i]! += (STEP / 2) * velocities[i]!;
    }
    ({ forces } = await session.evaluate({ positions }));
    for (let i = 0; i < positions.length; i++) velocities[i]! += (STEP * forces[i]!) / (2 * MASS);
    if (step > 1000 && step % 500 === 0)
      taken.push({ ...start, positions: positions.map((x) => Math.round(x * 1e6) / 1e6) });
  }
  session.dispose();
  console.log(
    `liquid-${seed}: ${volume} A^3, shortest distances`,
    taken.map((s) => shortestDistance(s).toFixed(2)),
  );
  return taken;
}

/** Random places, none closer than 2 A. */
function scattered(cell: number[], seed: number): Structure {
  const random = randomStream(seed, "structureSearch");
  const positions: number[] = [];
  while (positions.length < 3 * ATOMS) {
    const place = [random.uniform(), random.uniform(), random.uniform()];
    const cartesian = [0, 1, 2].map((k) => place.reduce((sum, x, i) => sum + x * cell[3 * i + k]!, 0));
    const tried = [...positions, ...cartesian];
    const structure = toStructure({ cell, numbers: Array(tried.length / 3).fill(14), positions: tried });
    if (tried.length === 3 || shortestDistance(structure) > 2) positions.push(...cartesian);
  }
  return toStructure({ cell, numbers: Array(ATOMS).fill(14), positions });
}
