// Makes rest.xyz and liquid.xyz, small cells for density functional theory: node data/titanium-liquid/sample.mjs [POTENTIAL.json].
// Crystals at rest, and a melt of nine atoms per density as the potential of ../titanium-saidi moved them when it knew no
// liquid (commit c25b3a0). Chaotic motion ends differently with another potential, so the structures are data; this shows
// how they were made.
import fs from "node:fs";
import path from "node:path";
import * as phasecell from "../../dist/index.js";
import { randomStream } from "../../dist/random.js";
import { shortestDistance } from "../../dist/sampling/rattle.js";

const { bcc, hcp, omega, toStructure } = phasecell;
const here = import.meta.dirname;
const [file = path.join(here, "../titanium-saidi/potential.json")] = process.argv.slice(2);
const potential = phasecell.createPotential(JSON.parse(fs.readFileSync(file, "utf8")));
const round = (values) => values.map((x) => Math.round(x * 1e6) / 1e6);

/** Places at random in a skewed cell, none closer than 2.1 A. */
function scattered(count, volume, skew, seed) {
  const edge = (volume * count) ** (1 / 3);
  const cell = round([edge, 0, 0, skew * edge, edge, 0, 0, -skew * edge, edge]);
  const random = randomStream(seed, "structureSearch");
  let placed = [];
  while (placed.length < 3 * count) {
    const place = [random.uniform(), random.uniform(), random.uniform()];
    const tried = [...placed, ...[0, 1, 2].map((k) => place.reduce((sum, x, i) => sum + x * cell[3 * i + k], 0))];
    const structure = toStructure({ cell, numbers: Array(tried.length / 3).fill(22), positions: tried });
    if (tried.length === 3 || shortestDistance(structure) > 2.1) placed = tried;
  }
  return toStructure({ cell, numbers: Array(count).fill(22), positions: placed });
}

/** Volumes per atom [A^3]: 17.3 is a crystal at zero pressure, 15 one near 17 GPa, 18.8 the melt at zero pressure. */
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
const crystals = {
  hcp: hcp("Ti", 2.94, 4.65),
  omega: omega("Ti", 4.57, 2.83),
  bcc: bcc("Ti", 3.25, { primitive: true }),
};
const rest = [17.3, 16, 18.4, 14.9].flatMap((volume) =>
  Object.entries(crystals).map(([name, crystal]) => ({
    structure: { ...scaled(crystal, volume), info: { source: `rest-${name}` } },
    group: `rest_${name}`,
  })),
);

const melt = (volume, temperature, skew, seed) => ({
  group: "liquid",
  start: scattered(9, volume, skew, seed),
  temperature,
  seed,
  source: `liquid-${seed}`,
});
// The third one was moved by the fitted potential and never fitted: it goes into unseen.xyz.
const trajectories = [melt(18.8, 2000, 0.1, 1), melt(16.8, 2300, -0.12, 2), melt(18.4, 1900, -0.1, 11)];
const liquid = [];
for (const { group, start, temperature, seed, source } of trajectories) {
  const [structure] = await phasecell.dynamicsSnapshots({
    structure: start,
    potential,
    ensemble: { kind: "nvt", temperature },
    timestep: 1,
    equilibration: 3000,
    spacing: 1000,
    count: 1,
    seed,
    source,
  });
  liquid.push({ group, structure: { ...structure, positions: round(structure.positions) } });
  console.log(source, shortestDistance(structure).toFixed(2));
}
const files = { rest, liquid: liquid.slice(0, 2), unseen: liquid.slice(2) };
for (const [name, frames] of Object.entries(files))
  fs.writeFileSync(path.join(here, `${name}.xyz`), phasecell.formatExtxyz(frames));
