// Takes the fitted potential and its phase boundary out of the results of notebooks/01-silicon.html.
import fs from "node:fs";
import path from "node:path";

const [results = "results/01-silicon/results.json"] = process.argv.slice(2);
const here = import.meta.dirname;
const { notebook, inputs, seed, engine, versions, values, stages } = JSON.parse(fs.readFileSync(results, "utf8"));
const source = { notebook, inputs, seed, engine, versions };
const { potential, boundary } = values;
const { training, ...spec } = potential;
const write = (file, data) => fs.writeFileSync(path.join(here, file), `${JSON.stringify(data, null, 1)}\n`);
write("potential.json", spec);
write("boundary.json", {
  source: { ...source, stage: stages.boundary.key },
  phases: boundary.phases,
  staticPressure: boundary.staticPressure,
  crossings: boundary.crossings,
  line: boundary.line,
});
