// Starts PhaseCell's Jupyter kernel; Jupyter calls it as kernel.json says, in the folder of the notebook.
import fs from "node:fs";
import path from "node:path";
import { startKernel } from "../dist/notebook/jupyter/kernel.node.js";

const at = process.argv.indexOf("--config-path");
if (at < 0) {
  process.stderr.write("phasecell: kernel; expected --config-path FILE, as Jupyter starts kernels\n");
  process.exit(2);
}
const { version } = JSON.parse(fs.readFileSync(new URL("../package.json", import.meta.url), "utf8"));

/** Stages of a project share one cache, wherever in it the notebook lies: beside the nearest package.json or .git. */
function projectFolder(folder) {
  for (let place = folder; ; place = path.dirname(place)) {
    if ([".cache/stages", "package.json", ".git"].some((name) => fs.existsSync(path.join(place, name)))) return place;
    if (place === path.dirname(place)) return folder;
  }
}

/** Inputs as `phasecell run --set` gives them, one a line: for runs of a notebook without a reader. */
const settings = (process.env.PHASECELL_SET ?? "").split("\n").flatMap((line) => {
  const at = line.indexOf("=");
  return at < 1 ? [] : [[line.slice(0, at).trim(), line.slice(at + 1).trim()]];
});

startKernel({
  connectionFile: process.argv[at + 1],
  folder: process.cwd(),
  cacheFolder: process.env.PHASECELL_CACHE ?? path.join(projectFolder(process.cwd()), ".cache", "stages"),
  settings,
  version,
  library: new URL("../dist/index.js", import.meta.url).href,
}).catch((error) => {
  process.stderr.write(`phasecell: ${error.message}\n`);
  process.exit(1);
});
