// A student of Ti.meam.sw.spline: samples crystals and the melt by the teacher's own dynamics, labels them with the
// teacher, fits. node data/titanium-student/fit.mjs TEACHER [FOLDER] writes potential.json and errors.json.
import fs from "node:fs";
import path from "node:path";
import {
  analyticLabeler,
  bcc,
  comparePredictions,
  createPotential,
  dynamicsSnapshots,
  fitPotential,
  hcp,
  labelStructures,
  omega,
  parsePotentialExpression,
  predictStructures,
  randomStrain,
  rattle,
  runDynamics,
  strainGrid,
  supercell,
  toLabeled,
} from "../../dist/index.js";

const here = import.meta.dirname;
const [file, folder = here] = process.argv.slice(2);
const read = (name) => fs.readFileSync(name, "utf8");
const teacher = createPotential(parsePotentialExpression(file, read));
const repeat = (structure, [a, b, c]) => supercell(structure, [a, 0, 0, 0, b, 0, 0, 0, c]);
const crystals = [
  {
    name: "hcp",
    structure: hcp("Ti", 2.93, 4.68),
    repeats: [3, 3, 2],
    cell: "tetragonal",
    temperatures: [300, 900, 1500],
  },
  {
    name: "omega",
    structure: omega("Ti", 4.58, 2.83),
    repeats: [2, 2, 3],
    cell: "tetragonal",
    temperatures: [300, 700],
  },
  { name: "bcc", structure: bcc("Ti", 3.27), repeats: [3, 3, 3], cell: "isotropic", temperatures: [900, 1400, 1900] },
];
const PRESSURES = [0, 7.5, 15];
const found = { train: [], test: [] };
const keep = (structures, group, source, split = "train") =>
  found[split].push(...structures.map((structure) => ({ structure, group, source })));

let seed = 0;
const snapshots = (structure, temperature, pressure, { cell, count, source, initialTemperature = 2 * temperature }) =>
  dynamicsSnapshots({
    structure,
    potential: teacher,
    ensemble: { kind: "npt", temperature, pressure, cell },
    initialTemperature,
    timestep: 2,
    equilibration: 1500,
    spacing: 400,
    count,
    seed: ++seed,
    source,
  });

for (const { name, structure, repeats, cell, temperatures } of crystals) {
  const large = repeat(structure, repeats);
  for (const pressure of PRESSURES)
    for (const temperature of temperatures) {
      const source = `${name} ${temperature} K ${pressure} GPa`;
      keep(await snapshots(large, temperature, pressure, { cell, count: 6, source }), name, source);
    }
  const between = name === "bcc" ? 1200 : 600;
  const source = `${name} ${between} K 4 GPa`;
  keep(await snapshots(large, between, 4, { cell, count: 6, source }), name, source, "test");
  for (const scale of [0.95, 0.97, 0.985, 1, 1.015]) {
    const scaled = {
      ...structure,
      cell: structure.cell.map((x) => scale * x),
      positions: structure.positions.map((x) => scale * x),
    };
    keep([scaled, ...strainGrid(scaled, [-0.02, 0.02])], `${name} strained`, `${name} strained ${scale}`);
    for (let index = 0; index < 2; index++) {
      const strained = randomStrain(large, 0.05, 1, index);
      keep(
        [
          rattle(
            {
              ...strained,
              cell: strained.cell.map((x) => scale * x),
              positions: strained.positions.map((x) => scale * x),
            },
            { amplitude: 0.12, seed: 7, index },
          ),
        ],
        `${name} strained`,
        `${name} rattled ${scale} ${index}`,
      );
    }
  }
}
const melt = repeat(bcc("Ti", 3.35), [3, 3, 3]);
for (const pressure of [...PRESSURES, 4]) {
  const hot = await runDynamics({
    structure: melt,
    potential: teacher,
    ensemble: { kind: "npt", temperature: 4000, pressure },
    initialTemperature: 8000,
    timestep: 1,
    steps: 3000,
    seed: ++seed,
  });
  for (const temperature of pressure === 4 ? [2100] : [1700, 2200, 3000]) {
    const source = `liquid ${temperature} K ${pressure} GPa`;
    const options = { cell: "isotropic", count: 8, source, initialTemperature: temperature };
    keep(
      await snapshots(hot.state.structure, temperature, pressure, options),
      "liquid",
      source,
      pressure === 4 ? "test" : "train",
    );
  }
}

async function label(sampled) {
  const outcomes = await labelStructures(
    sampled.map(({ structure }) => structure),
    analyticLabeler(teacher, "wasm"),
  );
  return sampled.map(({ structure, group, source }, i) => toLabeled(structure, outcomes[i], group, source));
}
const train = await label(found.train);
const test = await label(found.test);
process.stderr.write(`${train.length} structures to train, ${test.length} to test\n`);
const recipe = JSON.parse(read(path.join(here, "recipe.json")));
const { potential, errors, validation, settings } = await fitPotential(recipe, train);
const testErrors = comparePredictions(test, await predictStructures(createPotential(potential), test));
const write = (name, data) => fs.writeFileSync(path.join(folder, name), `${JSON.stringify(data, null, 1)}\n`);
const { training, ...spec } = potential;
write("potential.json", spec);
write("errors.json", {
  units: { energy: "eV/atom", forces: "eV/A", stress: "GPa" },
  data: training.data,
  settings,
  training: errors,
  validation,
  test: testErrors,
});
