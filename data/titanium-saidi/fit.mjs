// Fits titanium to ../shared/data/saidi_Ti and ../titanium-liquid: node data/titanium-saidi/fit.mjs [FOLDER]. Writes
// potential.json and errors.json beside this file or in FOLDER.
import fs from "node:fs";
import path from "node:path";
import { comparePredictions, createPotential, fitPotential, predictStructures } from "../../dist/index.js";
import { readDataset } from "./frames.mjs";

const here = import.meta.dirname;
const [folder = here] = process.argv.slice(2);
const recipe = JSON.parse(fs.readFileSync(path.join(here, "recipe.json"), "utf8"));
const { all, copies, train, test, unseen } = await readDataset(
  path.join(here, "../../../shared/data/saidi_Ti/all.xyz.gz"),
);
process.stderr.write(`${all.length} frames, ${copies} copies, ${train.length} to train, ${test.length} to test\n`);

const fitTo = (frames, name) =>
  fitPotential(recipe, frames, {
    onProgress: ({ task, done, total }) => {
      if (done === total) process.stderr.write(`${name}: ${task}\n`);
    },
  });
// What trajectories that no fit has seen say of the recipe; then the potential itself, from all frames.
const { potential: blind } = await fitTo(train, "without test");
const testErrors = comparePredictions(test, await predictStructures(createPotential(blind), test));
const { potential, errors, validation, settings } = await fitTo([...train, ...test], "all");
const unseenErrors = comparePredictions(unseen, await predictStructures(createPotential(potential), unseen));
const write = (file, data) => fs.writeFileSync(path.join(folder, file), `${JSON.stringify(data, null, 1)}\n`);
const { training, ...spec } = potential;
write("potential.json", spec);
write("errors.json", {
  units: { energy: "eV/atom", forces: "eV/A", stress: "GPa" },
  frames: { read: all.length, copies, train: train.length, test: test.length },
  data: training.data,
  settings,
  solution: training.solution,
  training: errors,
  validation,
  test: testErrors,
  unseen: unseenErrors,
});
