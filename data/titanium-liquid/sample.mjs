// How the structures of this folder were made: node data/titanium-liquid/sample.mjs FOLDER [POTENTIAL.json]. Chaotic motion ends
// differently with another potential, so the structures are data; those that were moved by the potential of ../titanium-saidi as it
// was then are named in PROVENANCE.md.
import fs from "node:fs";
import path from "node:path";
import * as phasecell from "../../dist/index.js";
import { randomStream } from "../../dist/random.js";
import { shortestDistance } from "../../dist/sampling/rattle.js";

const { bcc, fcc, hcp, omega, supercell, toStructure } = phasecell;
const here = import.meta.dirname;
const [folder, file = path.join(here, "../titanium-saidi/potential.json")] = process.argv.slice(2);
if (!folder) throw new Error("where to? node data/titanium-liquid/sample.mjs FOLDER [POTENTIAL.json]");
const potential = phasecell.createPotential(JSON.parse(fs.readFileSync(file, "utf8")));
const round = (values) => values.map((x) => Math.round(x * 1e6) / 1e6);

/** Nine places at random in a skewed cell, none closer than 2.1 A. */
function scattered(volume, skew, seed) {
  const edge = (volume * 9) ** (1 / 3);
  const cell = round([edge, 0, 0, skew * edge, edge, 0, 0, -skew * edge, edge]);
  const random = randomStream(seed, "structureSearch");
  let placed = [];
  while (placed.length < 27) {
    const place = [random.uniform(), random.uniform(), random.uniform()];
    const tried = [...placed, ...[0, 1, 2].map((k) => place.reduce((sum, x, i) => sum + x * cell[3 * i + k], 0))];
    const structure = toStructure({ cell, numbers: Array(tried.length / 3).fill(22), positions: tried });
    if (tried.length === 3 || shortestDistance(structure) > 2.1) placed = tried;
  }
  return toStructure({ cell, numbers: Array(9).fill(22), positions: placed });
}

const scaled = (structure, volume) => {
  const { cell, positions, numbers } = structure;
  const [[a, b, c], [d, e, f], [g, h, i]] = [0, 3, 6].map((row) => cell.subarray(row, row + 3));
  const factor =
    ((volume * numbers.length) / (a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g))) ** (1 / 3);
  return toStructure({
    cell: round(cell.map((x) => x * factor)),
    numbers,
    positions: round(positions.map((x) => x * factor)),
  });
};

/** Volumes per atom [A^3]: 17.3 is a crystal at zero pressure, 15 one near 17 GPa. */
const crystals = {
  hcp: hcp("Ti", 2.94, 4.65),
  omega: omega("Ti", 4.57, 2.83),
  bcc: bcc("Ti", 3.25, { primitive: true }),
};
const atRest = (name, crystal, volume) => ({
  structure: { ...scaled(crystal, volume), info: { source: `rest-${name}` } },
  group: `rest_${name}`,
});
const rest = [
  ...[17.3, 16, 18.4, 14.9].flatMap((volume) =>
    Object.entries(crystals).map(([name, crystal]) => atRest(name, crystal, volume)),
  ),
  ...[17.3, 15].map((volume) => atRest("fcc", fcc("Ti", 4.1, { primitive: true }), volume)),
];

/**
 * Eight atoms of hcp or bcc in boxes that Burgers' path turns into each other: 2a, b, c of the orthorhombic cell of four atoms. So
 * both have the same mesh of k-points, 3 x 4 x 4.
 */
function box(phase, volume) {
  const isHcp = phase === "hcp";
  const ratio = 1.582;
  const a = isHcp ? ((4 * volume) / (Math.sqrt(3) * ratio)) ** (1 / 3) : (2 * volume) ** (1 / 3);
  const [b, c] = isHcp ? [a * Math.sqrt(3), a * ratio] : [a * Math.SQRT2, a * Math.SQRT2];
  const places = isHcp
    ? [
        [0, 0, 0],
        [0.5, 0.5, 0],
        [0.5, 1 / 6, 0.5],
        [0, 2 / 3, 0.5],
      ]
    : [
        [0, 0, 0],
        [0.5, 0.5, 0],
        [0.5, 0, 0.5],
        [0, 0.5, 0.5],
      ];
  const positions = [0, 1].flatMap((i) => places.flatMap(([x, y, z]) => [(x + i) * a, y * b, z * c]));
  return toStructure({
    cell: round([2 * a, 0, 0, 0, b, 0, 0, 0, c]),
    numbers: Array(8).fill(22),
    positions: round(positions),
  });
}

const START = {
  liquid: (volume, seed, skew) => scattered(volume, skew, seed),
  hcp: (volume) => box("hcp", volume),
  bcc: (volume) => box("bcc", volume),
  omega: (volume) => scaled(supercell(crystals.omega, [1, 1, 2]), volume),
};
// Phase, volume [A^3], temperature [K], seed, skew of the melts' cells.
const runs = {
  liquid: [
    ["liquid", 18.8, 2000, 1, 0.1],
    ["liquid", 16.8, 2300, 2, -0.12],
    ["liquid", 17.8, 2000, 21, 0.1],
  ],
  unseen: [["liquid", 18.4, 1900, 11, -0.1]],
  hot: [
    ["liquid", 18.6, 1700, 22, -0.12],
    ["liquid", 17, 2300, 23, 0.1],
    ["liquid", 19.3, 2000, 24, -0.1],
    ["hcp", 17.8, 1200, 31],
    ["hcp", 18.2, 1500, 32],
    ["bcc", 17.8, 1200, 41],
    ["hcp", 17.8, 1200, 51],
    ["hcp", 16.6, 900, 53],
    ["hcp", 18, 1400, 54],
    ["bcc", 17.7, 1200, 61],
    ["bcc", 16.4, 1200, 63],
    ["liquid", 17.6, 2000, 72, 0.1],
    ["omega", 16.6, 900, 81],
  ],
  "unseen-hot": [
    ["hcp", 17.6, 1000, 52],
    ["bcc", 18, 1500, 62],
    ["liquid", 18.4, 1800, 71, -0.1],
    ["bcc", 17.6, 1100, 64],
    ["liquid", 15.8, 2400, 25, 0.1],
  ],
};
for (const [name, list] of Object.entries(runs)) {
  const frames = [];
  for (const [phase, volume, temperature, seed, skew] of list) {
    const isLiquid = phase === "liquid";
    const source = `${phase}-${seed}`;
    const [structure] = await phasecell.dynamicsSnapshots({
      structure: START[phase](volume, seed, skew),
      potential,
      ensemble: { kind: "nvt", temperature },
      timestep: 1,
      equilibration: isLiquid ? 3000 : 1500,
      spacing: isLiquid ? 1000 : 500,
      count: 1,
      seed,
      source,
    });
    frames.push({
      group: isLiquid ? phase : `hot_${phase}`,
      structure: { ...structure, positions: round(structure.positions) },
    });
    console.log(source, shortestDistance(structure).toFixed(2));
  }
  fs.writeFileSync(path.join(folder, `${name}.xyz`), phasecell.formatExtxyz(frames));
}
fs.writeFileSync(path.join(folder, "rest.xyz"), phasecell.formatExtxyz(rest));
